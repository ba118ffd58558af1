using Replication.Runs;

namespace Replication.Tests.Runs;

public class RunExecutorTests
{
    private RunBench _bench = null!;

    [SetUp]
    public void SetUp() => _bench = new RunBench();

    [TearDown]
    public void TearDown() => _bench.Dispose();

    [Test]
    public void Run_NewRun_LeavesResultManifestAndNothingUnfinished()
    {
        var run = _bench.Executor.Run(new CountingRun("a"), CancellationToken.None);

        Assert.Multiple(() =>
        {
            Assert.That(run.Result.Facts["sum"], Is.EqualTo(1 + Math.Sqrt(2) + Math.Sqrt(3) + 2 + Math.Sqrt(5)).Within(1e-12));
            Assert.That(run.Manifest.Key, Is.EqualTo(_bench.Store.Key(new CountingRun("a"))));
            Assert.That(run.Manifest.Spec.GetProperty("steps").GetInt32(), Is.EqualTo(5));
            Assert.That(run.Manifest, Has.Property("Resumes")
                .EqualTo(0).And.Property("Commit").EqualTo("abc").And.Property("Started").EqualTo(_bench.Clock.GetUtcNow()));
            Assert.That(run.Manifest.Files.Keys,
                Is.EqualTo(new[] { "metrics.jsonl", "model/model.safetensors", "predictions-dev.tsv", "result.json" }));
            Assert.That(Directory.GetFileSystemEntries(run.Path).Select(Path.GetFileName),
                Has.None.StartsWith(".check").And.None.StartsWith(".sit").And.None.StartsWith(".owner"));
            Assert.DoesNotThrow(() => RunStore.Verify(run));
        });
    }

    [Test]
    public void Run_FinishedRun_IsNotComputedAgain()
    {
        var first = _bench.Executor.Run(new CountingRun("a"), CancellationToken.None);
        var manifest = File.ReadAllBytes(Path.Combine(first.Path, "manifest.json"));
        _bench.Clock.Advance(TimeSpan.FromHours(1));

        _bench.Executor.Run(new CountingRun("a"), CancellationToken.None);

        Assert.That(File.ReadAllBytes(Path.Combine(first.Path, "manifest.json")), Is.EqualTo(manifest));
    }

    [TestCase(1)]
    [TestCase(3)]
    [TestCase(4)]
    public void Run_StoppedAndGoneOnWith_EndsWithTheSameBytes(long stopAt)
    {
        using var unstopped = new RunBench();
        var expected = unstopped.Files(unstopped.Executor.Run(new CountingRun("a"), CancellationToken.None));
        using var source = new CancellationTokenSource();
        _bench.Progress.OnAdvance = done =>
        {
            _bench.Clock.Advance(TimeSpan.FromSeconds(1));
            if (done == stopAt)
                source.Cancel();
        };
        Assert.Catch<OperationCanceledException>(() => _bench.Executor.Run(new CountingRun("a"), source.Token));
        _bench.Clock.Advance(TimeSpan.FromDays(1));

        var run = _bench.Executor.Run(new CountingRun("a"), CancellationToken.None);

        Assert.Multiple(() =>
        {
            Assert.That(_bench.Files(run), Is.EquivalentTo(expected));
            Assert.That(run.Manifest.Resumes, Is.EqualTo(1));
            Assert.That(run.Manifest.Seconds, Is.EqualTo(5).Within(1e-9));
            Assert.That(_bench.Progress.Heard, Has.Member($"begin Counting a {stopAt}/5 steps"));
        });
    }

    // A kill leaves lines and files that no checkpoint knows of.
    [Test]
    public void Run_KilledAfterTheCheckpoint_EndsWithTheSameBytes()
    {
        using var unstopped = new RunBench();
        var expected = unstopped.Files(unstopped.Executor.Run(new CountingRun("a"), CancellationToken.None));
        _bench.Progress.OnAdvance = done =>
        {
            if (done == 3)
                throw new InvalidOperationException("killed");
        };
        Assert.Throws<InvalidOperationException>(() => _bench.Executor.Run(new CountingRun("a"), CancellationToken.None));
        File.AppendAllText(Path.Combine(_bench.Store.Folder(new CountingRun("a")), "metrics.jsonl"), "{\"step\":");
        _bench.Progress.OnAdvance = null;

        var run = _bench.Executor.Run(new CountingRun("a"), CancellationToken.None);

        Assert.That(_bench.Files(run), Is.EquivalentTo(expected));
    }

