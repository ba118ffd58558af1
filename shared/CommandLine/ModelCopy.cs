using Replication.Bert;
using Replication.Runs;

namespace Replication.CommandLine;

/// <summary>Copies a run's trained model to a folder of the user's choice.</summary>
internal static class ModelCopy
{
    /// <summary>The folder as a full path, if a model may be written there.</summary>
    /// <exception cref="ReplicationException">Something else is there, or nothing can be written there.</exception>
    public static string Target(string folder)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (ModelFiles.Foreign(full) is { } foreign)
            throw new ReplicationException(
                $"--output is {full}, which holds {Path.GetFileName(foreign)}, no part of a model; name a new or empty folder.",
                ReplicationException.UsageError);
        OutputCheck.Folder("--output", full);
        return full;
    }

    /// <summary>Copies the model; an earlier model there is replaced.</summary>
    /// <exception cref="ReplicationException">A file of the model is missing or was changed after the run ended.</exception>
    public static void Write(FinishedRun run, string target)
    {
        RunStore.VerifyModel(run);
        AtomicFolder.Write(target, folder =>
        {
            foreach (var name in run.ModelFiles.Keys)
                File.Copy(Path.Combine(run.Path, name), Path.Combine(folder, Path.GetFileName(name)));
        });
    }
}
