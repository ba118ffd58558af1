namespace Replication.Tools.Killing;

/// <summary>A trial on a disk of its own.</summary>
internal abstract class DiskTrial(string name) : Trial(name)
{
    /// <summary>The disk of this round.</summary>
    protected SmallDisk Disk { get => field ?? throw new InvalidOperationException("Begin comes first."); private set; }

    public override string? Obstacle => SmallDisk.Obstacle;

    public override IDisposable Begin(PlanProcess plan) => Disk = SmallDisk.Mount(plan.Results);
}

/// <summary>The disk is full at some byte of what the plan writes, and freed after the process has said so.</summary>
internal sealed class FullDisk() : DiskTrial("disk full, then freed")
{
    // Checkpoints come on top of what an undisturbed process leaves.
    private const double MostShare = 1.2;

    public override int Disturb(PlanProcess plan, RandomStream random)
    {
        Disk.Fill(but: (long)(plan.Bytes * MostShare * random.NextDouble()));
        var refused = PlanProcess.Refused(plan.Start(), "No space left");
        Disk.Free();
        return refused ? 1 : 0;
    }
}

/// <summary>The disk becomes read-only over a half-done plan, and writable after the process has said so.</summary>
internal sealed class ReadOnlyDisk() : DiskTrial("read-only, then writable")
{
    public override int Disturb(PlanProcess plan, RandomStream random)
    {
        var first = plan.Start();
        first.Wait(plan.Undisturbed * random.NextDouble());
        PlanProcess.Kill(first);
        Disk.SetReadOnly(true);
        try
        {
            return PlanProcess.Refused(plan.Start(), "Read-only file system") ? 1 : 0;
        }
        finally
        {
            Disk.SetReadOnly(false);
        }
    }
}
