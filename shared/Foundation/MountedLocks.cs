namespace Replication;

/// <summary>Whether locks on files of a folder hold between machines, by how its file system is mounted.</summary>
internal static class MountedLocks
{
    private const string Mounts = "/proc/self/mountinfo";

    /// <summary>Why they do not, in one sentence; null where they do, or nobody says otherwise.</summary>
    /// <param name="folder">The folder; it need not be there.</param>
    public static string? Doubt(string folder)
    {
        try
        {
            return OperatingSystem.IsLinux() && File.Exists(Mounts) ? Doubt(Path.GetFullPath(folder), File.ReadAllLines(Mounts)) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The same by the lines of Linux' mountinfo.</summary>
    internal static string? Doubt(string folder, IEnumerable<string> mounts)
    {
        // "36 35 98:0 /root /mount/point rw,noatime master:1 - type source options"; of two mounts over one folder the later counts.
        var mount = mounts.Select(line => line.Split(' '))
            .Where(fields => fields.Length > 4 && Array.IndexOf(fields, "-") is > 4 and var dash && fields.Length > dash + 3)
            .Select(fields =>
                (Point: fields[4].Replace("\\040", " ", StringComparison.Ordinal), Description: fields[(Array.IndexOf(fields, "-") + 1)..]))
            .Where(mount => Holds(mount.Point, folder)).OrderBy(mount => mount.Point.Length).LastOrDefault();
        if (mount.Description is not [var type, _, var options, ..])
            return null;
        var words = options.Split(',');
        var why = type switch
        {
            "nfs" or "nfs4" => words.FirstOrDefault(word => word is "nolock" or "local_lock=all" or "local_lock=flock") is { } word
                ? $"NFS mounted with {word}"
                : null,
            "lustre" => words.Contains("flock", StringComparer.Ordinal) ? null : "Lustre mounted without flock",
            _ => null,
        };
        return why is null
            ? null
            : $"{folder} is on {why}, where locks do not hold between machines: let no other machine compute in this folder at the "
                + $"same time; docs/cluster.md says more.";
    }

    private static bool Holds(string point, string folder) =>
        point == "/" || folder == point || folder.StartsWith(point + "/", StringComparison.Ordinal);
}
