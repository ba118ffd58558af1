using Replication.Claims;
using Replication.DistilBERT.Claims;
using Replication.DistilBERT.Report;
using Replication.Glue;
using Replication.Runs;
using Replication.Studies;
using ScoreTable = Replication.DistilBERT.Report.ScoreTable;

namespace Replication.DistilBERT;

/// <summary>DistilBERT, a distilled version of BERT: smaller, faster, cheaper and lighter.</summary>
public sealed class DistilBertPaper : IPaper
{
    /// <inheritdoc/>
    public string Name => "distilbert";

    /// <inheritdoc/>
    public string Title => "DistilBERT, a distilled version of BERT: smaller, faster, cheaper and lighter";

    /// <inheritdoc/>
    public IReadOnlyList<Fidelity> Fidelities => [Fidelity.Default, Fidelity.Paper, Fidelity.Official];

    /// <inheritdoc/>
    public IReadOnlyList<RunSpec> Experiments(ExperimentRequest request) => DistilBERT.Experiments.Of(request).All();

    /// <inheritdoc/>
    public IReadOnlyList<RunSpec> Exercise(string model) => DistilBERT.Experiments.Exercise(model);

    /// <inheritdoc/>
    public PaperReport Report(ExperimentRequest request, Func<RunSpec, FinishedRun?> find)
    {
        var results = new Results(request, find);
        var cells = PublishedCells.OfAssembly(typeof(DistilBertPaper).Assembly);
        IReadOnlyList<ClaimOutcome> claims =
            [.. SizeClaims.Judge(cells), .. SpeedClaims.Judge(results, cells), .. OrderClaims.Judge(results, cells), .. ScoreClaims.Judge(results, cells)];
        return new PaperReport
        {
            Title = Title,
            Citation = "Sanh, Debut, Chaumond and Wolf, NeurIPS EMC2 workshop 2019",
            Profile = results.Profile,
            Summary = Summary(results, claims),
            Header = ReportHeader.Of(results.Profile, results.Set.All(), find),
            Tables =
            [
                ScoreTable.Make(results, cells), DownstreamTable.Make(results, cells), SpeedTable.Make(results, cells),
                AblationTable.Make(results, cells), PretrainingTable.Make(results), MemoryTable.Make(results),
            ],
            Figures = Figures.Make(results, cells),
            Claims = claims,
            Deviations = Deviations.Of(results),
        };
    }

    /// <summary>The student of all three losses, fine-tuned.</summary>
    public IReadOnlyList<TrainedStudent> Students(ExperimentRequest request, Func<RunSpec, FinishedRun?> find)
    {
        var set = DistilBERT.Experiments.Of(request);
        return
        [
            .. set.Settings.Tasks.SelectMany(task => TrainedStudent.Of(
                "DistilBERT", GlueTasks.Parse(task).Name, set.Settings.Teacher, teacher => teacher.ToDistil(teacher.NumHiddenLayers / 2), set.Students(Variant.Triple, task), find)),
        ];
    }

    private static IReadOnlyList<string> Summary(Results results, IReadOnlyList<ClaimOutcome> claims)
    {
        var settings = results.Settings;
        var counts = string.Join(", ", VerdictWords.Counts(claims).Select(count => $"{count.Count} {VerdictWords.Of(count.Verdict)}"));
        return
        [
            $"DistilBERT pretrains a student of half its teacher's depth with three losses, and fine-tunes it like any BERT; here from {settings.Teacher}, on the text {settings.Corpus.Name}, fine-tuned on {string.Join(", ", settings.Tasks)}.",
            results.IsPapersOwn
                ? "Scores are of the dev set, as in the paper; the text is the user's."
                : "Scores cannot be compared with the paper's, whose teacher is larger and whose text is some thousand times as long; sizes, the speed-up and what each part is worth can.",
            $"Of {claims.Count} claims: {counts}.",
        ];
    }
}
