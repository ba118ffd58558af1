using Replication.Runs;
using Replication.Runs.Slurm;

namespace Replication.Tests.Runs;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class SlurmTests
{
    private readonly Recorder _slurm = new();

    private static readonly SlurmSettings Settings =
        new() { Partition = "gpu", Account = "nlp", Time = "02:00:00", Memory = "16G", RunsPerJob = 2 };

    [Test]
    public void Of_StudentsOfOneTeacher_AreOneArrayThatWaitsForIt()
    {
        var jobs = SlurmJobs.Of("paper", Family(students: 5), _ => false, runsPerJob: 2, _ => 60);
        Assert.That(jobs.Select(job => job.Tasks.Count), Is.EqualTo(new[] { 1, 3 }));
        Assert.That(jobs[1].Tasks.Select(task => task.Count), Is.EqualTo(new[] { 2, 2, 1 }));
        Assert.That(jobs[1].Needs, Is.EqualTo(new[] { new SlurmNeed(0, 0) }));
    }

    [Test]
    public void Of_FinishedTeacher_IsNotWaitedFor()
    {
        var plan = Family(students: 3);
        var jobs = SlurmJobs.Of("paper", plan, run => run.Needs.Count == 0, runsPerJob: 8, _ => 60);
        Assert.That(jobs, Has.Count.EqualTo(1));
        Assert.That(jobs[0].Needs, Is.Empty);
    }

    [Test]
    public void Of_Chain_EveryRunComesAfterWhatItNeeds()
    {
        var first = new CountingRun("first");
        var second = new CountingRun("second", Parts: [first]);
        var third = new CountingRun("third", Parts: [second]);
        var jobs = SlurmJobs.Of("paper", Plan.Build([third, new CountingRun("alone")]), _ => false, runsPerJob: 4, _ => 60);
        Assert.That(jobs.Select(job => job.Tasks.Sum(task => task.Count)).Sum(), Is.EqualTo(4));
        Assert.That(jobs.Index().All(job => job.Item.Needs.All(need => need.Job < job.Index)), Is.True);
    }

    [Test]
    public void Of_MoreRunsThanAnArrayHolds_MakesSeveral()
    {
        var jobs = SlurmJobs.Of("paper", Family(students: 1500), _ => false, runsPerJob: 1, _ => 60);
        Assert.That(jobs.Select(job => job.Tasks.Count), Is.EqualTo(new[] { 1, 1000, 500 }));
    }

    [Test]
    public void Submit_Plan_HandsJobsOverWithTheirDependencies()
    {
        using var folder = new TemporaryFolder();
        var submission = Executor(folder.Path).Submit(new SlurmClient(_slurm), DateTimeOffset.UnixEpoch);
        Assert.That(_slurm.Calls.Select(call => call[1]), Is.EqualTo(new[]
        {
            folder.File("paper-1.sh"), "--dependency=afterok:100_0", "--dependency=afterany:100:101",
        }));
        Assert.That(submission.Jobs.Select(job => job.Id), Is.EqualTo(new[] { "100", "101", "102" }));
        var script = File.ReadAllText(folder.File("paper-2.sh"));
        Assert.That(script, Does.StartWith("#!/bin/bash\n#SBATCH --job-name=paper-2\n"));
        foreach (var option in new[] {
            "--array=0-1", "--requeue", "--signal=B:USR1@180", "--partition=gpu", "--account=nlp", "--time=02:00:00", "--mem=16G" })
            Assert.That(script, Does.Contain($"#SBATCH {option}\n"));
        Assert.That(script, Does.Contain("reproduce --threads 2 'a b' --only \"${runs[$SLURM_ARRAY_TASK_ID]}\" &"));
    }

    [Test]
    public void Submit_RefusedByCluster_KeepsWhatWasSubmitted()
    {
        using var folder = new TemporaryFolder();
        _slurm.FailAfter = 1;
        Assert.That(() => Executor(folder.Path).Submit(new SlurmClient(_slurm), DateTimeOffset.UnixEpoch),
            Throws.TypeOf<ReplicationException>().With.Message.Contains("invalid partition"));
        Assert.That(Json.Read<SlurmSubmission>(folder.File("jobs.json")).Jobs.Select(job => job.Id), Is.EqualTo(new[] { "100" }));
    }

    [Test]
    public void Submit_NoSlurm_SaysSo() =>
        Assert.That(() => new SlurmClient(new Recorder { Exists = false }).Submit("a.sh", null),
            Throws.TypeOf<ReplicationException>().With.Message.StartsWith("The program sbatch is not here"));

    [Test]
    public void Scripts_OnGpus_BuildFirst()
    {
        var scripts = Executor("/nowhere", Settings with { Gpus = 1 }).Scripts().ToList();
        Assert.That(scripts[0].Script, Does.Contain("--job-name=paper-build").And.Contain("--gres=gpu:1"));
        Assert.That(scripts[1].Dependency, Is.EqualTo("afterok:paper-build"));
    }

