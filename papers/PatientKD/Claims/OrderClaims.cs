using Replication.Claims;
using Replication.Glue;
using Replication.PatientKD.Report;
using Replication.Studies;

namespace Replication.PatientKD.Claims;

/// <summary>What the paper says beats what, from differences of equal task and seed, with students of half the teacher's depth; from Table 5 also of BERT24.</summary>
internal static class OrderClaims
{
    // Figure 2's curves of KD are flat from here on, as a share of the training.
    private const double Saturated = 0.4;

    /// <summary>Judges them.</summary>
    public static IReadOnlyList<ClaimOutcome> Judge(Results results, PublishedCells cells) =>
    [
        Beats(results, cells, "kd-ft", Method.KD, Method.FT, "Table 1", "Learning from the teacher's outputs (KD) beats fine-tuning alone (FT) on average over the tasks of Table 1."),
        Beats(results, cells, "pkd-kd", Method.Skip, Method.KD, "Table 1", "Patient-KD beats plain distillation (KD) on average over the tasks of Table 1."),
        Beats(results, cells, "pkd-ft", Method.Skip, Method.FT, "Table 1", "Patient-KD beats fine-tuning alone (FT) on average over the tasks of Table 1."),
        Beats(results, cells, "skip-last", Method.Skip, Method.Last, "Table 2", "PKD-Skip beats PKD-Last on average over the tasks of Table 2.",
            "With six layers of MiniLM the last layers may teach more than every second one: a PyTorch run of the same models had Last ahead of Skip on SST-2 with each of three seeds."),
        GoesOn(results),
        Retains(results, cells),
        .. OfTable5(results, cells),
    ];

    // On average the published #1 and #2 differ by 0.05 points: the first claim has no number, and holds where BERT12's student is ahead.
    private static IReadOnlyList<ClaimOutcome> OfTable5(Results results, PublishedCells cells)
    {
        const string Base = "#1 BERT12->BERT6[Base]-KD", DeepBase = "#2 BERT24->BERT6[Base]-KD", DeepLarge = "#3 BERT24->BERT6[Large]-KD", Patient = "#4 BERT24->BERT6[Large]-PKD";
        string[] deep = [ScoreRow.Deep];
        return
        [
            Rows("larger-teacher", Base, DeepBase, [results.Set.Teacher, .. deep], null, "A deeper teacher (BERT24) does not teach six layers of BERT-base better than BERT12 does."),
            Rows("first-layers", DeepBase, DeepLarge, deep, Published(cells, "Table 5", DeepBase, DeepLarge), "For BERT24's students, six layers of BERT-large are a worse start than six of BERT-base."),
            Rows("pkd-kd-24", Patient, DeepLarge, deep, Published(cells, "Table 5", Patient, DeepLarge), "From BERT24 too, Patient-KD beats plain distillation on average over the tasks of Table 5."),
        ];

        ClaimOutcome Rows(string id, string better, string worse, IReadOnlyList<string> teachers, double? published, string statement)
        {
            var rows = ScoreRow.Table5(results.Set);
            IReadOnlyList<SeedScore> Scores(TaskRuns task, string row) => results.Scores(rows.Single(r => r.Published == row).Runs(task), MainColumn(task));
            var claim = Claim(id, "Table 5", statement, published, null) with { Confidence = Confidence.Sourced1 };
            var compared = new Compared(
                $"{better} minus {worse}", task => [.. Scores(task, better), .. Scores(task, worse)], teachers,
                "Needs BERT-base, BERT-large and a GPU: ./reproduce.ps1 patientkd --profile paper.");
            return Judge(results, claim, compared, task => Pairs(Scores(task, better), Scores(task, worse), task.Task, (a, b) => a.Value - b.Value));
        }
    }

