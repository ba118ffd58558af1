using Replication.Claims;
using Replication.Runs;
using Replication.Studies;
using Replication.TinyBERT.Claims;
using Replication.TinyBERT.Report;

namespace Replication.TinyBERT;

/// <summary>TinyBERT: Distilling BERT for Natural Language Understanding.</summary>
public sealed class TinyBertPaper : IPaper
{
    /// <inheritdoc/>
    public string Name => "tinybert";

    /// <inheritdoc/>
    public string Title => "TinyBERT: Distilling BERT for Natural Language Understanding";

    /// <inheritdoc/>
    public IReadOnlyList<Fidelity> Fidelities => [Fidelity.Default, Fidelity.Paper, Fidelity.Official, Fidelity.Readme];

    /// <inheritdoc/>
    public IReadOnlyList<RunSpec> Exercise(string model) => TinyBERT.Experiments.Exercise(model);

    /// <inheritdoc/>
    public IReadOnlyList<RunSpec> Experiments(ExperimentRequest request) => TinyBERT.Experiments.Of(request).All();

    /// <inheritdoc/>
    public PaperReport Report(ExperimentRequest request, Func<RunSpec, FinishedRun?> find)
    {
        var results = new Results(request, find);
        var cells = PublishedCells.OfAssembly(typeof(TinyBertPaper).Assembly);
        IReadOnlyList<ClaimOutcome> claims = [.. SizeAndSpeedClaims.Judge(results, cells), .. OrderClaims.Judge(results), .. ScoreClaims.Judge(results, cells)];
        return new PaperReport
        {
            Title = Title,
            Citation = "Jiao, Yin, Shang, Jiang, Chen, Li, Wang and Liu, Findings of EMNLP 2020",
            Profile = results.Profile,
            Summary = Summary(results, claims),
            Header = ReportHeader.Of(results.Profile, results.Set.All(), find),
            Tables = [SizeTable.Sizes(results, cells), SizeTable.Scores(results), .. AblationTables.Make(results, cells), StudentsTable.Make(results, cells), DeclaredTable.Make(cells), CostTable.Make(results)],
            Figures = Figures.Make(results),
            Claims = claims,
            Deviations = Deviations.Of(results),
        };
    }

    /// <summary>The student of the whole pipeline.</summary>
    public IReadOnlyList<TrainedStudent> Students(ExperimentRequest request, Func<RunSpec, FinishedRun?> find)
    {
        var set = TinyBERT.Experiments.Of(request);
        return
        [
            .. from task in set.Tasks
               from full in task.Main
               where full.Variant == Variant.Full
               from student in TrainedStudent.Of("TinyBERT", task.Task, set.Settings.Teacher, set.Settings.Student.Config, full.Runs, find)
               select student,
        ];
    }

    private static IReadOnlyList<string> Summary(Results results, IReadOnlyList<ClaimOutcome> claims)
    {
        var set = results.Set;
        var counts = string.Join(", ", VerdictWords.Counts(claims).Select(count => $"{count.Count} {VerdictWords.Of(count.Verdict)}"));
        return
        [
            $"TinyBERT draws a student's attention scores, hidden states and embeddings to its teacher's, first over plain text and then on a task's augmented rows; here a student of {set.Settings.Student} from {set.Settings.Teacher} ({set.TeacherLayers} layers) on {string.Join(", ", set.Tasks.Select(t => t.Task))}.",
            results.IsPapersOwn
                ? "Scores are of the dev set; the paper's Table 1 is of GLUE's test server."
                : "Scores cannot be compared with the paper's, whose teacher and text are larger; sizes, speed-ups and the order of the variants can.",
            $"Of {claims.Count} claims: {counts}.",
        ];
    }
}