    [Test]
    public void Run_KilledBetweenManifestAndCleaning_IsFinishedAndCleaned()
    {
        var run = _bench.Executor.Run(new CountingRun("a"), CancellationToken.None);
        Directory.CreateDirectory(Path.Combine(run.Path, ".checkpoints"));

        _bench.Executor.Run(new CountingRun("a"), CancellationToken.None);

        Assert.That(Directory.Exists(Path.Combine(run.Path, ".checkpoints")), Is.False);
    }

    [Test]
    public void Run_FinishedOnAnotherKindOfProcessor_IsUsedAndSaysSoOnce()
    {
        var (first, second) = (new CountingRun("a"), new CountingRun("b"));
        var there = _bench.Executor.Run(Plan.Build([first, second]), CancellationToken.None).Finished;

        var here = On("AVX-512").Run(Plan.Build([first, second]), CancellationToken.None).Finished;

        Assert.That(here.Select(run => run.Path), Is.EqualTo(there.Select(run => run.Path)));
        Assert.That(_bench.Progress.Heard, Has.Exactly(1).Contains("computed on another kind of processor (AVX2; this one has AVX-512)"));
    }

    [Test]
    public void Run_ResumedOnAnotherKindOfProcessor_IsMarked()
    {
        using var stop = new CancellationTokenSource();
        _bench.Progress.OnAdvance = _ => stop.Cancel();
        Assert.Throws<OperationCanceledException>(() => On("AVX-512").Run(new CountingRun("a"), stop.Token));
        _bench.Progress.OnAdvance = null;

        var mixed = _bench.Executor.Run(new CountingRun("a"), CancellationToken.None);
        var pure = _bench.Executor.Run(new CountingRun("b"), CancellationToken.None);

        Assert.That((mixed.Manifest.Processors, pure.Manifest.Processors), Is.EqualTo((new[] { "AVX-512", "AVX2" }, new[] { "AVX2" })));
    }

    [Test]
    public void OutdatedFolders_ManifestOfAnEarlierKeyVersion_IsNamed()
    {
        _bench.Executor.Run(new CountingRun("a"), CancellationToken.None);
        AtomicFile.WriteText(
            Path.Combine(_bench.Workspace.RunsFolder, "count-old-0123456789ab", RunStore.ManifestName), "{\"key\":\"0123456789ab\"}");
        AtomicFile.WriteText(Path.Combine(_bench.Workspace.RunsFolder, "count-torn-0123456789ab", RunStore.ManifestName), "{\"key");

        Assert.That(_bench.Store.OutdatedFolders().Select(Path.GetFileName), Is.EqualTo(new[] { "count-old-0123456789ab" }));
    }

    [Test]
    public void Run_NeededRuns_AreComputedFirstAndHandedOver()
    {
        var run = _bench.Executor.Run(new CountingRun("a", 1, [new CountingRun("b", 1), new CountingRun("c", 4)]), CancellationToken.None);

        Assert.That(run.Result.Facts["needed"], Is.EqualTo(1 + 1 + Math.Sqrt(2) + Math.Sqrt(3) + 2).Within(1e-12));
    }

    [Test]
    public void Run_PlanWithAFailure_FinishesWhatDoesNotNeedIt()
    {
        var bad = new CountingRun("bad", FailAt: 2);
        var plan = Plan.Build([new CountingRun("dependent", Parts: [bad]), new CountingRun("good")]);

        var outcome = _bench.Executor.Run(plan, CancellationToken.None);

        Assert.Multiple(() =>
        {
            Assert.That(outcome.Finished.Select(r => r.Manifest.Label), Is.EqualTo(new[] { "Counting good" }));
            Assert.That(outcome.Failed.Select(f => f.Reason), Is.EqualTo(new[]
            {
                "Counting bad failed: bad cannot count beyond 2.",
                "Counting dependent was not begun: it needs Counting bad, which failed.",
            }));
            Assert.That(outcome.IsComplete, Is.False);
        });
    }

