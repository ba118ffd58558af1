using System.ComponentModel;
using System.Diagnostics;

namespace Replication.Runs;

/// <summary>Which commit of the source computes.</summary>
public static class SourceCommit
{
    /// <summary>
    /// The commit that is checked out, "-dirty" appended where a tracked file outside results/ differs; null outside a checkout or without
    /// git.
    /// </summary>
    /// <param name="root">The repository's root.</param>
    public static string? Read(string root)
    {
        // In a folder below the top of some other repository, that repository's commit would say nothing about this source.
        if (Git(root, "rev-parse", "--show-prefix") is not "" || Git(root, "rev-parse", "HEAD") is not { Length: > 0 } commit)
            return null;
        return Git(root, "status", "--porcelain", "--untracked-files=no", "--", ".", ":(exclude)results") is ""
            ? commit
            : commit + "-dirty";
    }

    private static string? Git(string root, params string[] arguments)
    {
        try
        {
            using var git = Process.Start(new ProcessStartInfo("git", arguments)
            {
                WorkingDirectory = root, RedirectStandardOutput = true, RedirectStandardError = true,
            })!;
            git.ErrorDataReceived += (_, _) => { };
            git.BeginErrorReadLine();
            var output = git.StandardOutput.ReadToEnd();
            git.WaitForExit();
            return git.ExitCode == 0 ? output.Trim() : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
