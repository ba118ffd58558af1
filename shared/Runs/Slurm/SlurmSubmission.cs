namespace Replication.Runs.Slurm;

/// <summary>A job that was handed to Slurm.</summary>
/// <param name="Id">Slurm's id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Tasks">The labels of each task's runs; empty for a job of one command.</param>
public sealed record SubmittedJob(string Id, string Name, IReadOnlyList<IReadOnlyList<string>> Tasks);

/// <summary>What one command handed to Slurm, kept beside the runs so that it can be watched.</summary>
/// <param name="Command">What a person typed.</param>
/// <param name="Submitted">When.</param>
/// <param name="Jobs">The jobs.</param>
public sealed record SlurmSubmission(string Command, DateTimeOffset Submitted, IReadOnlyList<SubmittedJob> Jobs)
{
    private const string FolderName = ".slurm", FileName = "jobs.json";

    /// <summary>A new folder for scripts, logs and the list of jobs; its name sorts by time.</summary>
    public static string NewFolder(string runsFolder, DateTimeOffset now) =>
        Path.Combine(runsFolder, FolderName, FormattableString.Invariant($"{now.UtcDateTime:yyyyMMdd-HHmmss}"));

    /// <summary>Writes the list of jobs.</summary>
    public void Write(string folder) => AtomicFile.WriteText(Path.Combine(folder, FileName), Json.Text(this));

    /// <summary>The submissions beside some runs, the oldest first.</summary>
    /// <exception cref="ReplicationException">A list of jobs is damaged.</exception>
    public static IReadOnlyList<SlurmSubmission> Read(string runsFolder)
    {
        var folder = Path.Combine(runsFolder, FolderName);
        return !Directory.Exists(folder)
            ? []
            : [.. Directory.EnumerateFiles(folder, FileName, SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal).Select(f => Json.Read<SlurmSubmission>(f))];
    }
}
