using Replication.Augmentation;
using Replication.Bert;
using Replication.Bert.SubNetworks;
using Replication.Glue;
using Replication.Runs;
using Replication.Training;

namespace Replication.DynaBERT.Tests;

/// <summary>The three stages on a tiny teacher and a tiny task, and what a stop does to them.</summary>
public sealed class PipelineTests
{
    private const int Words = 40, TrainRows = 40, DevRows = 16;

    private string _root = "";

    [SetUp]
    public void Prepare()
    {
        TorchSharp.torch.set_num_threads(1);
        _root = Directory.CreateTempSubdirectory("dynabert-").FullName;
        var config = new BertConfig { VocabSize = Words + 5, HiddenSize = 16, NumHiddenLayers = 4, NumAttentionHeads = 4, IntermediateSize = 32, MaxPositionEmbeddings = 40, InitializerRange = 0.2 };
        var vocabulary = Path.Combine(_root, "vocab.txt");
        File.WriteAllText(vocabulary, string.Join('\n', (string[])["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", .. Enumerable.Range(0, Words).Select(Word)]) + "\n");
        using (var teacher = new BertForMaskedLM(config, 1))
            ModelFolder.Save(teacher, Base, vocabulary);
        var random = new RandomStream(1, "tiny text");
        string Sentence() => string.Join(' ', Enumerable.Range(0, 4 + random.NextInt32(6)).Select(_ => Word(random.NextInt32(Words))));
        var data = Path.Combine(_root, "data", "glue", "SST-2");
        Directory.CreateDirectory(data);
        foreach (var (name, rows) in new[] { ("train", TrainRows), ("dev", DevRows) })
            File.WriteAllText(Path.Combine(data, name + ".tsv"), "sentence\tlabel\n" + string.Concat(Enumerable.Range(0, rows).Select(i => $"{Sentence()}\t{i % 2}\n")));
    }

    [TearDown]
    public void CleanUp() => Directory.Delete(_root, recursive: true);

    [Test]
    public void Stages_OneAfterTheOther_EndInTwelveScores()
    {
        var workspace = Workspace("runs");
        var final = Execute(workspace, Final());
        var (width, depth) = (Execute(workspace, Width()), Execute(workspace, Depth()));
        Assert.Multiple(() =>
        {
            Assert.That(width.Result.Scores.Keys, Has.Count.EqualTo(4));
            Assert.That(depth.Result.Scores.Keys, Has.Count.EqualTo(12));
            Assert.That(final.Result.Scores.Keys, Is.EquivalentTo(depth.Result.Scores.Keys));
            Assert.That(final.Result.Scores.Values.Select(metrics => metrics["accuracy"]), Has.All.InRange(0, 1));
            Assert.That(new[] { width, depth, final }.Select(run => run.Result.Facts["training rows"]), Is.EqualTo(new double[] { 2 * TrainRows, 2 * TrainRows, TrainRows }));
            Assert.That(final.Result.Facts[MeasuredRows.Count], Is.EqualTo(DevRows));
        });
    }

    [Test]
    public void Scores_EachSubNetwork_AreThoseOfTheSavedModel()
    {
        var workspace = Workspace("runs");
        var run = Execute(workspace, Width());
        var data = TaskData.Load(workspace, Selection, Base, Recipe.MaxLength);
        using var model = ModelFolder.OpenClassifier(run.ModelFolder, 2);
        foreach (var part in Width().Parts(model.Config))
        {
            model.SubNetwork = part;
            var expected = Evaluator.Evaluate(model, data.Evaluations[0].Data, workspace.Device).Scores["accuracy"];
            Assert.That(run.Result.Scores[DynaBertSpec.ScoreName("dev", part.Width, part.Depth)]["accuracy"], Is.EqualTo(expected), part.Name);
        }
    }

    [Test]
    public void Samples_OfStageOne_FallAfterTheRewiringAndKeepTheirSum()
    {
        var samples = Execute(Workspace("runs"), Width()).Result.Samples;
        var (before, after) = (samples[DevImportance.NeuronsName(1, rewired: false)], samples[DevImportance.NeuronsName(1, rewired: true)]);
        Assert.That(after, Is.Ordered.Descending);
        Assert.That(before, Is.Not.Ordered.Descending);
        Assert.That(after.Sum(), Is.EqualTo(before.Sum()).Within(1e-6 * before.Sum()));
        Assert.That(samples[DevImportance.HeadsName(4)], Has.Count.EqualTo(4));
    }

