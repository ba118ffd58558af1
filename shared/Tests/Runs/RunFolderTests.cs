using Replication.Runs;

namespace Replication.Tests.Runs;

public class RunFolderTests
{
    private FakeClock _clock = null!;
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void SetUp() => (_folder, _clock) = (new TemporaryFolder(), new FakeClock());

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public void Acquire_HeldByAnother_SaysByWhomAndGivesUp()
    {
        using var first = Acquire();
        var said = new List<string>();

        var failure = Assert.Throws<ReplicationException>(() => Acquire(TimeSpan.FromSeconds(3), said.Add))!;

        Assert.Multiple(() =>
        {
            Assert.That(failure.Message,
                Does.Contain($"is in use by process {Environment.ProcessId} on {Environment.MachineName} since 2026-01-02 03:04:05 UTC"));
            Assert.That(said, Has.Count.EqualTo(1));
            Assert.That(said[0], Does.Contain($"process {Environment.ProcessId}"));
        });
    }

    [Test]
    public void Acquire_HolderLetsGo_Succeeds()
    {
        var first = Acquire();
        _clock.Waiting = first.Dispose;

        using var second = Acquire(Timeout.InfiniteTimeSpan);

        Assert.That(second.Path, Is.EqualTo(first.Path));
    }

    [Test]
    public void Acquire_OwnerFileOfAKilledProcess_Succeeds()
    {
        File.WriteAllText(_folder.File(".owner.json"), "{ torn");
        File.WriteAllText(_folder.File(".lock"), "");

        Assert.DoesNotThrow(() => Acquire().Dispose());
    }

    [Test]
    public void Acquire_CancelledWhileWaiting_Stops()
    {
        using var first = Acquire();
        using var source = new CancellationTokenSource();
        _clock.Waiting = source.Cancel;

        Assert.Catch<OperationCanceledException>(
            () => RunFolder.Acquire(_folder.Path, "Run", "AVX2", Timeout.InfiniteTimeSpan, null, _clock, source.Token));
    }

    [Test]
    public void Acquire_FolderCannotBeMade_SaysSoInOneSentence()
    {
        File.WriteAllText(_folder.File("results"), "a file where a folder should be");

        var failure = Assert.Throws<ReplicationException>(
            () => RunFolder.Acquire(_folder.File("results/runs/a"), "Run", "AVX2", TimeSpan.Zero, null, _clock))!;

        Assert.That(failure.Message, Does.StartWith("Cannot use the folder").And.Contain("results/runs/a").And.Not.Contain("\n"));
    }

    [Test]
    public void Truncate_LaterAndTornLines_AreDropped()
    {
        using (var metrics = new MetricsWriter(_folder.File("metrics.jsonl")))
        {
            foreach (var step in new[] { 1, 2, 2, 3 })
                metrics.Append(step, Values(step));
        }
        var whole = File.ReadAllText(_folder.File("metrics.jsonl"));
        File.AppendAllText(_folder.File("metrics.jsonl"), "{\"step\":4,\"lo");

        using (var resumed = new MetricsWriter(_folder.File("metrics.jsonl")))
        {
            resumed.Truncate(2);
            resumed.Append(3, Values(3));
        }

        Assert.That(File.ReadAllText(_folder.File("metrics.jsonl")), Is.EqualTo(whole));
    }

    [Test]
    public void Append_NoTruncateBefore_BeginsAnew()
    {
        File.WriteAllText(_folder.File("metrics.jsonl"), "{\"step\":9}\n");
        using (var metrics = new MetricsWriter(_folder.File("metrics.jsonl")))
            metrics.Append(1, Values(0.5));

        Assert.That(File.ReadAllText(_folder.File("metrics.jsonl")), Is.EqualTo("{\"step\":1,\"loss\":0.5}\n"));
    }

    [Test]
    [SetCulture("de-DE")]
    public void Append_NotFiniteAndFractions_AreWrittenTheSameInEveryCulture()
    {
        using (var metrics = new MetricsWriter(_folder.File("metrics.jsonl")))
            metrics.Append(1, new Dictionary<string, object?> { ["loss"] = double.NaN, ["f1"] = null, ["terms"] = Values(1.25) });

        Assert.That(File.ReadAllText(_folder.File("metrics.jsonl")),
            Is.EqualTo("{\"step\":1,\"loss\":\"NaN\",\"f1\":null,\"terms\":{\"loss\":1.25}}\n"));
    }

    private static Dictionary<string, object?> Values(double loss) => new() { ["loss"] = loss };

    private RunFolder Acquire(TimeSpan? waitFor = null, Action<string>? onWaiting = null) =>
        RunFolder.Acquire(_folder.Path, "Run", "AVX2", waitFor ?? TimeSpan.Zero, onWaiting, _clock);
}
