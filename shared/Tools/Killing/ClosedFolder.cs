namespace Replication.Tools.Killing;

/// <summary>The results may not be written to over a half-done plan, and may after the process has said so; root may everything.</summary>
internal sealed class ClosedFolder() : Trial("no permission, then given")
{
    private const UnixFileMode Written = UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    public override string? Obstacle =>
        OperatingSystem.IsWindows() ? "needs Unix" : Environment.IsPrivilegedProcess ? "needs a user who is not root" : null;

    public override int Disturb(PlanProcess plan, RandomStream random)
    {
        var first = plan.Start();
        first.Wait(plan.Undisturbed * random.NextDouble());
        PlanProcess.Kill(first);
        SetWritable(plan.Results, false);
        try
        {
            return PlanProcess.Refused(plan.Start(), "denied", "permission") ? 1 : 0;
        }
        finally
        {
            SetWritable(plan.Results, true);
        }
    }

    private static void SetWritable(string folder, bool isWritable)
    {
        if (OperatingSystem.IsWindows())
            return;
        foreach (var path in Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories).Append(folder).ToList())
        {
            var mode = File.GetUnixFileMode(path);
            File.SetUnixFileMode(path, isWritable ? mode | UnixFileMode.UserWrite : mode & ~Written);
        }
    }
}