    [Test]
    public void Importance_OfOneTeacher_IsMeasuredOnce()
    {
        var workspace = Workspace("runs");
        var first = Execute(workspace, Width());
        var again = Execute(Workspace("others"), Width() with { Seed = 2 });
        var shared = Execute(workspace, Width() with { Seed = 2 });
        Assert.That(shared.Result.Samples, Is.EqualTo(first.Result.Samples));
        Assert.That(shared.Manifest.Files["model/model.safetensors"], Is.EqualTo(again.Manifest.Files["model/model.safetensors"]));
    }

    [Test]
    public void WidthStage_Stopped_EndsWithTheSameBytes()
    {
        var straight = Execute(Workspace("straight"), Width());
        var stopped = Workspace("stopped");
        foreach (var need in Width().Needs())
            Execute(stopped, need);
        using var stop = new CancellationTokenSource();
        Assert.That(() => Execute(stopped, Width(), new StopAt(4, stop), stop.Token), Throws.InstanceOf<OperationCanceledException>());
        var resumed = Execute(stopped, Width());
        Assert.That(resumed.Manifest.Resumes, Is.EqualTo(1));
        Assert.That(resumed.Manifest.Files, Is.EquivalentTo(straight.Manifest.Files));
    }

    private static string Word(int i) => $"{(char)('a' + (i % 26))}{(char)('a' + (i / 26))}";

    private string Base => Path.Combine(_root, "base");

    private static TrainingRecipe Recipe => new() { LearningRate = 2e-3, BatchSize = 8, Epochs = 1, MaxLength = 16 };

    private static TaskSelection Selection => new() { Task = "SST-2" };

    private FineTuneSpec Teacher() => new() { Selection = Selection, BaseModel = Base, Recipe = Recipe, Seed = 1 };

    private DynaBertSpec Width() => new()
    {
        Stage = "DynaBERT_W, widths",
        Selection = Selection,
        BaseModel = Base,
        Start = Teacher(),
        Teacher = Teacher(),
        Loss = DistillationLoss.Width,
        TeacherWidth = TeacherWidth.Full,
        Rewiring = ImportanceGradients.ZeroedEachBatch,
        Widths = ProfileSettings.PapersWidths,
        Depths = [1],
        Augmentation = new AugmentationSpec { Selection = Selection, Model = Base, Settings = new AugmentationSettings { RowsPerRow = 1, Candidates = 5 }, MaxLength = 16, Seed = 1 },
        Recipe = Recipe,
        Seed = 1,
    };

    private DynaBertSpec Depth() => Width() with
    {
        Stage = "DynaBERT, widths and depths", Start = Width(), Teacher = Width(), Loss = DistillationLoss.WidthAndDepth,
        TeacherWidth = TeacherWidth.SameAsStudent, Rewiring = null, Depths = ProfileSettings.PapersDepths,
    };

    private DynaBertSpec Final() => Depth() with { Stage = "DynaBERT, finally fine-tuned", Start = Depth(), Teacher = null, Loss = null, Augmentation = null };

    private Workspace Workspace(string name)
    {
        var folders = DataFolders.Of(_root, Path.Combine(_root, "data"));
        return new Workspace
        {
            Root = Path.Combine(_root, name), Glue = new GlueSource(folders), Models = new ModelCatalog(folders), Environment = new RunEnvironment("cpu", 1, "test", "test"),
        };
    }

    private static FinishedRun Execute(Workspace workspace, RunSpec spec, IRunProgress? progress = null, CancellationToken cancellation = default) =>
        new RunExecutor(workspace, new RunStore(workspace), progress ?? new QuietProgress()).Run(spec, cancellation);

    private sealed class StopAt(long step, CancellationTokenSource stop) : IRunProgress
    {
        private bool _counts;

        public void Begin(string label, long total, long done, string unit) => _counts = unit == "steps";

        public void Advance(long done, double? loss = null, double? tokensPerSecond = null)
        {
            if (_counts && done >= step)
                stop.Cancel();
        }

        public void Note(string text)
        {
        }

        public void End()
        {
        }
    }
}
