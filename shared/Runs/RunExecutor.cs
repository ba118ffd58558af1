namespace Replication.Runs;

/// <summary>How runs are executed.</summary>
public sealed record ExecutorOptions
{
    /// <summary>Longest wait for another process that computes the same run.</summary>
    public TimeSpan WaitForOther { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>The source's commit for the manifest.</summary>
    public Func<string, string?> Commit { get; init; } = SourceCommit.Read;

    /// <summary>The machine for the manifest, in words; null to describe it.</summary>
    public string? Machine { get; init; }
}

/// <summary>Executes runs on this machine, one after the other; what is finished is not computed again.</summary>
public sealed class RunExecutor
{
    private readonly Workspace _workspace;
    private readonly RunStore _store;
    private readonly IRunProgress _progress;
    private readonly ExecutorOptions _options;
    private readonly Lazy<string?> _commit;
    private readonly HashSet<string> _otherProcessors = new(StringComparer.Ordinal);

    /// <summary>Creates an executor.</summary>
    public RunExecutor(Workspace workspace, RunStore store, IRunProgress progress, ExecutorOptions? options = null)
    {
        (_workspace, _store, _progress, _options) = (workspace, store, progress, options ?? new ExecutorOptions());
        _commit = new Lazy<string?>(() => _options.Commit(workspace.Root));
    }

    /// <summary>Computes a run after what it needs; the first failure ends it.</summary>
    /// <exception cref="ReplicationException">A run failed; what was computed up to its last checkpoint is kept.</exception>
    /// <exception cref="OperationCanceledException">Stopped on request; the next call resumes from the checkpoint.</exception>
    public FinishedRun Run(RunSpec spec, CancellationToken cancellation)
    {
        var done = Plan.Build([spec]).Runs.Select(run => RunAlone(run, cancellation, _progress.Note)).ToList();
        return done[^1];
    }

    /// <summary>
    /// Computes all runs of a plan. A failure stops what needs the failed run, not the others. What another process holds is
    /// left for the end, so that the same command given twice shares the work.
    /// </summary>
    /// <param name="plan">The runs.</param>
    /// <param name="cancellation">Stops.</param>
    /// <param name="ended">Is told of each run as it ends; null for none.</param>
    /// <exception cref="ReplicationException">The disk is full: nothing further could be kept.</exception>
    /// <exception cref="OperationCanceledException">Stopped on request; the next call resumes from the checkpoint.</exception>
    public PlanOutcome Run(Plan plan, CancellationToken cancellation, Action<FinishedRun>? ended = null)
    {
        var finished = new List<FinishedRun>();
        var failed = new Dictionary<string, FailedRun>(StringComparer.Ordinal);
        var pending = plan.Runs.Index().ToList();
        while (pending.Count > 0)
        {
            var next = Next(pending);
            pending.Remove(next);
            var (run, number) = (next.Item, next.Index + 1);
            if (run.Needs.FirstOrDefault(failed.ContainsKey) is { } missing)
            {
                failed[run.SpecKey] = new FailedRun(
                    run, null, $"{run.Label} was not begun: it needs {failed[missing].Run.Label}, which failed.");
                _progress.RunDone(number);
                continue;
            }
            FinishedRun? done = null;
            try
            {
                done = RunAlone(run, cancellation, label => _progress.NextRun(number, plan.Runs.Count, label));
                finished.Add(done);
            }
            catch (Exception e) when (e is not OperationCanceledException && !StorageFailure.IsDiskFull(e))
            {
                failed[run.SpecKey] = new FailedRun(run, e, $"{run.Label} failed: {e.Message}");
                _progress.Note(failed[run.SpecKey].Reason);
            }
            _progress.RunDone(number);
            if (done is not null)
                ended?.Invoke(done);
        }
        return new PlanOutcome(finished, [.. failed.Values]);
    }

