using Replication.Bench;
using Replication.CommandLine;
using Replication.Runs;

namespace Replication.All.Tests;

public sealed class PerformancePageTests
{
    private static readonly PerformanceRow Reached = new()
    {
        Id = "one", Work = "some work", Unit = "x", AtMost = 1.1, Value = new MedianInterval(1.05, 1.01, 1.2, 9), Yardstick = 123.4e9,
        OtherWork = 0.01, Setting = "of some size",
    };

    private static readonly PerformanceRow Short = new()
    {
        Id = "two", Work = "more work", Unit = "% of torch.mm", AtLeast = 65, Value = new MedianInterval(41.26, 40, 43, 6),
        Profile = [new StepPart("forward passes", 0.31), new StepPart("AdamW", 0.2)], Tried = "this and that.",
    };

    private static readonly PerformanceRow NotMeasured = new()
    {
        Id = "three", Work = "bf16", Unit = "x", AtLeast = 2.2, NotMeasured = "no bf16 instructions here",
    };

    private static PerformanceReport Report(params PerformanceRow[] rows) => new()
    {
        Measured = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), Seconds = 590, Commit = new string('a', 40), Threads = 2, Rows = rows,
        Machine = new MachineInfo
        {
            Processor = "A Processor", Cores = 2, MemoryBytes = 24L << 30, OperatingSystem = "a system", DotNet = ".NET 10",
            Libtorch = "2.10.0", Device = "A Processor", InstructionSets = ["AVX2"],
        },
    };

    [Test]
    public void Document_OfCommittedResults_IsWhatTheyGive()
    {
        var root = RepositoryRoot.Find();

        Assert.That(File.ReadAllText(Path.Combine(root, PerformancePage.Document)).ReplaceLineEndings("\n"),
            Is.EqualTo(PerformancePage.Of(PerformancePage.Read(Path.Combine(root, PerformancePage.Folder))).ReplaceLineEndings("\n")),
            $"{PerformancePage.Document} is made by ./reproduce.ps1 bench from {PerformancePage.Folder}");
    }

    [Test]
    public void OrWhyNot_RowThatWantsDataThatIsNotHere_HasTheReasonInItsPlace() =>
        Assert.That(BenchVerb.OrWhyNot(Reached, _ => throw new ReplicationException("MRPC is not here.")).NotMeasured,
            Is.EqualTo("MRPC is not here."));

    [Test]
    public void Of_Rows_SaysWhatIsReachedAndWhereTheTimeGoes()
    {
        var page = PerformancePage.Of([Report(Reached, Short, NotMeasured)]);

        Assert.That(page, Does.Contain("## A Processor, AVX2, 2 threads\n"));
        Assert.That(page, Does.Contain("| some work | 1.05 x | 1.01 to 1.2 | 9 | 123 | <= 1.1 | reached |"));
        Assert.That(page, Does.Contain("| more work | 41.26 % of torch.mm | 40 to 43 | 6 |  | >= 65 | not reached |"));
        Assert.That(page, Does.Contain("| bf16 |  |  |  |  | >= 2.2 | no bf16 instructions here |"));
        Assert.That(page, Does.Contain("- reached: 1 of 2 measured rows; 1 not measured\n"));
        Assert.That(page, Does.Contain("- more work: forward passes 31.0 %; AdamW 20.0 %. Tried: this and that.\n"));
        Assert.That(page, Does.Not.Contain("beside other work"));
    }

    [Test]
    public void Of_BusyMachine_SaysThatNumbersAreProvisional() =>
        Assert.That(PerformancePage.Of([Report(Reached with { OtherWork = 0.4 })]), Does.Contain("40.0 % of").And.Contains("provisional"));

    [Test]
    public void Read_WrittenReports_AreAllThere()
    {
        using var folder = new TemporaryFolder();
        var (one, other) = (Report(Reached, Short, NotMeasured), Report(Short) with { Threads = 1 });
        foreach (var report in (PerformanceReport[])[one, other])
            AtomicFile.WriteText(folder.File(report.FileName()), Json.Text(report));

        var read = PerformancePage.Read(folder.Path);

        Assert.That(
            read.Select(report => report.Kind()), Is.EqualTo(new[] { "A Processor, AVX2, 1 thread", "A Processor, AVX2, 2 threads" }));
        Assert.That(PerformancePage.Of(read), Is.EqualTo(PerformancePage.Of([other, one])));
    }

    [TestCase(1, 1, 1)]
    [TestCase(5, 1, 5)]
    [TestCase(8, 1, 8)]
    [TestCase(9, 2, 8)]
    [TestCase(12, 3, 10)]
    public void Of_CountingNumbers_EnclosesTheMedianInAtLeast95Percent(int count, double low, double high)
    {
        var interval = MedianInterval.Of(Enumerable.Range(1, count).Reverse().Select(i => (double)i));

        Assert.That(interval, Is.EqualTo(new MedianInterval((count + 1) / 2.0, low, high, count)));
    }

    [Test]
    public void Of_NoNumbers_IsRefused() => Assert.That(() => MedianInterval.Of([]), Throws.ArgumentException);
}
