using Replication.CommandLine;
using Replication.Runs;

namespace Replication.Tests.Runs;

public class LedgerTests
{
    private RunBench _bench = null!;
    private TemporaryFolder _folder = null!;

    private string Lines => _folder.File(LedgerFile.Name);

    [SetUp]
    public void SetUp() => (_bench, _folder) = (new RunBench(), new TemporaryFolder());

    [TearDown]
    public void TearDown()
    {
        _bench.Dispose();
        _folder.Dispose();
    }

    [Test]
    public void Find_Written_HasWhatTheRunFoundButItsWeights()
    {
        var run = Execute(new CountingRun("a"));
        Ledger.Write(_folder.Path, [run]);

        var ledger = Ledger.Read(_folder.Path);
        var found = ledger.Find(new CountingRun("a"))!;

        Assert.Multiple(() =>
        {
            Assert.That(found.Result.Facts, Is.EqualTo(run.Run.Result.Facts));
            Assert.That(found.Curves, Is.EqualTo(run.Run.Curves).And.Count.EqualTo(5));
            Assert.That(found.Curves[0], Is.EqualTo(new CurvePoint("train", "sum", 1, 1)));
            Assert.That(found.Manifest.Files.Keys, Is.EqualTo(new[] { "model/model.safetensors", "predictions-dev.tsv" }));
            Assert.That((found.Manifest.Key, found.Manifest.Started, found.Manifest.Processors),
                Is.EqualTo((run.Run.Manifest.Key, run.Run.Manifest.Started, run.Run.Manifest.Processors)));
            Assert.That(ledger.Runs.Single().Identity, Is.EqualTo(run.Identity));
            Assert.That(Directory.Exists(found.ModelFolder), Is.False);
            Assert.That(ledger.Find(new CountingRun("b")), Is.Null);
        });
    }

    [Test]
    public void Write_WhatWasRead_GivesTheSameBytes()
    {
        Ledger.Write(_folder.Path, [Noted("b"), Noted("a")]);
        var before = Bytes();

        Ledger.Write(_folder.Path, Ledger.Read(_folder.Path).Runs.Reverse());

        Assert.That(before.Keys, Is.EqualTo(new[] { "arrays.parquet", "curves.parquet", "predictions.parquet", "runs.jsonl.gz" }));
        Assert.That(Bytes(), Is.EqualTo(before));
        var keys = LedgerFile.Read(_folder.Path).Single().Lines
            .Select(line => line[line.IndexOf("\"key\":", StringComparison.Ordinal)..]).ToArray();
        Assert.That(keys, Is.Ordered.Using((IComparer<string>)StringComparer.Ordinal));
    }

    [Test]
    public void Find_RunWithNotes_HasArraysLongSamplesAndPredictions()
    {
        Ledger.Write(_folder.Path, [Noted("a")]);

        var found = Ledger.Read(_folder.Path).Find(new CountingRun("a"))!;

        Assert.Multiple(() =>
        {
            Assert.That(found.Arrays.Single().Labels, Is.EqualTo(new[] { "[CLS]", "fine" }));
            Assert.That(found.Arrays.Single().Rows, Is.EqualTo(new[] { new[] { 0.25, 0.75 }, [0.1, 0.9] }));
            Assert.That(found.Result.Samples["importance"], Is.EqualTo(Enumerable.Range(0, 64).Select(i => i / 3.0)));
            Assert.That(found.Predictions, Is.EqualTo(new RowPrediction[] { new("dev", 0, 1, 1), new("dev", 1, 0, 1) }));
            Assert.That(LedgerFile.Read(_folder.Path).Single().Lines, Has.None.Contain("importance"));
        });
    }

    [Test]
    public void Write_Again_LeavesTheRunsThatAreNotNamedOut()
    {
        Ledger.Write(_folder.Path, [Noted("a"), Execute(new CountingRun("b"))]);
        AtomicFile.WriteText(_folder.File("claims.csv"), "id\n");

        Ledger.Write(_folder.Path, [Execute(new CountingRun("b"))]);

        Assert.That(Ledger.Read(_folder.Path).Runs.Select(run => run.Identity.Variant), Is.EqualTo(new[] { "Counting b" }));
        Assert.That(Bytes().Keys, Is.EqualTo(new[] { "claims.csv", "curves.parquet", "runs.jsonl.gz" }));
    }

    [Test]
    public void Write_RunWasChangedAfterItsEnd_IsRefusedAndNothingIsWritten()
    {
        var run = Execute(new CountingRun("a"));
        File.AppendAllText(Path.Combine(run.Run.Path, "metrics.jsonl"), "{\"step\":6,\"sum\":99}\n");

        Assert.That(() => Ledger.Write(_folder.Path, [run]),
            Throws.TypeOf<ReplicationException>().With.Message.Contains("metrics.jsonl was changed"));
        Assert.That(Bytes(), Is.Empty);
    }

