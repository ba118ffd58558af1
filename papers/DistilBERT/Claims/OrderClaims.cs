using MathNet.Numerics.Statistics;
using Replication.Claims;
using Replication.DistilBERT.Report;
using Replication.Glue;
using Replication.Studies;

namespace Replication.DistilBERT.Claims;

/// <summary>What helps, from differences of equal task and seed: each term, the teacher's layers, the second distillation; and how much of the teacher is kept.</summary>
internal static class OrderClaims
{
    private const string NeedsSmall = "Needs the pretrainings and fine-tunings of Table 4: ./reproduce.ps1 distilbert --profile small.";

    /// <summary>Judges them.</summary>
    public static IReadOnlyList<ClaimOutcome> Judge(Results results, PublishedCells cells) =>
    [
        .. AblationTable.Rows.Select(row => Helps(results, cells, row.Variant, row.Published)),
        SecondDistillation(results, cells),
        Retention(results, cells),
    ];

    private static ClaimOutcome Helps(Results results, PublishedCells cells, Variant variant, string? published)
    {
        var statement = variant switch
        {
            Variant.WithoutSoft => "The soft targets (L_ce) help: without them the scores fall.",
            Variant.WithoutCosine => "The cosine loss (L_cos) helps: without it the scores fall.",
            Variant.WithoutMasked => "The masked language model (L_mlm) helps, if little: without it the scores fall.",
            Variant.RandomStart => "Starting from the teacher's layers helps: from random weights the scores fall.",
            _ => "The teacher helps: as many steps of the masked language model alone, from the same layers, score lower.",
        };
        var claim = Claim(
            variant.ToString().ToLowerInvariant(), published is null ? "not in the paper" : "Table 4", statement,
            published is null ? null : -AblationTable.Published(cells, published).RegressionValue,
            variant is Variant.RandomStart || results.IsPapersOwn
                ? null
                : "A short pretraining from the teacher's own layers leaves little room: the terms had 90 hours to tell in the paper.",
            published is null ? Confidence.Sourced1 : Confidence.Sourced2);
        var pairs = AblationTable.Changes(results, variant).Select(p => p with { Value = -p.Value }).ToList();
        return Judge(results, claim, pairs, results.Settings.AblationTasks, $"triple loss less {variant.Name()}", NeedsSmall);
    }

    private static ClaimOutcome SecondDistillation(Results results, PublishedCells cells)
    {
        double F1(string model) => cells.Find("Table 2", model, "SQuAD 1.1", "F1").RegressionValue;
        var claim = Claim(
            "second-distillation", "Table 2", "A second distillation on the task itself, from a fine-tuned teacher, helps (on SQuAD in the paper).",
            Math.Round(F1("DistilBERT (D)") - F1("DistilBERT"), 2), "The paper's gain is on SQuAD; on a task of single sentences with few rows there is less to gain.");
        if (results.Settings.DistilledTask is not { } task)
            return VerdictRule.NotRun(claim, "The quick profile has no second distillation: ./reproduce.ps1 distilbert --profile small has it on SST-2.");
        return Judge(
            results, claim, Pairs(task, results.Scores(results.Set.TaskDistilled(task), task), results.Scores(results.Set.Students(Variant.Triple, task), task), (d, plain) => d - plain),
            [task], "second distillation less labels alone", NeedsSmall);
    }

    private static ClaimOutcome Retention(Results results, PublishedCells cells)
    {
        var published = cells.Find("claims and set-up", "DistilBERT", "-", "GLUE performance retained").RegressionValue;
        var claim = Claim(
            "retention", "Abstract", FormattableString.Invariant($"DistilBERT keeps at least {published} % of its teacher's scores."), null,
            results.IsPapersOwn ? null : "The paper's student was pretrained for 90 hours on Wikipedia and books; here for minutes, from a smaller teacher.");
        var pairs = results.Settings.Tasks.SelectMany(task =>
        {
            var (students, teachers) = (results.Scores(results.Set.Students(Variant.Triple, task), task), results.Scores(results.Set.Teachers(task), task));
            // One teacher serves all seeds where the profile has one.
            var all = teachers.Count == 1 ? [.. students.Select(s => teachers[0] with { Seed = s.Seed })] : teachers;
            return Pairs(task, students, all, (student, teacher) => (100 * student / teacher) - published);
        }).ToList();
        return Judge(results, claim, pairs, results.Settings.Tasks, FormattableString.Invariant($"student over teacher in %, less {published}"), "Needs the runs of this profile: ./reproduce.ps1 distilbert.");
    }

    private static ClaimOutcome Judge(Results results, Claim claim, IReadOnlyList<PairedDifference> pairs, IReadOnlyList<string> tasks, string what, string needs)
    {
        if (pairs.Count == 0)
            return VerdictRule.NotRun(claim, needs);
        int[] seeds = [.. pairs.Select(p => p.Seed).Distinct().Order()];
        var runs = tasks.SelectMany(task => results.Scores(results.Set.Students(Variant.Triple, task), task)).Select(s => s.Run);
        var signature = SignatureParts.Join(
            $"{string.Join(", ", pairs.Select(p => p.Task).Distinct())}/dev main metric", what, Signatures.Student(results, Variant.Triple), results.Profile, SignatureParts.Seeds(seeds), SignatureParts.Runs(runs));
        var measured = new Measurement(pairs.Average(p => p.Value), pairs.Count > 1 ? pairs.Select(p => p.Value).StandardDeviation() : null, seeds, signature);
        return VerdictRule.Order(claim, measured, pairs, [.. tasks.Select(task => Signal(results, task)).OfType<TeacherSignal>()], results.IsPapersOwn && results.ShortText is null);
    }

    // Whether the teacher of a task has learnt anything, from its score and what the students' runs know of the dev set.
    private static TeacherSignal? Signal(Results results, string task)
    {
        var facts = results.Scores(results.Set.Students(Variant.Triple, task), task).FirstOrDefault()?.Run.Result.Facts;
        var glue = GlueTasks.Parse(task);
        return facts is not null && results.Scores(results.Set.Teachers(task), task) is [var teacher, ..]
            ? TeacherSignals.Of(glue, glue.MainMetric, teacher.Value, facts)
            : null;
    }

    private static IReadOnlyList<PairedDifference> Pairs(
        string task, IReadOnlyList<SeedScore> one, IReadOnlyList<SeedScore> other, Func<double, double, double> difference) =>
        [.. one.Join(other, a => a.Seed, b => b.Seed, (a, b) => new PairedDifference(task, a.Seed, difference(a.Value, b.Value)))];

    private static Claim Claim(string id, string table, string statement, double? published, string? finding, Confidence confidence = Confidence.Sourced2) => new()
    {
        Id = $"distilbert.order.{id}",
        Paper = "DistilBERT",
        Table = table,
        Kind = ClaimKind.Order,
        Statement = statement,
        Published = published,
        Confidence = confidence,
        Unit = "points",
        Finding = finding,
    };
}
