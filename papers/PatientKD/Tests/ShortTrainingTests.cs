using System.Text.Json;
using Replication.Bert;
using Replication.CommandLine;
using Replication.Glue;
using Replication.Runs;
using Replication.Training;
using static TorchSharp.torch;

namespace Replication.PatientKD.Tests;

/// <summary>Teacher and student trained for real, for seconds: a broken loss would miss these floors.</summary>
[Category("Slow")]
public sealed class ShortTrainingTests
{
    private static readonly TrainingRecipe Recipe = new() { LearningRate = 2e-4, Epochs = 1, MaxLength = 20 };

    private string _folder = "";
    private RunExecutor _executor = null!;
    private int _threads;

    [OneTimeSetUp]
    public void MakeWorkspace()
    {
        // One thread: the same bits everywhere, and no waiting for the other on a busy machine.
        _threads = get_num_threads();
        set_num_threads(1);
        _folder = Directory.CreateTempSubdirectory("patient-kd").FullName;
        var data = DataFolders.Of(RepositoryRoot.Find());
        var workspace = new Workspace
        {
            Root = _folder,
            Glue = new GlueSource(data),
            Models = new ModelCatalog(data),
            Environment = new RunEnvironment("cpu", 1, "test"), Processor = new Processor("a processor", []),
        };
        _executor = new RunExecutor(workspace, new RunStore(workspace), new QuietProgress(), new ExecutorOptions { Commit = _ => null });
    }

    [OneTimeTearDown]
    public void Restore()
    {
        set_num_threads(_threads);
        Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public void Execute_TeacherThenStudent_FollowsTheTeacherAndBeatsTheLargerClass()
    {
        var selection = new TaskSelection { Task = "SST-2", Rows = 1600 };
        var teacher = new FineTuneSpec { Selection = selection, BaseModel = "minilm-l6", Recipe = Recipe, Seed = 1 };
        var student = new PatientKdSpec
        {
            Selection = selection,
            BaseModel = "minilm-l6",
            StudentLayers = 5,
            Teacher = teacher,
            Loss = PatientKdLoss.Default with { Beta = 1000 },
            Map = PatientLayerMaps.Last(6, 5),
            Recipe = Recipe,
            Seed = 1,
        };
        var run = _executor.Run(student, default);
        var (patience, soft) = (Terms(run, "L_PT"), Terms(run, "L_DS"));
        TestContext.Out.WriteLine(
            $"dev accuracy {run.Result.Scores["dev"]["accuracy"]}; L_PT {string.Join(' ', patience)}; L_DS {string.Join(' ', soft)}");
        Assert.That(patience[^1], Is.LessThan(0.7 * patience[0]), "L_PT falls as the student comes to follow its teacher's layers");
        Assert.That(soft[^1], Is.LessThan(0.75 * soft[0]), "L_DS falls: it would not, were the rows of teacher and student mixed up");
        Assert.That(
            run.Result.Scores["dev"]["accuracy"], Is.GreaterThan(0.60),
            "SST-2's larger class has 50.9 % of dev, with a standard error of 1.7");
        Assert.That(run.Result.Facts["beta"], Is.EqualTo(1000));
    }

    private static IReadOnlyList<double> Terms(FinishedRun run, string term) =>
    [
        .. File.ReadLines(Path.Combine(run.Path, MetricsWriter.FileName))
            .Select(line => JsonDocument.Parse(line).RootElement)
            .Where(line => line.TryGetProperty("terms", out _))
            .Select(line => line.GetProperty("terms").GetProperty(term).GetDouble()),
    ];
}
