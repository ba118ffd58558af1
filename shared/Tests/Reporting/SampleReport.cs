using Replication.Claims;
using Replication.Studies;

namespace Replication.Tests.Reporting;

/// <summary>A report of every kind of content, with numbers that were never measured.</summary>
internal static class SampleReport
{
    public static PaperReport Create() => new()
    {
        Title = "Patient Knowledge Distillation for BERT Model Compression",
        Citation = "Sun, Cheng, Gan and Liu, EMNLP 2019",
        Profile = "small",
        Summary =
        [
            "A made-up sample: no number on this page was measured.",
            "Teacher and tasks are smaller than the paper's, so scores cannot be compared with the published ones; sizes, speed ratios "
                + "and orders can.",
        ],
        Header =
        [
            ("Machine", "AMD EPYC 9R14, 2 cores, 24 GiB"), ("Device", "cpu, fp32, libtorch 2.10.0"), ("Profile", "small"),
            ("Commit", "2ebe1d7c0c0ffee0123456789abcdef012345678"), ("Measured", "2026-11-24 to 2026-11-25"),
        ],
        Tables = [Scores(), Sizes()],
        Figures = [Curves(), Bars(), TradeOff(), Attention()],
        Claims = Claims(),
        Deviations =
        [
            "The teacher is MiniLM-L6-H384 with six layers where the paper has BERT-base with twelve.",
            "α & T are chosen on a held-out tenth of the training set, <not> on dev.",
        ],
    };

    private static ReportTable Scores()
    {
        string[] models = ["BERT12 (teacher)", "BERT6-FT", "BERT6-KD", "BERT6-PKD", "BERT3-FT", "BERT3-KD", "BERT3-PKD"];
        string[] tasks = ["SST-2", "MRPC (F1/acc)", "QQP", "MNLI-m", "QNLI", "RTE"];
        var columns = new List<string> { "Model" };
        foreach (var task in tasks)
            columns.AddRange([$"{task} published", $"{task} here"]);
        var rows = models.Select((model, m) =>
        {
            var cells = new List<Cell> { new(model) };
            for (var t = 0; t < tasks.Length; t++)
            {
                cells.Add(new Cell(
                    (93.5 - 0.7 * m - 3 * t).ToString("0.0", System.Globalization.CultureInfo.InvariantCulture), "Table 1, test server",
                    CellKind.Published));
                cells.Add(t < 2
                    ? new Cell(NumberText.Of(88.2 - 0.6 * m - 4 * t, 0.31),
                        $"{tasks[t]}/dev acc | student {model} | teacher minilm-l6 | small | seeds 1-3 | cpu fp32 | run 3f2a9c",
                        CellKind.Measured)
                    : new Cell("not run", "Needs the task's data and about 3 hours.", CellKind.Missing));
            }
            return (IReadOnlyList<Cell>)cells;
        });
        return new ReportTable(
            "table-1", "Table 1. GLUE scores",
            "Published: test server, BERT12 teacher. Here: dev set, six-layer teacher, mean ± standard deviation over seeds 1 to 3, in %.",
            columns, [.. rows]);
    }

    private static ReportTable Sizes() => new(
        "table-4", "Table 4. Size and speed", "Parameters in millions; time for 128 × 128 tokens, median of 9.",
        ["Model", "Parameters published", "Parameters here", "Speed-up published", "Speed-up here"],
        [
            [new("BERT12"), new("110", null, CellKind.Published), new("109.5", "counted", CellKind.Measured),
                new("1.00×", null, CellKind.Published), new("1.00×", null, CellKind.Measured)],
            [new("BERT6"), new("67", null, CellKind.Published), new("67.0", "counted", CellKind.Measured),
                new("1.94×", null, CellKind.Published), new("1.98×", "2 threads", CellKind.Measured)],
            [new("BERT3 | <3 layers>"), new("45.7", null, CellKind.Published), new("45.7", "counted", CellKind.Measured),
                new("3.73×", null, CellKind.Published), new("", null, CellKind.Missing)],
        ]);

    private static LineFigure Curves()
    {
        double[] steps = [.. Enumerable.Range(0, 21).Select(i => i * 50.0)];
        LineSeries Series(string name, double top, double speed, bool dashed)
        {
            double[] y = [.. steps.Select(s => top - 30 * Math.Exp(-s / speed))];
            return dashed
                ? new LineSeries(name, steps, y, Dashed: true)
                : new LineSeries(name, steps, y, [.. y.Select(v => v - 0.8)], [.. y.Select(v => v + 0.8)]);
        }
        return new LineFigure(
            "figure-2", "Figure 2. Accuracy while training",
            "Accuracy on SST-2 over training steps; solid: dev set, mean and range of seeds 1 to 3; dashed: training set.",
            "Training steps", "Accuracy (%)",
        [
            Series("FT, dev", 84, 260, false), Series("FT, train", 93, 300, true), Series("KD, dev", 85.5, 220, false),
            Series("KD, train", 94, 260, true),
            Series("PKD, dev", 87.2, 200, false), Series("PKD, train", 95, 240, true),
        ]);
    }

