namespace Replication.CommandLine;

/// <summary>The folder that holds Replication.sln, data and results, whatever the current folder is.</summary>
public static class RepositoryRoot
{
    /// <summary>The nearest folder at or above <paramref name="start"/> (default: the program's own) that holds Replication.sln.</summary>
    /// <exception cref="ReplicationException">There is none.</exception>
    public static string Find(string? start = null)
    {
        start ??= AppContext.BaseDirectory;
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Replication.sln")))
                return folder.FullName;
        }
        throw new ReplicationException(
            $"No folder above {start} holds Replication.sln; run the program from a checkout of the repository.");
    }
}
