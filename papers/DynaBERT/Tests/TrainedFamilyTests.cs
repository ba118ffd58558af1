using Replication.Bert;
using Replication.Bert.SubNetworks;
using Replication.Runs;
using Replication.Studies;
using static TorchSharp.torch;

namespace Replication.DynaBERT.Tests;

/// <summary>Choosing and cutting out of a trained network, on a tiny one.</summary>
public sealed class TrainedFamilyTests
{
    private static readonly BertConfig Config = new()
    {
        VocabSize = 60, HiddenSize = 16, NumHiddenLayers = 4, NumAttentionHeads = 4, IntermediateSize = 32, MaxPositionEmbeddings = 128,
        InitializerRange = 0.2,
    };

    private string _folder = "";
    private BertForSequenceClassification _network = null!;

    [SetUp]
    public void SaveNetwork()
    {
        set_num_threads(1);
        _folder = Directory.CreateTempSubdirectory("dynabert").FullName;
        File.WriteAllText(Path.Combine(_folder, "words.txt"), "[PAD]\n");
        _network = new BertForSequenceClassification(Config, 2, seed: 5);
        _network.eval();
        ModelFolder.Save(_network, Path.Combine(_folder, "model"), ["negative", "positive"], Path.Combine(_folder, "words.txt"));
    }