    private static BarFigure Bars() =>
        new("figure-3", "Skip against Last", "Dev-set scores of three-layer students; whiskers: 95 % intervals.", "Task", "Score (%)",
    [
        new BarGroup("FT", [("SST-2", 84.1, 0.6), ("MRPC", 78.9, 1.4), ("CoLA", 12.4, 3.2)]),
        new BarGroup("KD", [("SST-2", 85.0, 0.5), ("MRPC", 79.8, 1.2), ("CoLA", 14.1, 2.8)]),
        new BarGroup("PKD-Skip", [("SST-2", 86.2, 0.4), ("MRPC", 81.3, 1.3), ("CoLA", 18.0, null)]),
    ]);

    private static ScatterFigure TradeOff() =>
        new("figure-4", "Size and score", "Parameters against dev accuracy on SST-2.", "Parameters (millions, logarithmic)", "Accuracy (%)",
    [
        new ScatterSeries("Published", [(110, 93.5, "BERT12"), (67, 92.0, "BERT6"), (45.7, 87.5, "BERT3")]),
        new ScatterSeries("Here", [(22.7, 90.4, "teacher"), (17.4, 86.2, "PKD, 3 layers"), (15.6, 83.0, null)]),
    ], LogX: true);

    private static MatrixFigure Attention() =>
        new("figure-5", "Attention", "Mean over heads of the last layer.", "attended", "attending", ["[CLS]", "a", "good", "a", "[SEP]"],
    [
        new MatrixPanel(
            "teacher, layer 6", [[0.2, 0.2, 0.2, 0.2, 0.2], [1, 0, 0, 0, 0], [0, 0.5, 0.5, 0, 0], [0, 0, 0, 1, 0], [0, 0, 0, 0.1, 0.9]]),
        new MatrixPanel(
            "student, layer 3",
            [[0.3, 0.1, 0.2, 0.2, 0.2], [0.8, 0, 0.2, 0, 0], [0, 0.4, 0.6, 0, 0], [0, 0, 0.3, 0.7, 0], [0, 0, 0, 0.3, 0.7]]),
    ]);

    private static IReadOnlyList<ClaimOutcome> Claims()
    {
        Claim Of(string id, string table, ClaimKind kind, string statement, double? published, string unit, Tolerance? tolerance,
            string? finding = null) =>
            new() { Id = id, Paper = "PKD", Table = table, Kind = kind, Statement = statement, Published = published, Unit = unit,
                Tolerance = tolerance, Finding = finding };
        var rounding = new Tolerance(0.05, false, "The printed number is rounded to 0.1 M.");
        var hardware = new Tolerance(0.25, true, "Another processor than the paper's Titan RTX.");
        var seeds = new Tolerance(1.5, false, "Standard error of 872 dev rows.");
        Measurement Measured(double value, double? spread = null) =>
            new(value, spread, [1, 2, 3],
                "SST-2/dev acc | student 3L init:first | PKD-Skip 6>3 | teacher minilm-l6 | small | seeds 1-3 | cpu fp32 | run 3f2a9c");
        double[] gains = [0.5, 0.7, 0.9, 0.6, 0.8, 1.0];
        ClaimOutcome Order(Claim claim, IEnumerable<double> values) => OrderFamily.Judge(
            [
                new OrderEvidence
                {
                    Claim = claim, SmallestEffect = 1, Tasks = ["SST-2"], Signature = Measured(0).Signature,
                    Differences = [.. values.Select((v, i) => new PairedDifference("SST-2", i + 1, v))],
                },
            ],
            LookPlan.Once(6))[0];
        var order = Of("pkd.order.pkd-over-kd", "Table 1", ClaimKind.Order, "PKD beats KD with three layers.", null, "points", null);
        return
        [
            VerdictRule.Against(
                Of("pkd.table4.bert6.parameters", "Table 4", ClaimKind.Size, "BERT6 has 67.0 M parameters.", 67.0, "M", rounding),
                Measured(66.955)),
            VerdictRule.Against(
                Of("pkd.table4.bert6.speedup", "Table 4", ClaimKind.Speed, "BERT6 is 1.94 times as fast as BERT12.", 1.94, "x", hardware),
                Measured(1.98, 0.04)),
            VerdictRule.Against(
                Of("pkd.table4.bert3.speedup", "Table 4", ClaimKind.Speed, "BERT3 is 3.73 times as fast as BERT12.", 3.73, "x", hardware,
                "The embeddings weigh more on a processor."), Measured(2.2, 0.1)),
            VerdictRule.Against(
                Of("pkd.table1.sst2", "Table 1", ClaimKind.Score, "BERT6-PKD scores 92.0 on SST-2.", 92.0, "%", seeds),
                Measured(94.1, 0.4)),
            Order(order, gains),
            Order(order with { Id = "pkd.order.reverse", Statement = "Last beats Skip, <b>everywhere</b> & always." },
                gains.Select(v => -v)),
            Order(order with { Id = "pkd.order.few", Statement = "PKD goes on where KD saturates." }, gains.Take(3)),
            VerdictRule.NotComparable(
                Of("pkd.table1.mrpc", "Table 1", ClaimKind.Score, "BERT6-PKD scores 85.0 (F1) on MRPC.", 85.0, "%", seeds),
                Measured(81.3, 1.3), "The teacher has six layers where the paper's has twelve."),
            VerdictRule.NotRun(
                Of("pkd.table3.race", "Table 3", ClaimKind.Score, "BERT6-PKD scores 60.34 on RACE.", 60.34, "%", seeds),
                "Needs RACE, which its terms do not allow to be embedded, and BERT-base on a GPU."),
        ];
    }
}
