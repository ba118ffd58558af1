using Replication.Runs;

namespace Replication.CommandLine;

/// <summary>Says that run folders of an earlier version of the suite are there, whose keys were made in another way.</summary>
internal static class OutdatedFolders
{
    /// <summary>One sentence; null where there are none.</summary>
    public static string? Explain(Workspace workspace) => new RunStore(workspace).OutdatedFolders() is { Count: > 0 and var count } folders
        ? $"{count} finished {(count == 1 ? "run" : "runs")} in {workspace.RunsFolder} {(count == 1 ? "has a key" : "have keys")} of "
            + $"an earlier version of this suite and {(count == 1 ? "is" : "are")} not found any more, so what they hold is computed "
            + $"again; delete them to free the disk (the first: {Path.GetFileName(folders[0])})."
        : null;
}
