using System.Diagnostics;
using Replication.Tools.Equality;

namespace Replication.Tools.Killing;

/// <summary>
/// The plan's processes in one folder, which all rounds use since paths are part of what is compared, and what they leave there.
/// </summary>
/// <param name="root">The folder.</param>
internal sealed class PlanProcess(string root)
{
    private SortedDictionary<string, string> _expected = new(StringComparer.Ordinal);

    /// <summary>Where the plan writes.</summary>
    public string Results { get; } = Path.Combine(root, "results");

    /// <summary>How long an undisturbed process takes.</summary>
    public TimeSpan Undisturbed { get; private set; }

    /// <summary>What an undisturbed one leaves.</summary>
    public long Bytes { get; private set; }

    /// <summary>Runs the plan undisturbed, for the bytes that every other way has to end with.</summary>
    public void Begin()
    {
        KillChild.Prepare(root);
        var watch = Stopwatch.StartNew();
        EndWell(Start());
        Undisturbed = watch.Elapsed;
        Bytes = new DirectoryInfo(Results).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
        _expected = Content();
    }

    /// <summary>Empties the results folder.</summary>
    public void Clear()
    {
        if (Directory.Exists(Results))
            Directory.Delete(Results, recursive: true);
        Directory.CreateDirectory(Results);
    }

    /// <summary>Starts one.</summary>
    /// <param name="words">Further words for <see cref="KillChild"/>.</param>
    /// <param name="variable">An environment variable; null for none.</param>
    public StartedProcess Start(string[]? words = null, (string Name, string Value)? variable = null) =>
        StartedProcess.Of(["kill-child", root, .. words ?? []], variable);

    /// <summary>Lets a process end.</summary>
    /// <exception cref="TrialFault">It failed.</exception>
    public static void EndWell(StartedProcess process)
    {
        var (exit, output, error) = process.End();
        if (exit != 0)
            throw new TrialFault(
                $"A process that was let end, ended with {exit}: {error.Trim()} "
                + $"{output.Split('\n').LastOrDefault(line => line.Length > 0)}");
    }

    /// <summary>Kills a process.</summary>
    /// <returns>Whether it was still running.</returns>
    /// <exception cref="TrialFault">It had ended, and failed.</exception>
    public static bool Kill(StartedProcess process)
    {
        if (process.HasEnded)
        {
            EndWell(process);
            return false;
        }
        process.Kill();
        return true;
    }

    /// <summary>Lets a process end that cannot do what it is asked.</summary>
    /// <returns>Whether it refused; it may have had nothing more to write.</returns>
    /// <exception cref="TrialFault">It failed otherwise than with one sentence that says why.</exception>
    public static bool Refused(StartedProcess process, params string[] reasons)
    {
        var (exit, _, error) = process.End();
        return Refused(exit, error, reasons);
    }

    /// <summary>The same of what a process ended with.</summary>
    public static bool Refused(int exit, string error, params string[] reasons)
    {
        if (exit == 0)
            return false;
        var errors = error.Split('\n').Where(line => line.Length > 0 && !line.StartsWith("warning: ", StringComparison.Ordinal)).ToList();
        return exit == ReplicationException.Failure && errors is [var only] && only.StartsWith("error: ", StringComparison.Ordinal)
            && reasons.Any(reason => only.Contains(reason, StringComparison.OrdinalIgnoreCase))
            ? true
            : throw new TrialFault(
                $"A process ended with {exit} and not with one sentence that names {string.Join(" or ", reasons)}: "
                + $"{string.Join(" / ", errors.Take(3))}");
    }

    /// <summary>What is another than an undisturbed process leaves; null for nothing.</summary>
    public string? Difference()
    {
        var content = Content();
        return LeftFiles.Different(_expected, content) is not [var other, ..]
            ? null
            : $"{other} is {(content.ContainsKey(other) ? _expected.ContainsKey(other) ? "another" : "there" : "missing")}";
    }

    // The ledger beside a report holds times.
    private SortedDictionary<string, string> Content()
    {
        try
        {
            var content = LeftFiles.Of(Results);
            foreach (var name in content.Keys.Where(
                name => name.StartsWith("local/", StringComparison.Ordinal) && name.Contains("/runs", StringComparison.Ordinal)).ToList())
                content.Remove(name);
            return content;
        }
        catch (InvalidDataException e)
        {
            throw new TrialFault(e.Message);
        }
    }
}