    private static ClaimOutcome Beats(Results results, PublishedCells cells, string id, Method better, Method worse, string table, string statement, string? finding = null)
    {
        string Row(Method method) => (table, method) switch
        {
            ("Table 2", Method.Skip) => "BERT6 (PKD-Skip)",
            ("Table 2", _) => "BERT6 (PKD-Last)",
            (_, Method.Skip) => "BERT6-PKD",
            _ => $"BERT6-{method}",
        };
        var claim = Claim(id, table, statement, Published(cells, table, Row(better), Row(worse)), finding);
        return Judge(results, claim, ByHalf(results, $"{better} minus {worse}"), task => Pairs(
            ByMethod(results, task, better), ByMethod(results, task, worse), task.Task, (a, b) => a.Value - b.Value));
    }

    // The mean difference of two rows over a table's tasks.
    private static double Published(PublishedCells cells, string table, string better, string worse)
    {
        double Cell(string row, ScoreColumn c) => cells.Find(table, row, c.Published, c.PublishedMetric).RegressionValue;
        return Math.Round(Columns.OfThePaper.Where(c => c.IsMain).Average(c => Cell(better, c) - Cell(worse, c)), 2);
    }

    private static ClaimOutcome GoesOn(Results results)
    {
        var claim = Claim(
            "pkd-goes-on", "Figure 2",
            "Where plain distillation has stopped gaining on dev, Patient-KD goes on: after the first 40 % of the training it gains more than KD does.", null, null);
        double? Gain(SeedScore score, GlueMetric metric)
        {
            var curve = LearningCurves.Read(score.Run, "dev", metric);
            if (curve.Count < 2)
                return null;
            var end = curve[^1];
            return end.Score - curve.MinBy(p => Math.Abs((p.Epoch / end.Epoch) - Saturated)).Score;
        }
        return Judge(results, claim, ByHalf(results, "later gain of Skip minus that of KD"), task =>
        {
            var metric = GlueTasks.Parse(task.Task).MainMetric;
            return Pairs(ByMethod(results, task, Method.Skip), ByMethod(results, task, Method.KD), task.Task, (a, b) => Gain(a, metric) - Gain(b, metric));
        });
    }

    private static ClaimOutcome Retains(Results results, PublishedCells cells)
    {
        double Published(ScoreColumn c) => 100 * cells.Find("Table 1", "BERT6-PKD", c.Published, c.PublishedMetric).RegressionValue
            / cells.Find("Table 1", "BERT12 (Teacher)", c.Published, c.PublishedMetric).RegressionValue;
        var claim = Claim(
            "retention", "Table 1", "With half of the layers, Patient-KD keeps at least the share of its teacher's score that Table 1 shows for the task.", null,
            "Three layers of a pretrained model of width 384, trained on a few thousand rows, start from less than six layers of BERT-base do, and Patient-KD has no pre-training of its own to make up for it.");
        return Judge(results, claim, ByHalf(results, "retention of Skip minus the published one"), task =>
        {
            var column = Columns.OfThePaper.FirstOrDefault(c => c.IsMain && c.Task.Name == task.Task);
            var teacher = column is null ? null : results.Scores(task.Teachers[0].Runs, column).FirstOrDefault();
            return teacher is null ? [] : Pairs(
                ByMethod(results, task, Method.Skip), ByMethod(results, task, Method.Skip), task.Task, (a, _) => (100 * a.Value / teacher.Value) - Published(column!));
        });
    }

    // What the signature says is compared, all scores behind it, the teachers that must have learnt something, and what it takes to measure it.
    private sealed record Compared(string What, Func<TaskRuns, IReadOnlyList<SeedScore>> Scores, IReadOnlyList<string> Teachers, string Needs);

    // The students of half the teacher's depth, by each method.
    private static Compared ByHalf(Results results, string what) => new(
        SignatureParts.Join(what, $"students {results.Set.TeacherLayers / 2}L", $"teacher {results.Set.Teacher} seed 1"),
        task => [.. new[] { Method.FT, Method.KD, Method.Skip, Method.Last }.SelectMany(method => ByMethod(results, task, method))],
        [results.Set.Teacher],
        "Needs the runs of this profile: ./reproduce.ps1 patientkd.");

