using Replication.Runs;

namespace Replication.Tests.Runs;

public class EvidenceTests
{
    private RunBench _bench = null!;
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void SetUp() => (_bench, _folder) = (new RunBench(), new TemporaryFolder());

    [TearDown]
    public void TearDown()
    {
        _bench.Dispose();
        _folder.Dispose();
    }

    [Test]
    public void Load_Exported_FindsTheRunWithoutItsWeights()
    {
        var run = Export(new CountingRun("a"));

        var found = Evidence.Load(_folder.Path)(new CountingRun("a"))!;

        Assert.Multiple(() =>
        {
            Assert.That(found.Result.Facts, Is.EqualTo(run.Result.Facts));
            Assert.That(File.ReadAllText(Path.Combine(found.Path, "metrics.jsonl")), Is.EqualTo(File.ReadAllText(Path.Combine(run.Path, "metrics.jsonl"))));
            Assert.That(File.Exists(Path.Combine(found.Path, "predictions-dev.tsv")), Is.False);
            Assert.That(Directory.Exists(found.ModelFolder), Is.False);
            Assert.That(Path.GetFileName(found.Path), Is.EqualTo(run.Manifest.Key[..12]));
            Assert.That(Evidence.Load(_folder.Path)(new CountingRun("b")), Is.Null);
        });
    }

    [Test]
    public void Export_Again_DropsRunsThatAreNoLongerWantedAndLeavesOtherFiles()
    {
        var run = Export(new CountingRun("a"));
        AtomicFile.WriteText(_folder.File("claims.csv"), "id\n");
        AtomicFile.WriteText(_folder.File("figures/figure-2.svg"), "<svg/>");
        Directory.CreateDirectory(_folder.File("0123.partial"));

        Export(new CountingRun("b"));

        Assert.That(Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName), Is.EquivalentTo(new[]
        {
            "claims.csv", "figures", _bench.Store.Key(new CountingRun("b"))[..12],
        }));
        Assert.That(Directory.Exists(run.Path), Is.True);
    }

    [Test]
    public void Export_EvidenceWasDamaged_IsMended()
    {
        var run = Export(new CountingRun("a"));
        var copy = Path.Combine(_folder.Path, run.Manifest.Key[..12], "metrics.jsonl");
        File.AppendAllText(copy, "x");
        Assert.That(() => Evidence.Read(_folder.Path), Throws.TypeOf<ReplicationException>().With.Message.Contains("metrics.jsonl was changed"));

        Export(new CountingRun("a"));

        Assert.That(Evidence.Read(_folder.Path), Has.Count.EqualTo(1));
    }

    [Test]
    public void Export_LongMetrics_AreCompressedAndReadAsBefore()
    {
        var run = Export(new CountingRun("a", Steps: 200));

        var found = Evidence.Load(_folder.Path)(new CountingRun("a", Steps: 200))!;

        var packed = Path.Combine(found.Path, "metrics.jsonl.gz");
        Assert.Multiple(() =>
        {
            Assert.That(new FileInfo(packed).Length, Is.LessThan(new FileInfo(Path.Combine(run.Path, "metrics.jsonl")).Length / 2));
            Assert.That(MetricsReader.Lines(found).Select(line => line.GetRawText()), Is.EqualTo(File.ReadAllLines(Path.Combine(run.Path, "metrics.jsonl"))));
        });
        File.WriteAllText(packed, "no longer compressed");
        Assert.That(() => Evidence.Read(_folder.Path), Throws.TypeOf<ReplicationException>().With.Message.Contains("metrics.jsonl was changed"));
    }

    [Test]
    public void Export_RunWasChangedAfterItsEnd_IsRefused()
    {
        var run = _bench.Executor.Run(new CountingRun("a"), CancellationToken.None);
        File.AppendAllText(Path.Combine(run.Path, "metrics.jsonl"), "x");

        Assert.That(() => Evidence.Export([run], _folder.Path), Throws.TypeOf<ReplicationException>().With.Message.Contains("metrics.jsonl was changed"));
        Assert.That(Evidence.Read(_folder.Path), Is.Empty);
    }

    [Test]
    public void Stale_EverythingIsThere_IsEmpty()
    {
        Export(new CountingRun("a"));

        Assert.That(Evidence.Stale([new CountingRun("a")], _folder.Path, name => name == "numbers" ? "00ff" : null), Is.Empty);
    }

    [Test]
    public void Stale_RecipeOrDataChanged_SaysWhich()
    {
        Export(new CountingRun("a", 5));

        var recipe = Evidence.Stale([new CountingRun("a", 6)], _folder.Path, _ => null);
        var data = Evidence.Stale([new CountingRun("a", 5)], _folder.Path, _ => "11ee");

        Assert.Multiple(() =>
        {
            Assert.That(recipe.Select(s => s.Reason), Has.Exactly(1).Contains("no evidence").And.Exactly(1).Contains("no longer declares"));
            Assert.That(data.Single().Reason, Does.Contain("numbers with sha256 00ff, which is now 11ee"));
        });
    }

    [Test]
    public void Read_NoFolder_IsEmpty() => Assert.That(Evidence.Read(_folder.File("none")), Is.Empty);

    private FinishedRun Export(CountingRun spec)
    {
        var run = _bench.Executor.Run(spec, CancellationToken.None);
        Evidence.Export([run], _folder.Path);
        return run;
    }
}
