using Replication.CommandLine;
using Replication.Runs;
using Replication.Studies;
using Replication.Tests.Runs;

namespace Replication.Tests.CommandLine;

public sealed class ExportVerbTests
{
    [Test]
    public void Export_ReplicateNamesOneRun_CopiesItsModel()
    {
        using var session = new Session();
        session.Run("fakepaper", "--seeds", "12");
        var target = Path.Combine(session.Root, "student");

        var call = session.Run(
            "export", "fakepaper", "--seeds", "12", "--method", "fake run [second]", "--replicate", "1", "--output", target);

        Assert.That(call.Exit, Is.Zero, call.Error);
        Assert.That(File.ReadAllText(Path.Combine(target, "config.json")), Is.EqualTo("{}"));
        Assert.That(call.Output, Does.StartWith("fake run [second], seed 1 is in "));
    }

    [Test]
    public void Export_SeveralRunsFit_ListsThem()
    {
        using var session = new Session();
        session.Run("fakepaper", "--seeds", "2");

        var call = session.Run(
            "export", "fakepaper", "--seeds", "2", "--method", "Fake Run [second]", "--output", Path.Combine(session.Root, "student"));

        Assert.That(call.Exit, Is.EqualTo(2));
        Assert.That(call.Error,
            Does.Contain("2 runs fit --method 'Fake Run [second]'; there are: fake run [second], seed 1; fake run [second], seed 2."));
    }

    [TestCase("model/config.json", "{ }", "config.json was changed after its run ended")]
    [TestCase("model/config.json", null, "config.json is missing though the run's manifest lists it")]
    [TestCase("manifest.json", "", "manifest.json, line 1: not the JSON that was expected")]
    [TestCase("result.json", null, "result.json")]
    public void Export_RunIsDamaged_SaysWhatToDeleteAndCopiesNothing(string name, string? content, string sentence)
    {
        using var session = new Session();
        session.Run("fakepaper");
        var folder = Directory.GetDirectories(Path.Combine(session.Results, "runs"), "fake-fake-run-second-*").Single();
        if (content is null)
            File.Delete(Path.Combine(folder, name));
        else
            File.WriteAllText(Path.Combine(folder, name), content);
        var target = Path.Combine(session.Root, "student");

        var call = session.Run("export", "fakepaper", "--method", "Fake Run [second]", "--output", target);

        Assert.That(call.Exit, Is.EqualTo(1));
        Assert.That(call.Error,
            Does.Contain(sentence).And.EndsWith($"; delete the folder {folder} and run the command that computes it again.\n"));
        Assert.That(target, Does.Not.Exist);
    }

    [TestCase("fake run [second]", "error: The run 'fake run [second], seed 1' was computed with 3 threads; add --threads 3.\n")]
    [TestCase("third",
        "error: No trained model of fakepaper, profile quick, is on this machine; run './reproduce.ps1 fakepaper --profile quick' "
        + "first.\n")]
    public void Export_ComputedWithOtherThreads_SaysSo(string method, string error)
    {
        using var session = new Session();
        session.Run("fakepaper", "--threads", "3");

        var call = session.Run(
            "export", "fakepaper", "--method", method, "--threads", "1", "--output", Path.Combine(session.Root, "student"));

        Assert.That((call.Exit, call.Error), Is.EqualTo((1, error)));
    }

    [TestCase("cuda", 2, "2.10.0", "was computed on cuda with 2 threads; add --device cuda --profile quick --threads 2.")]
    [TestCase("cpu", 1, "2.9.0",
        "was computed with 1 thread and libtorch 2.9.0, where there is 2.10.0 now; run './reproduce.ps1 fakepaper --profile quick' to "
        + "compute it again.")]
    public void OtherEnvironment_Explain_SaysWhatDiffersAndWhatToDo(string device, int threads, string libtorch, string sentence)
    {
        using var bench = new RunBench();
        var here = bench.Workspace.Environment;
        var there = bench.Workspace with { Environment = here with { Device = device, Threads = threads, Libtorch = libtorch } };
        var request = new ExperimentRequest { Profile = Profile.Quick };
        new RunExecutor(there, new RunStore(there), bench.Progress, new ExecutorOptions { Commit = _ => null, Machine = "a machine" })
            .Run(new FakeRun(1), CancellationToken.None);

        Assert.That(OtherEnvironment.Explain(bench.Store, [new FakeRun(1)], here, request, new FakePaper()),
            Is.EqualTo($"The run 'fake run [first], seed 1' {sentence}"));
        Assert.That(OtherEnvironment.Explain(bench.Store, [new FakeRun(2)], here, request, new FakePaper()), Is.Null);
    }

    [Test]
    public void Export_RunWroteNoModel_DoesNotCount()
    {
        using var session = new Session { Paper = new FakePaper { Writes = "augmented.parquet" } };
        session.Run("fakepaper");

        var call = session.Run("export", "fakepaper", "--method", "Fake Run [second]", "--output", Path.Combine(session.Root, "student"));

        Assert.That(call.Exit, Is.EqualTo(1));
        Assert.That(call.Error, Does.Contain("No trained model of fakepaper"));
    }

    [Test]
    public void Export_FolderHoldsSomethingElse_IsRefused()
    {
        using var session = new Session();
        File.WriteAllText(Path.Combine(session.Root, "thesis.tex"), "");

        var call = session.Run("export", "fakepaper", "--output", session.Root);

        Assert.That(call.Exit, Is.EqualTo(2));
        Assert.That(call.Error, Does.Contain(", no part of a model; name a new or empty folder"));
    }
}