    [Test]
    public void Add_FromSeveralAtOnce_KeepsAll()
    {
        var runs = Enumerable.Range(0, 8).Select(i => Execute(new CountingRun($"run {i}"))).ToArray();

        Parallel.ForEach(runs, run => Ledger.Add(_folder.Path, [run]));

        Assert.That(Ledger.Read(_folder.Path).Runs, Has.Count.EqualTo(8));
        Assert.That(Ledger.Read(_folder.Path).Runs.Select(run => run.Run.Curves.Count), Has.All.EqualTo(5));
    }

    [Test]
    public void Add_RunThatIsThere_StaysUnlessItsDataChanged()
    {
        var run = Execute(new CountingRun("a"));
        using var other = new RunBench(_bench.Workspace.Environment with { Threads = 7 });
        Ledger.Write(_folder.Path, [run]);

        Ledger.Add(_folder.Path, [Execute(new CountingRun("a"), other)]);
        var kept = Ledger.Read(_folder.Path).Find(new CountingRun("a"))!.Manifest.Environment.Threads;
        var changed = run with { Run = run.Run with { Manifest = run.Run.Manifest with { Inputs = [new RunInput("numbers", "11ee")] } } };
        Ledger.Add(_folder.Path, [changed]);

        Assert.That(kept, Is.EqualTo(run.Run.Manifest.Environment.Threads));
        Assert.That(Ledger.Read(_folder.Path).Find(new CountingRun("a"))!.Manifest.Inputs.Single().Sha256, Is.EqualTo("11ee"));
    }

    [Test]
    public void Name_PaperCallsARunOtherwise_ChangesItsNameAlone()
    {
        Ledger.Write(_folder.Path, [Noted("a"), Execute(new CountingRun("b"))]);
        var before = Bytes();

        Ledger.Name(_folder.Path, Plan.Build([new CountingRun("a")]));
        var same = Bytes();
        Ledger.Name(_folder.Path, Plan.Build([new DeclaredRun(new RunIdentity("KD", "SST-2", 2), new CountingRun("a"))]));

        Assert.Multiple(() =>
        {
            Assert.That(same, Is.EqualTo(before));
            Assert.That(Ledger.Read(_folder.Path).Runs.Select(run => run.Identity.Describe()),
                Is.EquivalentTo(new[] { "SST-2 KD, seed 2", "Counting b" }));
            Assert.That(Bytes()["arrays.parquet"], Is.EqualTo(before["arrays.parquet"]));
        });
    }

    [Test]
    public void Covers_RunOfTheSameData_IsDone()
    {
        Ledger.Write(_folder.Path, [Execute(new CountingRun("a"))]);

        var ledger = Ledger.Read(_folder.Path);

        Assert.That((ledger.Covers(new CountingRun("a"), _bench.Workspace), ledger.Covers(new CountingRun("a", 6), _bench.Workspace)),
            Is.EqualTo((true, false)));
    }

    [TestCase("\"schema\":1", "\"schema\":2", "line 1 has schema 2")]
    [TestCase("\"scores\":{}", "\"scores\":null", "line 1: not a run of the ledger")]
    [TestCase("\"facts\":{", "\"fact\":{", "line 1: not a run of the ledger")]
    [TestCase("{\"schema\"", "schema", "line 1: not a run of the ledger")]
    public void Read_DamagedLine_IsNamed(string text, string damaged, string sentence)
    {
        Ledger.Write(_folder.Path, [Execute(new CountingRun("a"))]);
        Edit(lines => [.. lines.Select(line => line.Replace(text, damaged, StringComparison.Ordinal))]);

        Assert.That(() => Ledger.Read(_folder.Path), Throws.TypeOf<ReplicationException>().With.Message.Contains($"{Lines}, {sentence}"));
    }

    [Test]
    public void Read_LineTwice_IsRefused()
    {
        Ledger.Write(_folder.Path, [Execute(new CountingRun("a"))]);
        Edit(lines => [.. lines, .. lines]);

        Assert.That(() => Ledger.Read(_folder.Path), Throws.TypeOf<ReplicationException>().With.Message.Contains("line 2 has a run twice"));
    }

