using System.Text.Json.Serialization;
using Replication.Bert;
using Replication.Claims;
using Replication.Corpus;
using Replication.Runs;
using Replication.Studies;
using Replication.Training;

namespace Replication.Tools.Killing;

/// <summary>A paper of two real runs on a tiny model: a teacher, and a student that reads its outputs and a token store.</summary>
internal sealed class KillPaper(string model, string text) : IPaper
{
    /// <summary>Its verb.</summary>
    public const string Verb = "killpaper";

    private static readonly TrainingRecipe Recipe =
        new() { Epochs = 4, BatchSize = 4, MaxLength = 16, LearningRate = 1e-3, KeepsBest = true, Precision = Precision.Fp32 };

    public string Name => Verb;

    public string Title => "What a kill leaves";

    public IReadOnlyList<RunSpec> Experiments(ExperimentRequest request) => [Student];

    public PaperReport Report(ExperimentRequest request, Func<RunSpec, FinishedRun?> find)
    {
        var claim = new Claim {
            Id = "kill.1", Paper = Name, Table = "Table 1", Kind = ClaimKind.Size, Statement = "The student's score.", Published = 1,
            Unit = "points" };
        var run = find(Student);
        return new PaperReport
        {
            Title = Title, Citation = "Nobody", Profile = request.ProfileName(), Summary = ["Nothing was learned."], Header = [],
            Figures = [], Deviations = [],
            Tables = [new ReportTable(
                "table-1", "Table 1", "Scores.", ["model", "score"],
                [[new Cell("student"), new Cell(run is null ? "" : $"{run.Result.Scores["dev"]["accuracy"]}")]])],
            Claims = [run is null
                ? new ClaimOutcome(claim, null, Verdict.NotRun, "The run is missing.")
                : new ClaimOutcome(claim, new Measurement(run.Result.Fact("outputs"), null, [1], "kill"), Verdict.Above, "It is larger.")],
        };
    }

    private KillStudentSpec Student => new() { Teacher = new FineTuneSpec {
        Selection = new TaskSelection { Task = "SST-2" }, BaseModel = model, Recipe = Recipe, Seed = 1 }, Text = text };
}

/// <summary>The student.</summary>
internal sealed record KillStudentSpec : RunSpec
{
    public override string Kind => "kill-student";

    public required FineTuneSpec Teacher { get; init; }

    [JsonIgnore]
    public string Text { get; init; } = "";

    public override RunIdentity Identity() => new("student", Teacher.Selection.Task, 1);

    public override IReadOnlyList<RunSpec> Needs() => [Teacher];

    public override IReadOnlyList<RunInput> Inputs(Workspace workspace) => Teacher.Inputs(workspace);

    public override RunWork EstimateWork(Workspace workspace) => Teacher.EstimateWork(workspace);

    public override RunResult Execute(RunContext context, CancellationToken cancellation)
    {
        var data = TaskData.Load(context.Workspace, Teacher.Selection, Teacher.BaseModel, Teacher.Recipe.MaxLength);
        using var outputs = TeacherOutputs.OfTraining(context, context.Need(Teacher).ModelFolder, data, [1], cancellation);
        using var store = new CorpusSource { Name = "user", Path = Text }.Open(context.Workspace, Teacher.BaseModel, null, cancellation);
        using var stream = new SequenceStream(store, 12, 2, seed: 1);
        using var student = ModelFolder.OpenClassifier(context.Need(Teacher).ModelFolder, data.Task.Outputs);
        var result = TaskTraining.Train(
            context, student, data, Teacher.Recipe, 2, Teacher.BaseModel, new FineTuneObjective(student), cancellation);
        using var logits = outputs.Logits([.. Enumerable.Range(0, data.Train.Examples.Count)]);
        return result with
        {
            Facts = new SortedDictionary<string, double>(result.Facts.ToDictionary(), StringComparer.Ordinal)
            {
                ["outputs"] = logits.sum().item<float>(), ["tokens"] = store.Tokens, ["sequences"] = stream.Sequences,
            },
        };
    }
}
