using Replication.Bert;
using Replication.Measurements;

namespace Replication.Bench;

/// <summary>The rows of the table, each with what it is to reach and how it is measured.</summary>
internal static class BenchRows
{
    private const string OfYardstick = "% of torch.mm", Times = "x", Seconds = "s", Minutes = "min";

    // Of long rows a step takes long, so that fewer stand for all.
    private const int OfSst2 = 6, OfStsb = 3, OfRte = 2;

    private const string Tried =
        "keeping freed memory in the process (glibc's MALLOC_TRIM_THRESHOLD_, MALLOC_MMAP_THRESHOLD_ and MALLOC_TOP_PAD_): a quarter fewer "
        + "page faults and no less processor time (3.04 s against 3.01 for four steps of SST-2 rows, one thread, AMD EPYC with AVX2); left "
        + "out.";

    private const string TriedForMemory =
        "giving freed memory back at once (glibc's MALLOC_MMAP_THRESHOLD_ of 256 KiB): 1.07 times and flat, but two fifths more processor "
        + "time a step (0.57 s against 0.40, start included, AMD EPYC with bf16); of 1 MiB 1.28 times; one arena: nothing; left out. Huge "
        + "pages (glibc.malloc.hugetlb, which reproduce.ps1 asks for): a peak as high, less growth (1,391 to 1,414 MB over 215 "
        + "steps, 1,398 to 1,453 MB over 158 without).";

    private static BertConfig Small => CalibrationMeasurement.Geometry;

    private static BertConfig Base => BertConfig.Base;

    /// <summary>Every row with what measures it, in the order in which they are measured: memory before anything is held.</summary>
    public static IReadOnlyList<(PerformanceRow Row, Func<PerformanceRow, BenchSession, PerformanceRow> Measure)> All { get; } =
    [
        (new()
            {
                Id = "memory", Work = "memory over 1,000 steps of 6 x 384, over what it has to hold", Unit = Times, AtMost = 1.2,
                Tried = TriedForMemory,
            },
            (row, bench) => TrainingMemory.Measure(
                row, bench.Workspace, Small, TimedRows.Of(bench.Workspace, "SST-2", null), bench.Budget(70), bench.Cancellation)),
        FineTuning("sst2", "SST-2", OfSst2, seconds: 35, atLeast: 65),
        FineTuning("stsb", "STS-B", OfStsb, seconds: 40, atLeast: 75),
        FineTuning("rte", "RTE", OfRte, seconds: 50, atLeast: 80),
        (new() { Id = "bf16", Work = "fine-tuning 6 x 384 in bf16 over fp32, STS-B rows", Unit = Times, AtLeast = 2.2 },
            (row, bench) => bench.Workspace.Processor.HasBf16
                ? bench.Time(row, 40, workspace => FineTuningStep.InBf16(workspace, Small, TimedRows.Of(workspace, "STS-B", OfStsb)))
                : row with { NotMeasured = "no bf16 instructions here" }),
        (new() { Id = "base", Work = "fine-tuning 12 x 768 fp32, batch 32, 64 tokens", Unit = OfYardstick, AtLeast = 85 },
            (row, bench) => bench.Time(row, 60, workspace => FineTuningStep.Of(
                workspace, Base, TimedRows.Random(Base.VocabSize, new SpeedProtocol { BatchSize = 32, Length = 64 })))),
        Forward("forward32", 32, seconds: 45, atLeast: 90),
        Forward("forward1", 1, seconds: 15, atLeast: 70),
        (new() { Id = "patientkd", Work = "Patient-KD step over plain step of the student", Unit = Times, AtMost = 1.1 },
            (row, bench) => bench.Time(row, 30, PaperSteps.PatientKd)),
        (new() { Id = "tinybert", Work = "TinyBERT task step over student step + teacher forward", Unit = Times, AtMost = 1.15 },
            (row, bench) => bench.Time(row, 35, PaperSteps.TinyBert)),
        (new() { Id = "distilbert", Work = "DistilBERT step (30,522 words) over its products", Unit = Times, AtMost = 1.25 },
            (row, bench) => bench.Time(row, 55, PaperSteps.DistilBert)),
        (new() { Id = "tokenizing", Work = "tokenizing, a core", Unit = "tokens/s", AtLeast = 1e6 },
            (row, bench) => TokenizingSpeed.Measure(row, bench.Workspace, bench.Budget(8), bench.Cancellation)),
        (new() { Id = "help", Work = "built program: --help", Unit = Seconds, AtMost = 0.3 },
            (row, bench) => new ProgramStart(bench.Program, bench.Workspace.Clock).Measure(
                row with { Setting = "from the start of the process to its end" }, ["--help"], null, bench.Budget(10), bench.Cancellation)),
        (new() { Id = "first-step", Work = "built program: start to first training step", Unit = Seconds, AtMost = 2 }, FirstStep),
        Quick("patientkd"), Quick("distilbert"), Quick("tinybert"), Quick("dynabert"),
        (new() { Id = "patientkd-small", Work = "Patient-KD small: runs an hour over those of earlier code", Unit = Times, AtLeast = 1.5 },
            EarlierCode.Measure),
    ];

    private static (PerformanceRow, Func<PerformanceRow, BenchSession, PerformanceRow>) FineTuning(
        string id, string task, int batches, double seconds, double atLeast) => (
        new()
        {
            Id = id, Work = $"fine-tuning 6 x 384 fp32, batch 32, {task} rows", Unit = OfYardstick, AtLeast = atLeast, Tried = Tried,
        },
        (row, bench) => bench.Time(
            row, seconds, workspace => FineTuningStep.Of(workspace, Small, TimedRows.Of(workspace, task, batches))));

    private static (PerformanceRow, Func<PerformanceRow, BenchSession, PerformanceRow>) Forward(
        string id, int batch, double seconds, double atLeast) => (
        new()
        {
            Id = id, Work = FormattableString.Invariant($"forward pass 12 x 768 fp32, batch {batch}, 128 tokens"), Unit = OfYardstick,
            AtLeast = atLeast,
        },
        (row, bench) => bench.Time(row, seconds, workspace => ForwardStep.Of(
            workspace, Base, new SpeedProtocol { BatchSize = batch, Length = 128 })));

    private static (PerformanceRow, Func<PerformanceRow, BenchSession, PerformanceRow>) Quick(string paper) => (
        new() { Id = $"quick-{paper}", Work = $"{paper}, profile quick in fp32", Unit = Minutes, AtMost = 15 },
        (row, bench) => new PlannedTime(bench.Workspace, bench.Calibration).Quick(row, bench.Paper(paper)));

    private static PerformanceRow FirstStep(PerformanceRow row, BenchSession bench)
    {
        var folder = Directory.CreateTempSubdirectory("bench-").FullName;
        try
        {
            return new ProgramStart(bench.Program, bench.Workspace.Clock).Measure(
                row with { Setting = $"'finetune' of {TimedRows.Model} on 64 rows of SST-2, to the moment before its first step" },
                [
                    "finetune", "--model", TimedRows.Model, "--task", "SST-2", "--rows", "64", "--precision", "fp32", "--json",
                    "--output", Path.Combine(folder, "model"), "--runs", Path.Combine(folder, "runs"),
                    "--threads", bench.Workspace.Environment.Threads.ToString(System.Globalization.CultureInfo.InvariantCulture),
                ],
                line => line.Contains("\"begin\"", StringComparison.Ordinal) && line.Contains("\"steps\"", StringComparison.Ordinal),
                bench.Budget(25), bench.Cancellation);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
