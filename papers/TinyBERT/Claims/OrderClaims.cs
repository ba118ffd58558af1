using MathNet.Numerics.Statistics;
using Replication.Claims;
using Replication.Glue;
using Replication.Studies;
using Replication.TinyBERT.Report;

namespace Replication.TinyBERT.Claims;

/// <summary>What the paper says beats what, from differences of equal task and seed: a sign-flip test over seeds and tasks, with a 95 % interval.</summary>
internal static class OrderClaims
{
    /// <summary>Judges them.</summary>
    public static IReadOnlyList<ClaimOutcome> Judge(Results results) =>
    [
        Beats(results, "distillation-random", "not in the paper", Variant.Full, Variant.LabelsFromRandom, false,
            "TinyBERT beats the same student trained from random weights on labels only.", Confidence.Sourced1),
        Beats(results, "distillation-general", "Table 7", Variant.Full, Variant.LabelsFromGeneral, false,
            "TinyBERT beats the same student trained from general distillation on labels only.", Confidence.Sourced1),
        Helps(results, "gd", "Table 2", Variant.WithoutGD, "General distillation helps."),
        Helps(results, "td", "Table 2", Variant.WithoutTD, "Task distillation helps."),
        Helps(results, "da", "Table 2", Variant.WithoutDA, "Data augmentation helps."),
        Helps(results, "trm", "Table 3", Variant.WithoutTrm, "The losses of the transformer layers help."),
        Helps(results, "attn", "Table 3", Variant.WithoutAttn, "The attention loss helps."),
        Helps(results, "hidn", "Table 3", Variant.WithoutHidn, "The hidden-state loss helps."),
        Helps(results, "embd", "Table 3", Variant.WithoutEmbd, "The embedding loss helps."),
        Helps(results, "pred", "Table 3", Variant.WithoutPred, "Learning from the teacher's outputs beats learning from labels in the prediction step."),
        Helps(results, "uniform-top", "Table 4", Variant.Top, "The uniform layer map beats the top one."),
        Helps(results, "uniform-bottom", "Table 4", Variant.Bottom, "The uniform layer map beats the bottom one."),
    ];

    private static ClaimOutcome Helps(Results results, string id, string table, Variant without, string statement) =>
        Beats(results, id, table, Variant.Full, without, true, statement);

    private static ClaimOutcome Beats(Results results, string id, string table, Variant better, Variant worse, bool ablation, string statement, Confidence confidence = Confidence.Sourced2)
    {
        var claim = new Claim
        {
            Id = $"tinybert.order.{id}", Paper = "TinyBERT", Table = table, Kind = ClaimKind.Order, Statement = statement, Confidence = confidence, Unit = "points",
            Finding = results.IsPapersOwn ? null : "A smaller teacher, a shorter general distillation over other text and few epochs may order the variants otherwise than the paper's runs.",
        };
        var byTask = results.Set.Tasks
            .Select(task => (Task: task, Better: results.Scores(task, better, ablation), Worse: results.Scores(task, worse, ablation)))
            .Where(t => t.Better.Count > 0 && t.Worse.Count > 0)
            .ToList();
        PairedDifference[] pairs =
        [
            .. from t in byTask
               from a in t.Better
               from b in t.Worse
               where b.Seed == a.Seed
               select new PairedDifference(t.Task.Task, a.Seed, a.Value - b.Value),
        ];
        if (pairs.Length == 0)
            return VerdictRule.NotRun(claim, ablation ? "Needs ./reproduce.ps1 tinybert --profile small." : "Needs the runs of this profile: ./reproduce.ps1 tinybert.");
        var signature = SignatureParts.Join(
            $"{string.Join(", ", byTask.Select(t => t.Task.Task))}/dev main metric", $"{better.Text()} minus {worse.Text()}", $"student {results.Set.Settings.Student}",
            $"teacher {results.Set.Settings.Teacher} seed 1", results.Profile, SignatureParts.Runs(byTask.SelectMany(t => t.Better.Concat(t.Worse)).Select(s => s.Run)));
        var spread = pairs.Length > 1 ? pairs.Select(p => p.Value).StandardDeviation() : (double?)null;
        var measured = new Measurement(PairedComparison.Of(pairs).Mean, spread, [.. pairs.Select(p => p.Seed).Distinct().Order()], signature);
        return VerdictRule.Order(claim, measured, pairs, [.. byTask.Select(t => Signal(results, t.Task, t.Better)).OfType<TeacherSignal>()], results.IsPapersOwn && results.ShortText is null);
    }

    // Whether the teacher of a task has learnt anything, from its score and what the students' runs know of the dev set.
    private static TeacherSignal? Signal(Results results, TaskRuns task, IReadOnlyList<SeedScore> students)
    {
        var glue = GlueTasks.Parse(task.Task);
        return results.Scores(task.Task, [task.Teacher]) is [var teacher]
            ? TeacherSignals.Of(glue, glue.MainMetric, teacher.Value, students[0].Run.Result.Facts)
            : null;
    }
}
