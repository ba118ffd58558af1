using MathNet.Numerics.Statistics;
using Replication.Claims;
using Replication.DynaBERT.Report;
using Replication.Glue;
using Replication.Studies;

namespace Replication.DynaBERT.Claims;

/// <summary>What the paper says helps, and how little is lost, from differences of equal task and seed.</summary>
internal static class OrderClaims
{
    private const string Needs = "Needs the runs of this profile: ./reproduce.ps1 dynabert.";
    private const string NeedsAblations = "Needs the ablations: ./reproduce.ps1 dynabert --profile small.";

    private const string Retention =
        "Half of six layers of width 384, trained for some hundred steps on a few thousand rows, hold less than six of BERT-base's twelve.";

    /// <summary>Judges them.</summary>
    public static IReadOnlyList<ClaimOutcome> Judge(Results results, PublishedCells cells) =>
    [
        Beats(results, "rewiring", "Rewiring helps: DynaBERT_W beats the same network without it, on average over the widths.", TaskPlanner.NoRewiring),
        Beats(results, "distillation", "Distillation and augmentation help: DynaBERT_W beats the same network trained on the labels of the original rows.", TaskPlanner.NoDistillation),
        Beats(results, "vanilla", "Rewiring, distillation and augmentation together beat vanilla DynaBERT_W.", TaskPlanner.Vanilla),
        Judge(results, Claim("final-fine-tuning", "The final fine-tuning helps, on average over the twelve sub-networks.",
            "The paper itself finds tasks (MRPC) on which it does not help."), "final minus distilled, mean over 12",
            (task, column) => Pairs(Means(results, task.Seeds.Select(s => s.Final), column, AblationTable.All), Means(results, task.Seeds.Select(s => s.Depth), column, AblationTable.All), task.Task, (a, b) => a - b), Needs),
        Kept(results, cells, "half-width", 0.5, 1, "At half the width and full depth DynaBERT keeps at least the share of its teacher's score that Table 1 shows for the task."),
        Kept(results, cells, "smallest", 0.25, 0.5, "At a quarter of the width and half the depth DynaBERT keeps at least the share of its teacher's score that Table 1 shows for the task."),
        Alone(results),
    ];

    private static ClaimOutcome Beats(Results results, string id, string statement, string ablation) =>
        Judge(results, Claim(id, statement, null), $"DynaBERT_W minus {ablation}, mean over 4 widths", (task, column) => Pairs(
            Means(results, task.Seeds.Select(s => s.Width), column, AblationTable.Widths),
            Means(results, task.Ablations.Where(a => a.Name == ablation).SelectMany(a => a.Runs), column, AblationTable.Widths),
            task.Task, (a, b) => a - b), NeedsAblations);

    private static ClaimOutcome Kept(Results results, PublishedCells cells, string id, double width, double depth, string statement) =>
        Judge(results, Claim($"kept-{id}", statement, Retention, "Table 1", Confidence.Sourced2), "share kept minus the published share", (task, column) =>
        {
            if (results.Teacher(task, column) is not { Value: > 0 } teacher || !Columns.OfThePaper.Contains(column))
                return [];
            var published = GlueTable.PublishedRetention(cells, column, width, depth);
            var scores = results.Scores(task.Seeds.Select(s => s.Final), column, width, depth);
            return Pairs(scores, scores, task.Task, (a, _) => (100 * a / teacher.Value) - published);
        }, Needs);

    // One network against three: no worse at the sizes that were trained alone.
    private static ClaimOutcome Alone(Results results) =>
        Judge(results, Claim("alone", "A sub-network is better than a network of its size that was trained alone, on average over three sizes.",
            "A network alone takes every step for its own size; twelve that share their weights take it together.", "no published order at hand"), "DynaBERT minus alone, mean over 3 sizes", (task, column) =>
        {
            (double Width, double Depth)[] sizes = [.. task.Separate.Select(s => (s.Width, s.Depth))];
            if (sizes.Length == 0)
                return [];
            var alone = task.Separate.SelectMany(s => results.Scores(s.Runs, column, s.Width, s.Depth))
                .GroupBy(s => s.Seed).Where(g => g.Count() == sizes.Length).Select(g => g.First() with { Value = g.Average(s => s.Value) });
            return Pairs(Means(results, task.Seeds.Select(s => s.Final), column, sizes), [.. alone], task.Task, (a, b) => a - b);
        }, NeedsAblations);

    private static ClaimOutcome Judge(
        Results results, Claim claim, string what, Func<TaskRuns, ScoreColumn, IReadOnlyList<(PairedDifference Difference, SeedScore Score)>> pairsOf, string needs)
    {
        var byTask = results.Set.Tasks.Select(task => (Task: task, Pairs: pairsOf(task, Columns.OfTask(task.Task)))).Where(t => t.Pairs.Count > 0).ToList();
        var pairs = byTask.SelectMany(t => t.Pairs).ToList();
        if (pairs.Count == 0)
            return VerdictRule.NotRun(claim, needs);
        var differences = pairs.Select(p => p.Difference).ToList();
        int[] seeds = [.. differences.Select(d => d.Seed).Distinct().Order()];
        var signature = SignatureParts.Join(
            $"{string.Join(", ", byTask.Select(t => t.Task.Task))}/dev", what, $"teacher {results.Set.Settings.Teacher} seed 1", results.Profile,
            SignatureParts.Seeds(seeds), SignatureParts.Runs(pairs.Select(p => p.Score.Run)));
        var spread = differences.Count > 1 ? differences.Select(d => d.Value).StandardDeviation() : (double?)null;
        return VerdictRule.Order(
            claim, new Measurement(differences.Average(d => d.Value), spread, seeds, signature), differences,
            [.. byTask.Select(t => Signal(results, t.Task, t.Pairs[0].Score)).OfType<TeacherSignal>()], results.IsPapersOwn);
    }

    // Whether the teacher of a task has learnt anything, from its score and what a run knows of the dev set.
    private static TeacherSignal? Signal(Results results, TaskRuns task, SeedScore score)
    {
        var column = Columns.OfTask(task.Task);
        return results.Teacher(task, column) is { } teacher ? TeacherSignals.Of(column.Task, column.Metric, teacher.Value, score.Run.Result.Facts) : null;
    }

    private static IReadOnlyList<SeedScore> Means(Results results, IEnumerable<DynaBertSpec> runs, ScoreColumn column, IReadOnlyList<(double, double)> parts) =>
        AblationTable.Means(results, runs, column, parts);

    private static IReadOnlyList<(PairedDifference, SeedScore)> Pairs(
        IReadOnlyList<SeedScore> one, IReadOnlyList<SeedScore> other, string task, Func<double, double, double> difference) =>
        [.. from a in one join b in other on a.Seed equals b.Seed select (new PairedDifference(task, a.Seed, difference(a.Value, b.Value)), a)];

    // Of the ablations one review tells the order in words; the tables are not at hand.
    private static Claim Claim(string id, string statement, string? finding, string table = "Ablations", Confidence confidence = Confidence.Sourced1) => new()
    {
        Id = $"dynabert.order.{id}", Paper = "DynaBERT", Table = table, Kind = ClaimKind.Order, Statement = statement, Confidence = confidence, Unit = "points", Finding = finding,
    };
}