    // The first run that lacks nothing and that nobody computes; where all such are held, the first of them, to wait for.
    private (int Index, PlannedRun Item) Next(List<(int Index, PlannedRun Item)> pending)
    {
        var waiting = pending.Select(run => run.Item.SpecKey).ToHashSet(StringComparer.Ordinal);
        var ready = pending.Where(run => !run.Item.Needs.Any(waiting.Contains));
        return ready.Where(run => !IsHeld(run.Item.Spec)).Append(pending[0]).First();
    }

    private bool IsHeld(RunSpec spec)
    {
        try
        {
            return RunFolder.IsHeld(_store.Folder(spec));
        }
        catch (ReplicationException)
        {
            // An input is missing; the run itself says which.
            return false;
        }
    }

    private FinishedRun RunAlone(PlannedRun run, CancellationToken cancellation, Action<string> announce)
    {
        cancellation.ThrowIfCancellationRequested();
        var (spec, label) = (run.Spec, run.Label);
        if (_store.Find(spec) is { } done)
        {
            RunFolder.DiscardLeftovers(done.Path);
            TellOfOtherProcessors(done);
            return done;
        }
        announce(label);
        using var folder = RunFolder.Acquire(_store.Folder(
            spec), label, _workspace.Processor.Kernels, _options.WaitForOther, _progress.Note, _workspace.Clock, cancellation);
        // Whoever held the folder may have finished the run.
        if (_store.Find(spec) is { } meanwhile)
            return meanwhile;
        folder.Stopwatch.Note();
        var context = new RunContext {
            Workspace = _workspace, Label = label, Folder = folder, Need = need => Need(spec, need), Progress = _progress };
        var result = spec.Execute(context, cancellation);
        return Finish(spec, folder, context, result);
    }

    // Once for each kind.
    private void TellOfOtherProcessors(FinishedRun run)
    {
        var kind = string.Join(", then ", run.Manifest.Processors);
        if (kind != _workspace.Processor.Kernels && _otherProcessors.Add(kind))
            _progress.Note(
                $"{run.Manifest.Label} was computed on another kind of processor ({kind}; this one has "
                + $"{_workspace.Processor.Kernels}): it is used as it is, a computation here could differ in the last bits");
    }

    private FinishedRun Need(RunSpec spec, RunSpec need) => _store.Verified(need)
        ?? throw new InvalidOperationException($"{spec.Describe()} asked for {need.Describe()}, which its Needs() does not name.");

    private FinishedRun Finish(RunSpec spec, RunFolder folder, RunContext context, RunResult result)
    {
        folder.Metrics.Complete();
        AtomicFile.WriteText(folder.FilePath(RunStore.ResultName), Json.Text(result));
        var manifest = new RunManifest
        {
            KeyVersion = RunKey.Version,
            Key = _store.Key(spec),
            SpecKey = spec.SpecKey(),
            Kind = spec.Kind,
            Label = spec.Describe(),
            Spec = spec.ToElement(),
            Inputs = spec.Inputs(_workspace),
            Needs = [.. spec.Needs().Select(_store.Key)],
            Environment = _workspace.Environment,
            Processors = folder.Stopwatch.Processors,
            Machine = _options.Machine ?? Machine.Describe(_workspace.Processor),
            Commit = _commit.Value,
            Started = folder.Stopwatch.Started,
            Finished = _workspace.Clock.GetUtcNow(),
            Seconds = folder.Stopwatch.Seconds,
            Resumes = folder.Stopwatch.Resumes,
            Measurements = new SortedDictionary<string, double>(context.Measurements, StringComparer.Ordinal),
            Files = RunFiles.Digests(folder.Path),
        };
        // From here on the run is finished; what is deleted next is only needed to resume it.
        AtomicFile.WriteText(folder.FilePath(RunStore.ManifestName), Json.Text(manifest));
        folder.DiscardUnfinished();
        return RunStore.Open(folder.Path);
    }
}
