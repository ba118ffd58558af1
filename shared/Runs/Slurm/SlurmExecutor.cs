namespace Replication.Runs.Slurm;

/// <summary>
/// Hands a plan to Slurm, which does all scheduling: array jobs of runs with afterok dependencies, and when all have ended, well or not,
/// the report. On GPUs one job first builds the program for them, so that the others find it built.
/// </summary>
public sealed class SlurmExecutor
{
    private readonly SlurmSettings _settings;
    private readonly string _folder;
    private readonly SlurmScript _scripts;
    private readonly SlurmOrder _order;

    /// <summary>Prepares the hand-over.</summary>
    /// <param name="settings">What the cluster wants to be told.</param>
    /// <param name="root">The repository.</param>
    /// <param name="folder">Where scripts and logs go.</param>
    /// <param name="order">What is handed over.</param>
    public SlurmExecutor(SlurmSettings settings, string root, string folder, SlurmOrder order)
    {
        (_settings, _folder, _order) = (settings, folder, order);
        _scripts = new SlurmScript(settings, order.Run, root, Path.Combine(folder, "logs"));
    }

    /// <summary>The scripts as they would be submitted, with what each waits for.</summary>
    public IEnumerable<(string Script, string? Dependency)> Scripts() =>
        Steps().Select(step => (step.Script, step.Dependency(need => need.Job)));

    /// <summary>Writes and submits all jobs.</summary>
    /// <param name="client">Slurm.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="ReplicationException">Slurm refused a job; those before it stay submitted and are named in jobs.json.</exception>
    public SlurmSubmission Submit(SlurmClient client, DateTimeOffset now)
    {
        Directory.CreateDirectory(Path.Combine(_folder, "logs"));
        var submission = new SlurmSubmission(_order.Typed, now, []);
        var ids = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var step in Steps())
        {
            var script = Path.Combine(_folder, step.Name + ".sh");
            AtomicFile.WriteText(script, step.Script);
            ids[step.Name] = client.Submit(script, step.Dependency(need => ids[need.Job]));
            submission = submission with { Jobs = [.. submission.Jobs, new SubmittedJob(ids[step.Name], step.Name, step.Labels)] };
            submission.Write(_folder);
        }
        return submission;
    }

    private IEnumerable<Step> Steps()
    {
        var jobs = SlurmJobs.Of(_order.Name, _order.Plan, _order.IsFinished, _settings.RunsPerJob, _order.Seconds);
        Waited[] first = [];
        if (_settings.Gpus > 0)
        {
            var build = $"{_order.Name}-build";
            first = [new Waited(build, "")];
            yield return new Step(build, _scripts.Of(build, _order.Build), [], []);
        }
        foreach (var job in jobs)
        {
            Waited[] after = job.Needs.Count == 0
                ? first
                : [.. job.Needs.Select(n => new Waited(jobs[n.Job].Name, FormattableString.Invariant($"_{n.Task}")))];
            yield return new Step(
                job.Name, _scripts.Of(job, _order.Key), after, [.. job.Tasks.Select(t => t.Select(run => run.Label).ToArray())]);
        }
        var report = $"{_order.Name}-report";
        yield return new Step(
            report, _scripts.Of(report, _order.Report), jobs.Count == 0 ? first : [.. jobs.Select(job => new Waited(job.Name, ""))], [])
            { Condition = "afterany" };
    }

    private sealed record Step(string Name, string Script, IReadOnlyList<Waited> After, IReadOnlyList<IReadOnlyList<string>> Labels)
    {
        public string Condition { get; init; } = "afterok";

        public string? Dependency(Func<Waited, string> id) =>
            After.Count == 0 ? null : $"{Condition}:{string.Join(':', After.Select(need => id(need) + need.Suffix))}";
    }

    private sealed record Waited(string Job, string Suffix);
}

/// <summary>What is handed to Slurm.</summary>
/// <param name="Name">How the jobs' names begin, such as "tinybert-paper".</param>
/// <param name="Typed">What a person typed.</param>
/// <param name="Plan">The runs.</param>
/// <param name="IsFinished">Whether a run is there.</param>
/// <param name="Key">A run's key.</param>
/// <param name="Seconds">How long a run takes by the estimate; null where there is none.</param>
/// <param name="Run">The command that, with keys added, computes those runs alone; a word an entry.</param>
/// <param name="Report">The command that writes the report of the runs that are there and computes nothing.</param>
/// <param name="Build">The command that builds the program and does nothing.</param>
public sealed record SlurmOrder(
    string Name, string Typed, Plan Plan, Func<PlannedRun, bool> IsFinished, Func<PlannedRun, string> Key,
    Func<PlannedRun, double?> Seconds, IReadOnlyList<string> Run, IReadOnlyList<string> Report, IReadOnlyList<string> Build);
