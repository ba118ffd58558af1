using Replication.Runs;
using Replication.Runs.Slurm;

namespace Replication.Tests.CommandLine;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ClusterTests
{
    private readonly Cluster _cluster = new();

    [Test]
    public void Paper_SettingsFileThatIsNotThere_IsRefused()
    {
        using var session = Open();
        var call = session.Run("fakepaper", "--on", "slurm", "--cluster", "none.json");
        Assert.That(call.Exit, Is.EqualTo(2));
        Assert.That(call.Error, Is.EqualTo($"error: --cluster is {Path.GetFullPath("none.json")}, and there is no such file.\n"));
        Assert.That(_cluster.Scripts, Is.Empty);
    }

    [TestCase("paper", true)]
    [TestCase("quick", false)]
    public void Paper_PaperProfileWithoutGpus_SaysSo(string profile, bool isSaid)
    {
        using var session = Open();
        var call = session.Run("fakepaper", "--profile", profile, "--on", "slurm", "--cluster", Settings(session));
        Assert.That(call.Exit, Is.Zero, call.Error);
        Assert.That(call.Error.Contains("The jobs compute on CPUs (--device cpu)", StringComparison.Ordinal), Is.EqualTo(isSaid));
    }

    [Test]
    public void Paper_LocksThatDoNotHold_AreDoubtedBeforeJobsAreSubmitted()
    {
        using var session = new Session { Commands = _cluster, LockDoubt = folder => $"{folder} is doubtful." };
        var call = session.Run("fakepaper", "--on", "slurm", "--cluster", Settings(session));
        Assert.That(call.Lines[0], Does.EndWith("is doubtful."), call.Error);
    }

    [Test]
    public void Paper_Output_IsHandedToTheReportAlone()
    {
        using var session = Open();
        session.Run("fakepaper", "--on", "slurm", "--cluster", Settings(session), "--output", Path.Combine(session.Root, "out"), "--all");
        Assert.That(_cluster.Scripts[^1], Does.Contain($"--gather --output {Path.Combine(session.Root, "out")} --all &"));
        Assert.That(_cluster.Scripts[0], Does.Not.Contain("--output ").And.Not.Contain("--gather"));
        session.Run("fakepaper", "--on", "slurm", "--cluster", Settings(session), "--update-results");
        Assert.That(_cluster.Scripts[^1], Does.Contain("--gather --update-results &"));
    }

    [Test]
    public void Paper_ContinueOnSlurm_IsRefused()
    {
        using var session = Open();
        var call = session.Run("fakepaper", "--on", "slurm", "--cluster", Settings(session), "--continue");
        Assert.That((call.Exit, _cluster.Scripts.Count), Is.EqualTo((2, 0)));
        Assert.That(call.Error, Does.StartWith("error: --continue does not go with --on slurm"));
    }

    [Test]
    public void Paper_Gather_WritesTheReportOfWhatIsThereAndComputesNothing()
    {
        var executed = 0;
        using var session = new Session { Paper = new FakePaper { Executing = () => executed++ } };
        session.Run("fakepaper");
        executed = 0;
        var call = session.Run("fakepaper", "--seeds", "2", "--gather");
        Assert.That((call.Exit, executed), Is.EqualTo((1, 0)), call.Error);
        Assert.That(call.Error, Does.StartWith("error: 2 of 4 runs failed, so the report has gaps; the first: fake run [first]"));
        Assert.That(Ledger.Read(session.Local).Runs, Has.Count.EqualTo(2));
    }

    [Test]
    public void Watch_ControllerThatCannotBeReached_IsToldAndTheWatchGoesOn()
    {
        _cluster.Answers = new Queue<CommandResult>([
            new(0, "100_0|RUNNING|0:01|node\n", ""),
            new(1, "", "slurm_load_jobs error: Unable to contact slurm controller (connect failure)\n"),
            new(0, "100_0|COMPLETED|0:02|node\n", ""),
            new(1, "", "slurm_load_jobs error: Invalid job id specified\n")]);
        using var session = Open();
        Submitted(session, "one", "100");
        var call = session.Run("runs", "--watch");
        Assert.That(call.Exit, Is.Zero, call.Error);
        Assert.That(call.Output, Does.Contain("Unable to contact slurm controller"));
        Assert.That(call.Lines[^1], Does.EndWith("0 of 2 tasks still to end, 1 no longer known."));
        Assert.That(_cluster.Answers, Has.Count.EqualTo(1));
    }

    [Test]
    public void Watch_NothingKnownAnyMore_IsNotCalledFinished()
    {
        _cluster.Answers = new Queue<CommandResult>([new(1, "", "slurm_load_jobs error: Invalid job id specified\n")]);
        using var session = Open();
        Submitted(session, "one", "100");
        Assert.That(session.Run("runs", "--watch").Lines[^1], Does.EndWith("0 of 2 tasks still to end, 2 no longer known."));
    }

    [Test]
    public void Watch_SeveralSubmissions_ShowsEachThatHasOpenTasks()
    {
        _cluster.Answers = new Queue<CommandResult>([
            new(0, "100_0|RUNNING|0:01|node\n100_1|RUNNING|0:01|node\n200_0|COMPLETED|0:01|node\n300_0|PENDING|0:00|(Resources)\n", ""),
            new(0, "100_0|COMPLETED|0:01|node\n100_1|FAILED|0:01|node\n300_0|COMPLETED|0:00|node\n300_1|COMPLETED|0:00|node\n", "")]);
        using var session = Open();
        foreach (var (name, id) in new[] { ("one", "100"), ("two", "200"), ("three", "300") })
            Submitted(session, name, id);
        var call = session.Run("runs", "--watch");
        Assert.That(call.Output, Does.Contain("one, submitted").And.Contain("three, submitted").And.Not.Contain("two, submitted"));
        Assert.That(call.Lines[^1], Does.StartWith("three, ").And.EndsWith("0 of 2 tasks still to end."));
    }

    private Session Open() => new() { Commands = _cluster };

    private static string Settings(Session session)
    {
        var path = Path.Combine(session.Root, "slurm.json");
        File.WriteAllText(path, "{}");
        return path;
    }

    private static void Submitted(Session session, string name, string id)
    {
        var folder = SlurmSubmission.NewFolder(Path.Combine(session.Results, "runs"), DateTimeOffset.UnixEpoch) + $"-{id}";
        Directory.CreateDirectory(folder);
        new SlurmSubmission(name, DateTimeOffset.UnixEpoch, [new SubmittedJob(id, name, [["first"], ["second"]])]).Write(folder);
    }

    /// <summary>A Slurm that takes every job and answers squeue with what a test has written.</summary>
    private sealed class Cluster : ICommandRunner
    {
        public List<string> Scripts { get; } = [];

        public Queue<CommandResult> Answers { get; set; } = [];

        public CommandResult? Run(string program, params IReadOnlyList<string> arguments)
        {
            if (program == "squeue")
                return Answers.Dequeue();
            if (program == "sacct")
                return null;
            Scripts.Add(File.ReadAllText(arguments[^1]));
            return new CommandResult(0, FormattableString.Invariant($"{99 + Scripts.Count}\n"), "");
        }
    }
}