    private static ClaimOutcome Judge(Results results, Claim claim, Compared compared, Func<TaskRuns, IReadOnlyList<PairedDifference>> pairsOf)
    {
        var byTask = results.Set.Tasks.Select(task => (Task: task, Pairs: pairsOf(task))).Where(t => t.Pairs.Count > 0).ToList();
        var signals = byTask.SelectMany(t => compared.Teachers.Select(teacher => Signal(results, t.Task, teacher, compared.Scores(t.Task)))).OfType<TeacherSignal>().ToList();
        // The verdict leaves out tasks on which the teacher has learnt nothing; so does the number beside it, unless none is left.
        var heard = byTask.Where(t => signals.All(s => s.Exists || s.Task != t.Task.Task)).ToList();
        byTask = heard.Count > 0 ? heard : byTask;
        var pairs = byTask.SelectMany(t => t.Pairs).ToList();
        if (pairs.Count == 0)
            return VerdictRule.NotRun(claim, compared.Needs);
        var comparison = PairedComparison.Of(pairs);
        var seeds = pairs.Select(p => p.Seed).Distinct().Order().ToList();
        var scores = byTask.SelectMany(t => compared.Scores(t.Task)).ToList();
        var signature = SignatureParts.Join(
            $"{string.Join(", ", byTask.Select(t => t.Task.Task))}/dev main metric", compared.What,
            Signatures.ChosenOnDev(scores), results.Profile, SignatureParts.Seeds(seeds), SignatureParts.Runs(scores.Select(s => s.Run)));
        var spread = pairs.Count > 1 ? MathNet.Numerics.Statistics.Statistics.StandardDeviation(pairs.Select(p => p.Value)) : (double?)null;
        return VerdictRule.Order(
            claim, new Measurement(comparison.Mean, spread, seeds, signature), pairs, signals, results.IsPapersOwn);
    }

    // Whether a teacher of a task has learnt anything, from its score and what its students' runs, not those on labels alone, know of the dev set.
    private static TeacherSignal? Signal(Results results, TaskRuns task, string baseModel, IReadOnlyList<SeedScore> students)
    {
        var column = MainColumn(task);
        var facts = students.FirstOrDefault(s => s.Spec is PatientKdSpec)?.Run.Result.Facts;
        var runs = task.Teachers.FirstOrDefault(t => t.BaseModel == baseModel).Runs ?? [];
        return facts is not null && results.Scores(runs, column) is [var teacher, ..] ? TeacherSignals.Of(column.Task, column.Metric, teacher.Value, facts) : null;
    }

    private static ScoreColumn MainColumn(TaskRuns task)
    {
        var glue = GlueTasks.Parse(task.Task);
        return new ScoreColumn(task.Task, "", glue, "dev", glue.MainMetric);
    }

    private static IReadOnlyList<SeedScore> ByMethod(Results results, TaskRuns task, Method method) =>
        task.Find(method, results.Set.TeacherLayers / 2, results.Set.Teacher) is { } student ? results.Scores(student.Runs, MainColumn(task)) : [];

    private static IReadOnlyList<PairedDifference> Pairs(
        IReadOnlyList<SeedScore> one, IReadOnlyList<SeedScore> other, string task, Func<SeedScore, SeedScore, double?> difference) =>
    [
        .. from a in one
           join b in other on a.Seed equals b.Seed
           let value = difference(a, b)
           where value is not null
           select new PairedDifference(task, a.Seed, value.Value),
    ];

    private static Claim Claim(string id, string table, string statement, double? published, string? finding) => new()
    {
        Id = $"pkd.order.{id}",
        Paper = "Patient-KD",
        Table = table,
        Kind = ClaimKind.Order,
        Statement = statement,
        Published = published,
        Unit = "points",
        Finding = finding,
    };
}
