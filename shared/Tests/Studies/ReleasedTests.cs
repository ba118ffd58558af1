using Replication.Bert;
using Replication.Bert.SubNetworks;
using Replication.Glue;
using Replication.Runs;
using Replication.Studies;
using Replication.Training;
using static TorchSharp.torch;

namespace Replication.Tests.Studies;

/// <summary>Models that authors published, measured.</summary>
[Category("Slow")]
public sealed class ReleasedTests
{
    private TinyPipeline _tiny = null!;

    [SetUp]
    public void Prepare() => _tiny = new TinyPipeline(layers: 6, heads: 4);

    [TearDown]
    public void CleanUp() => _tiny.Dispose();

    [Test]
    public void Execute_ModelOfATask_IsScoredAndItsPredictionsAreKept()
    {
        var workspace = _tiny.Workspace("runs");
        var folder = Published("model", outputs: 2, favoured: 1);
        var run = TinyPipeline.Execute(workspace, Of("distilbert-sst-2", folder));
        using var model = GlueTasks.Sst2.OpenClassifier(folder);
        var rows = Encoder.Encode(workspace.Glue.Load(GlueTasks.Sst2, GlueSplit.Dev), ModelFolder.OpenTokenizer(folder), 128);
        Assert.That(run.Result.Scores["dev"], Is.EqualTo(Evaluator.Evaluate(model, rows, CPU).Scores));
        Assert.That(File.Exists(Path.Combine(run.Path, "predictions-dev.tsv")));
        Assert.That(run.Manifest.Inputs.Select(input => input.Name), Is.EquivalentTo((string[])["SST-2/Dev", "distilbert-sst-2"]));
    }

    [Test]
    public void Execute_MnliWithoutNamedClasses_TakesTheAuthorsOrder()
    {
        var data = Directory.CreateDirectory(_tiny.PathOf(Path.Combine("data", "glue", "MNLI"))).FullName;
        foreach (var (name, label) in new[] { ("dev_matched", "entailment"), ("dev_mismatched", "neutral") })
            File.WriteAllText(Path.Combine(data, name + ".tsv"), $"sentence1\tsentence2\tgold_label\naa ba\tca da\t{label}\n");
        // The second of the authors' classes, contradiction, entailment, neutral.
        var run = TinyPipeline.Execute(_tiny.Workspace("runs"), Of("tinybert4-mnli", Published("model", outputs: 3, favoured: 1)));
        Assert.That((run.Result.Score("dev", "accuracy"), run.Result.Score("dev-mm", "accuracy")), Is.EqualTo(((double?)1, (double?)0)));
    }

    [Test]
    public void Execute_NetworkWithSubNetworks_ScoresAllTwelve()
    {
        var run = TinyPipeline.Execute(_tiny.Workspace("runs"), Of("dynabert-sst-2", Published("model", outputs: 2, favoured: 0)));
        Assert.That(run.Result.Scores, Has.Count.EqualTo(12).And.ContainKey(SubNetwork.ScoreName("dev", 0.25, 0.5)));
    }

    [Test]
    public void Inputs_ModelInAnArchive_SaysWhereItIs() => Assert.That(
        () => Of("tinybert4-mrpc", null).Inputs(_tiny.Workspace("runs")),
        Throws.TypeOf<ReplicationException>().With.Message.Contains("https://").And.Message.Contains("--released tinybert4-mrpc=FOLDER"));

    [Test]
    public void Inputs_ModelOnTheHub_SaysHowToGetIt() => Assert.That(
        () => Of("dynabert-sst-2", null).Inputs(_tiny.Workspace("runs")),
        Throws.TypeOf<ReplicationException>().With.Message.Contains("data fetch dynabert-sst-2"));

    [Test]
    public void SpecKey_AnotherFolder_IsTheSame() =>
        Assert.That(Of("dynabert-sst-2", "a").SpecKey(), Is.EqualTo(Of("dynabert-sst-2", "b").SpecKey()));

    [Test]
    public void All_Names_AreUniqueAndTasksKnown()
    {
        Assert.That(ReleasedCheckpoint.All.Select(each => each.Name), Is.Unique);
        Assert.That(
            ReleasedCheckpoint.All.Select(each => each.Task).Where(task => task != TaskDownload.Squad1).Select(GlueTasks.Find),
            Has.None.Null);
    }

    [TestCase("tinybert4-mrp=x", "Did you mean 'tinybert4-mrpc'?")]
    [TestCase("tinybert4-mrpc", "NAME=FOLDER")]
    [TestCase("tinybert4-mrpc=", "NAME=FOLDER")]
    public void Folders_OfAnotherForm_AreRefused(string word, string words) =>
        Assert.That(() => ReleasedCheckpoint.Folders([word]), Throws.TypeOf<ReplicationException>().With.Message.Contains(words));

    [Test]
    public void Folders_NamesInAnyCase_AreThoseOfTheTable() =>
        Assert.That(
            ReleasedCheckpoint.Folders(["TinyBERT4-MRPC=a=b"]), Is.EqualTo(new Dictionary<string, string> { ["tinybert4-mrpc"] = "a=b" }));

    private static ReleasedSpec Of(string name, string? folder) =>
        new() { Checkpoint = ReleasedCheckpoint.All.Single(each => each.Name == name), Folder = folder };

    // A classifier that always answers one of its outputs, without names for them.
    private string Published(string name, int outputs, int favoured)
    {
        var folder = _tiny.PathOf(name);
        using var model = new BertForSequenceClassification(ModelFolder.ReadConfig(_tiny.Base), outputs, 1);
        using (no_grad())
            model.named_parameters().Single(p => p.name == "classifier.bias").parameter[favoured] = tensor(100f);
        ModelFolder.Save(model, folder, [.. Enumerable.Range(0, outputs).Select(i => $"LABEL_{i}")], _tiny.Base);
        return folder;
    }
}