    [Test]
    public void Run_DiskIsFull_StopsThePlan()
    {
        _bench.Progress.OnAdvance = _ =>
            throw new ReplicationException("Cannot write.", inner: new IOException("No space left on device", 28));

        Assert.Throws<ReplicationException>(
            () => _bench.Executor.Run(Plan.Build([new CountingRun("a"), new CountingRun("b")]), CancellationToken.None));
    }

    [Test]
    public void Run_HeldByAnother_TakesWhatThatOneFinished()
    {
        var spec = new CountingRun("a");
        var held = RunFolder.Acquire(_bench.Store.Folder(spec), "Counting a", "AVX2", TimeSpan.Zero, null, _bench.Clock);
        _bench.Clock.Waiting = () =>
        {
            _bench.Clock.Waiting = null;
            held.Dispose();
            _bench.Executor.Run(spec, CancellationToken.None);
        };

        _bench.Executor.Run(spec, CancellationToken.None);

        Assert.Multiple(() =>
        {
            Assert.That(_bench.Progress.Heard.Count(h => h.StartsWith("begin", StringComparison.Ordinal)), Is.EqualTo(1));
            Assert.That(_bench.Progress.Heard, Has.Some.Contains($"process {Environment.ProcessId}"));
        });
    }

    [Test]
    public void Run_PlanWithARunHeldByAnother_ComputesTheOthersMeanwhile()
    {
        var (first, second) = (new CountingRun("first"), new CountingRun("second"));
        var held = RunFolder.Acquire(_bench.Store.Folder(first), "Counting first", "AVX2", TimeSpan.Zero, null, _bench.Clock);
        _bench.Clock.Waiting = () =>
        {
            _bench.Clock.Waiting = null;
            held.Dispose();
        };

        var outcome =
            _bench.Executor.Run(Plan.Build([first, new CountingRun("dependent", Parts: [first]), second]), CancellationToken.None);

        Assert.That(outcome.Finished.Select(run => run.Manifest.Label),
            Is.EqualTo(new[] { "Counting second", "Counting first", "Counting dependent" }));
    }

    [Test]
    public void Verify_ChangedFile_NamesIt()
    {
        var run = _bench.Executor.Run(new CountingRun("a"), CancellationToken.None);
        File.AppendAllText(Path.Combine(run.Path, "predictions-dev.tsv"), "x");

        Assert.That(() => RunStore.Verify(run),
            Throws.TypeOf<ReplicationException>().With.Message.Contains("predictions-dev.tsv was changed"));
    }

    [Test]
    public void Run_NeededModelHasAByteChanged_IsRefusedByName()
    {
        var teacher = new CountingRun("teacher");
        var model = Path.Combine(_bench.Executor.Run(teacher, CancellationToken.None).Path, "model", "model.safetensors");
        Flip(model);

        Assert.That(
            () => _bench.Executor.Run(new CountingRun("student", Parts: [teacher]), CancellationToken.None),
            Throws.TypeOf<ReplicationException>().With.Message.Contains($"{model} was changed after its run ended"));
    }

    [TestCase("result.json")]
    [TestCase("metrics.jsonl")]
    [TestCase("predictions-dev.tsv")]
    public void Run_FinishedRunHasAByteChanged_IsRefusedByName(string file)
    {
        var run = _bench.Executor.Run(new CountingRun("a"), CancellationToken.None);
        Flip(Path.Combine(run.Path, file));

        Assert.That(() => _bench.Executor.Run(new CountingRun("a"), CancellationToken.None), Throws.TypeOf<ReplicationException>());
    }

    // The last byte that is no line end.
    private static void Flip(string path)
    {
        var bytes = File.ReadAllBytes(path);
        bytes[Array.FindLastIndex(bytes, b => b is not ((byte)'\n' or (byte)'}'))] ^= 1;
        File.WriteAllBytes(path, bytes);
    }

    [Test]
    public void Find_LabelWasReworded_FindsTheRunByItsKey()
    {
        var run = _bench.Executor.Run(new CountingRun("a"), CancellationToken.None);
        var renamed = Path.Combine(Path.GetDirectoryName(run.Path)!, "count-another-label-" + run.Manifest.Key[..12]);
        Directory.Move(run.Path, renamed);

        Assert.That(_bench.Store.Find(new CountingRun("a"))!.Path, Is.EqualTo(renamed));
    }

    private RunExecutor On(string processor) =>
        new(_bench.Workspace with { Processor = new Processor("another", [processor]) }, _bench.Store, _bench.Progress);
}
