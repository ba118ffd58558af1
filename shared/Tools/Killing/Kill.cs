namespace Replication.Tools.Killing;

/// <summary>SIGKILL.</summary>
/// <param name="name">For the table.</param>
/// <param name="at">Part of the path of a file at whose first writing the process is killed; null for a random moment.</param>
/// <param name="processes">Processes that run at once, one of which is killed.</param>
internal sealed class Kill(string name, string? at = null, int processes = 1) : Trial(name)
{
    // Milliseconds between a file's first byte and the kill, at most.
    private const int MostDelayAtFile = 4;

    public override bool LeavesWork => at is not null;

    public override int Disturb(PlanProcess plan, RandomStream random)
    {
        using var moment = at is null ? null : new FileMoment(plan.Results, at, random);
        var started = Enumerable.Range(0, processes).Select(_ => plan.Start()).ToList();
        if (moment is null)
            started[0].Wait(plan.Undisturbed * random.NextDouble());
        else
            moment.Wait(started[0], random.NextInt32(MostDelayAtFile));
        var wasRunning = PlanProcess.Kill(started[0]);
        foreach (var other in started.Skip(1))
            PlanProcess.EndWell(other);
        return wasRunning ? 1 : 0;
    }

    private sealed class FileMoment : IDisposable
    {
        private readonly ManualResetEventSlim _seen = new();
        private readonly FileSystemWatcher _watcher;

        public FileMoment(string folder, string part, RandomStream random)
        {
            // Checkpoints are many, the others' files few.
            var skip = part == ".checkpoints" ? random.NextInt32(4) : 0;
            _watcher = new FileSystemWatcher(folder) { IncludeSubdirectories = true };
            _watcher.Created += (_, e) =>
            {
                if (e.FullPath.Contains(part, StringComparison.Ordinal) && Interlocked.Decrement(ref skip) < 0)
                    _seen.Set();
            };
            _watcher.EnableRaisingEvents = true;
        }

        public void Wait(StartedProcess process, int delay)
        {
            while (!process.HasEnded && !_seen.Wait(TimeSpan.FromMilliseconds(20)))
            {
                // The event sets it.
            }
            Thread.Sleep(delay);
        }

        public void Dispose()
        {
            _watcher.Dispose();
            _seen.Dispose();
        }
    }
}