    [Test]
    public void States_QueueAndAccounting_AreJoined()
    {
        _slurm.Queue = "7_2|RUNNING|1:05|node1\n7_10|PENDING|0:00|(Dependency)\n";
        _slurm.Accounting = "7_1|COMPLETED|00:10:00|0:0\n7_2|RUNNING|00:01:05|0:0\n6|CANCELLED by 0|00:00:00|0:0\n7_[3-10]|PENDING|0|0:0\n";
        var states = new SlurmClient(_slurm).States(["6", "7"], out var trouble);
        Assert.That(trouble, Is.Null);
        Assert.That(states.Select(s => (s.Id, s.State)), Is.EqualTo(new[]
        {
            ("6", "CANCELLED"), ("7_1", "COMPLETED"), ("7_2", "RUNNING"), ("7_10", "PENDING"),
        }));
    }

    [TestCase("""{ "partition": "gpu; rm -rf /" }""", "partition")]
    [TestCase("""{ "time": "soon" }""", "time")]
    [TestCase("""{ "time": "3" }""", "time")]
    [TestCase("""{ "time": "2:59", "warnSeconds": 179 }""", "time")]
    [TestCase("""{ "time": "00:03:00" }""", "time")]
    [TestCase("""{ "gpus": -1 }""", "gpus")]
    [TestCase("""{ "options": ["--wrap=a b"] }""", "options")]
    [TestCase("""{ "runsPerJob": 0 }""", "runsPerJob")]
    [TestCase("""{ "partitions": "gpu" }""", "partitions")]
    public void Read_BadSettings_NamesTheKey(string json, string key)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("slurm.json", json);
        Assert.That(() => SlurmSettings.Read(path),
            Throws.TypeOf<ReplicationException>().With.Message.Contains(key).And.Message.Contains(path));
    }

    [TestCase("0")]
    [TestCase("4")]
    [TestCase("3:01")]
    [TestCase("00:03:01")]
    [TestCase("1-0")]
    public void Read_TimeAboveTheWarning_IsTaken(string time)
    {
        using var folder = new TemporaryFolder();
        Assert.That(SlurmSettings.Read(folder.Write("slurm.json", $$"""{ "time": "{{time}}" }""")).Time, Is.EqualTo(time));
    }

    [Test]
    public void Of_LongRunsAndRunsWithoutEstimate_HaveATaskEach()
    {
        var runs = Plan.Build(Enumerable.Range(0, 6).Select(i => new CountingRun($"run {i}")));
        var estimates = runs.Runs.Zip(new double?[] { 60, 7200, null, 1799, 1800, 0 })
            .ToDictionary(pair => pair.First, pair => pair.Second);
        var jobs = SlurmJobs.Of("paper", runs, _ => false, runsPerJob: 4, run => estimates[run]);
        Assert.That(jobs.Single().Tasks.Select(task => task.Count), Is.EqualTo(new[] { 3, 1, 1, 1 }));
    }

    [Test]
    public void Scripts_FoldersWithBlanksAndPercents_AreQuoted()
    {
        var script = Executor("/my runs/100%", root: "/my work").Scripts().First().Script;
        Assert.That(script, Does.Contain("#SBATCH --chdir=\"/my work\"\n"));
        Assert.That(script, Does.Contain("#SBATCH --output=\"/my runs/100%%/logs/%x-%A_%a.log\"\n"));
        Assert.That(() => Executor("/a\"b").Scripts().First(), Throws.TypeOf<ReplicationException>().With.Message.Contains("/a\"b"));
    }

    [Test]
    public void Scripts_Job_SaysHowLongSavingMayTake() =>
        Assert.That(Executor("/runs").Scripts().First().Script, Does.Contain("export REPRODUCE_GRACE_SECONDS=175\n"));

    private static SlurmExecutor Executor(string folder, SlurmSettings? settings = null, string root = "/repository")
    {
        var order = new SlurmOrder("paper", "./reproduce.ps1 paper", Family(students: 3), _ => false, run => Digest.OfText(run.SpecKey),
            _ => 60, ["reproduce", "--threads", "2", "a b"], ["reproduce", "--gather"], ["reproduce", "data"]);
        return new SlurmExecutor(settings ?? Settings, root, folder, order);
    }

    private static Plan Family(int students)
    {
        var teacher = new CountingRun("teacher");
        return Plan.Build(Enumerable.Range(1, students).Select(i => new CountingRun($"student {i}", Parts: [teacher])));
    }

    private sealed class Recorder : ICommandRunner
    {
        public List<IReadOnlyList<string>> Calls { get; } = [];

        public bool Exists { get; init; } = true;

        public int FailAfter { get; set; } = int.MaxValue;

        public string Queue { get; set; } = "";

        public string Accounting { get; set; } = "";

        public CommandResult? Run(string program, params IReadOnlyList<string> arguments)
        {
            if (!Exists)
                return null;
            // Without the word squeue leaves out what has ended.
            if (program == "squeue")
                return new CommandResult(0, arguments.Contains("--states=all", StringComparer.Ordinal) ? Queue : "", "");
            if (program == "sacct")
                return new CommandResult(0, Accounting, "");
            if (Calls.Count >= FailAfter)
                return new CommandResult(1, "", "sbatch: error: invalid partition specified: gpu\n");
            Calls.Add(arguments);
            return new CommandResult(0, FormattableString.Invariant($"{99 + Calls.Count}\n"), "");
        }
    }
}