    [Test]
    public void Curves_DamagedTable_IsNamed()
    {
        Ledger.Write(_folder.Path, [Execute(new CountingRun("a"))]);
        File.WriteAllText(_folder.File("curves.parquet"), "no table");

        Assert.That(() => Ledger.Read(_folder.Path).Runs[0].Run.Curves,
            Throws.TypeOf<ReplicationException>().With.Message.Contains("curves.parquet cannot be read as Parquet"));
    }

    [Test]
    public void Curves_TableThatClaimsMoreThanItHolds_AllocatesNoneOfIt()
    {
        Ledger.Write(_folder.Path, [Execute(new CountingRun("a"))]);
        File.Copy(Path.Combine(RepositoryRoot.Find(), "shared", "Tests", "Cases", "curves-that-claim.parquet"),
            _folder.File("curves.parquet"), overwrite: true);
        var run = Ledger.Read(_folder.Path).Runs[0].Run;
        // What the first call compiles is nobody's fault.
        Assert.That(() => run.Curves, Throws.TypeOf<ReplicationException>());

        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.That(() => Ledger.Read(_folder.Path).Runs[0].Run.Curves,
            Throws.TypeOf<ReplicationException>().With.Message.Contains("curves.parquet cannot be read as Parquet"));

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(8 << 20));
    }

    [Test]
    public void Read_NoFolder_IsEmpty() => Assert.That(Ledger.Read(_folder.File("none")).Runs, Is.Empty);

    [Test]
    public void Stale_EverythingIsThere_IsEmpty()
    {
        Ledger.Write(_folder.Path, [Execute(new CountingRun("a", Parts: [new CountingRun("b")])), Execute(new CountingRun("b"))]);

        Assert.That(Stale(new CountingRun("a", Parts: [new CountingRun("b")]), "00ff"), Is.Empty);
    }

    [Test]
    public void Stale_RecipeOrDataOrLineChanged_SaysWhich()
    {
        Ledger.Write(_folder.Path, [Execute(new CountingRun("a"))]);
        var recipe = Stale(new CountingRun("a", 6), "00ff");
        var data = Stale(new CountingRun("a"), "11ee");
        Edit(lines => [.. lines.Select(line => line.Replace("\"threads\":1", "\"threads\":2", StringComparison.Ordinal))]);
        var line = Stale(new CountingRun("a"), "00ff");

        Assert.Multiple(() =>
        {
            Assert.That(recipe.Select(s => s.Reason),
                Has.Exactly(1).Contains("the ledger does not have it").And.Exactly(1).Contains("no longer declares"));
            Assert.That(data.Single().Reason, Does.Contain("numbers with sha256 00ff, which is now 11ee"));
            Assert.That(line.Single().Reason, Does.Contain("does not follow from the recipe, inputs, environment and needs"));
        });
    }

    private IReadOnlyList<StaleRun> Stale(RunSpec declared, string numbers) =>
        LedgerCheck.Stale([declared], Ledger.Read(_folder.Path), name => name == "numbers" ? numbers : null);

    private void Edit(Func<IReadOnlyList<string>, IReadOnlyCollection<string>> edit) =>
        LedgerFile.Write(_folder.Path, LedgerFile.Bytes(edit(LedgerFile.Read(_folder.Path).Single().Lines)));

    private LedgerRun Execute(CountingRun spec, RunBench? bench = null) =>
        new(spec.Identity(), (bench ?? _bench).Executor.Run(spec, CancellationToken.None));

    // A run with all that a ledger can hold, put together by hand.
    private LedgerRun Noted(string name)
    {
        var run = Execute(new CountingRun(name));
        var folder = _folder.File($"noted-{name}");
        RunArray.Write(folder, [new RunArray("attention", ["[CLS]", "fine"], [[0.25, 0.75], [0.1, 0.9]])]);
        File.Copy(Path.Combine(run.Run.Path, "metrics.jsonl"), Path.Combine(folder, "metrics.jsonl"));
        File.WriteAllText(
            Path.Combine(folder, "predictions-dev.tsv"),
            "index\tprediction\tlabel\tlogit no\tlogit yes\n0\tyes\tyes\t0\t1\n1\tyes\tno\t0\t1\n");
        var samples = new Dictionary<string, IReadOnlyList<double>> { ["importance"] = [.. Enumerable.Range(0, 64).Select(i => i / 3.0)] };
        return run with
        {
            Run = new FinishedRun(
                folder, run.Run.Manifest with { Files = new Dictionary<string, string>() }, run.Run.Result with { Samples = samples }),
        };
    }

    private SortedDictionary<string, string> Bytes() => new(
        Directory.GetFiles(_folder.Path).Where(file => !Path.GetFileName(file).StartsWith('.'))
            .ToDictionary(file => Path.GetFileName(file), Digest.OfFile), StringComparer.Ordinal);
}