    [TearDown]
    public void DeleteFolder()
    {
        _network.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [TestCase(0.5, 0.5, CutHeads.Removed)]
    [TestCase(0.25, 1, CutHeads.Removed)]
    [TestCase(0.75, 0.75, CutHeads.Zero)]
    public void Export_ASize_IsAFolderThatComputesWhatTheSubNetworkDoes(double width, double depth, CutHeads cut)
    {
        using var scope = NewDisposeScope();
        var target = Path.Combine(_folder, "exported");
        var said = new DynaBertPaper().Export(Network(), width, depth, cut, target);
        using var opened = ModelFolder.OpenClassifier(target, 2);
        opened.eval();
        _network.SubNetwork = SubNetwork.Of(Config, width, depth);
        var difference = opened.call(Tokens(), EncoderOutputs.None).Logits - _network.call(Tokens(), EncoderOutputs.None).Logits;
        Assert.That(difference.abs().max().item<float>(), Is.LessThan(1e-5));
        Assert.That(File.Exists(Path.Combine(target, "vocab.txt")), Is.True);
        Assert.That(said, Does.Contain(_network.SubNetwork.Name).And.Contains("parameters"));
        Assert.That(opened.Config.IntermediateSize, Is.EqualTo((int)(32 * width)));
    }

    [Test]
    public void Costs_OfTheNetwork_AreOfTwelveSizes()
    {
        var costs = new DynaBertPaper().Costs(Network());
        Assert.That(costs, Has.Count.EqualTo(12));
        Assert.That(costs[0].Parameters, Is.EqualTo(_network.parameters().Sum(p => p.numel())));
        Assert.That(costs.Select(cost => cost.Seconds), Has.None.Null);
        Assert.That(costs.MinBy(cost => cost.Flops), Is.SameAs(costs[^1]));
    }

    [TestCase(0.6, 1, "width multiplier 0.6 was not trained; choose 1, 0.75, 0.5, 0.25")]
    [TestCase(1, 0.25, "depth multiplier 0.25 was not trained; choose 1, 0.75, 0.5")]
    public void Export_MultiplierThatWasNotTrained_IsRefused(double width, double depth, string sentence) => Assert.That(
        () => new DynaBertPaper().Export(Network(), width, depth, CutHeads.Removed, Path.Combine(_folder, "never")),
        Throws.TypeOf<ReplicationException>().With.Message.Contains(sentence));

    [Test]
    public void Costs_TaskThatWasNotTrained_NamesThoseThatWere() => Assert.That(
        () => new DynaBertPaper().Costs(Network() with { Task = "RTE" }),
        Throws.TypeOf<ReplicationException>().With.Message.StartsWith("RTE was not trained: the profile quick has SST-2"));

    [Test]
    public void Costs_TaskThatTheProfileHasNot_IsFoundAlikeAloneOrBesideOthers()
    {
        IEnumerable<string> Keys(params string[] tasks)
        {
            var asked = new List<string>();
            new DynaBertPaper().Costs(Network() with
            {
                Request = new ExperimentRequest { Profile = Profile.Quick, Tasks = tasks },
                Task = "WNLI",
                Find = spec =>
                {
                    asked.Add(spec.SpecKey());
                    return Network().Find(spec);
                },
            });
            return asked;
        }
        Assert.That(Keys("WNLI"), Is.EqualTo(Keys("RTE", "WNLI", "SST-2")));
    }

    [Test]
    public void Costs_SeedThatWasNotTrained_IsRefused() => Assert.That(
        () => new DynaBertPaper().Costs(Network() with { Replicate = 7 }),
        Throws.TypeOf<ReplicationException>().With.Message.Contains("Replicate 7"));

    [TestCase(Fidelity.Default, new string[0], "./reproduce.ps1 dynabert --profile quick'")]
    [TestCase(Fidelity.Official, new string[0], "./reproduce.ps1 dynabert --profile quick --fidelity official'")]
    [TestCase(Fidelity.Default, new[] { "RTE", "SST-2" }, "./reproduce.ps1 dynabert --profile quick --tasks RTE,SST-2'")]
    public void Costs_RunThatIsNotFinished_SaysHowToRunIt(Fidelity fidelity, string[] tasks, string command) => Assert.That(
        () => new DynaBertPaper().Costs(
            Network() with { Request = new ExperimentRequest { Profile = Profile.Quick, Fidelity = fidelity, Tasks = tasks }, Find = _ =>
                null }),
        Throws.TypeOf<ReplicationException>().With.Message.Contains("is not finished").And.Message.Contains(command));

    [Test]
    public void Costs_RunOfAnotherEnvironment_SaysWhereItIs() => Assert.That(
        () => new DynaBertPaper().Costs(Network() with { Find = _ => null, Elsewhere = spec => $"{spec.Describe()} is elsewhere." }),
        Throws.TypeOf<ReplicationException>().With.Message.EqualTo("SST-2 DynaBERT, finally fine-tuned, seed 1 is elsewhere."));

    [Test]
    public void Costs_ModelThatWasChanged_IsRefused()
    {
        var network = Network();
        var damaged = network with
        {
            Find = spec => network.Find(spec) is { } run
                ? run with { Manifest = run.Manifest with { Files = new Dictionary<string, string> { ["model/config.json"] = "00ff" } } }
                : null,
        };
        Assert.That(
            () => new DynaBertPaper().Costs(damaged),
            Throws.TypeOf<ReplicationException>().With.Message.Contains("config.json was changed").And.Message.Contains(
                $"delete the folder {_folder}"));
    }

    [Test]
    public void Export_RunThatIsNotFinished_WritesNothing()
    {
        var target = Path.Combine(_folder, "never");
        Assert.That(
            () => new DynaBertPaper().Export(Network() with { Find = _ => null }, 0.5, 0.5, CutHeads.Removed, target),
            Throws.TypeOf<ReplicationException>().With.Message.Contains("is not finished"));
        Assert.That(Directory.Exists(target), Is.False);
    }

    private TrainedNetwork Network() => new(
        new ExperimentRequest { Profile = Profile.Quick }, "SST-2", 1,
        spec => MadeUpRuns.Find(spec) is { } run ? new FinishedRun(_folder, run.Manifest, run.Result) : null);

    private static TokenBatch Tokens() => new(
        tensor(new long[,] { { 2, 11, 25, 31, 3 } }), zeros([1, 5], ScalarType.Int64), ones([1, 5], ScalarType.Int64));
}
