using System.Diagnostics;
using System.Globalization;

namespace Replication.Tools.Fuzzing;

/// <summary>What came of a target's mutants.</summary>
/// <param name="Target">The target.</param>
/// <param name="Read">Mutants that were read all the same.</param>
/// <param name="Refused">Mutants that were refused in a sentence.</param>
/// <param name="Faults">What went wrong, each with the mutant's number.</param>
internal sealed record FuzzOutcome(string Target, long Read, long Refused, IReadOnlyList<(long Number, string What)> Faults);

/// <summary>Runs a target's mutants in worker processes; one that dies or never ends is ended, and the rest resumes after it.</summary>
/// <param name="seed">Decides the mutants.</param>
/// <param name="clock">Measures hangs.</param>
internal sealed class FuzzCampaign(long seed, TimeProvider clock)
{
    // Without a word for so long a worker waits for something that never comes; on a loaded machine it may only be slow.
    private static readonly TimeSpan MostSilence = TimeSpan.FromSeconds(180);

    // A worker that has computed for so long without a word hangs.
    private static readonly TimeSpan MostComputing = TimeSpan.FromSeconds(20);

    /// <summary>Tries a target's mutants, from one number to another.</summary>
    public FuzzOutcome Run(FuzzTarget target, long from, long to, CancellationToken cancellation)
    {
        var (read, refused, faults) = (0L, 0L, new List<(long, string)>());
        var next = from;
        while (next < to && !cancellation.IsCancellationRequested)
        {
            var last = -1L;
            var end = Watch(target, next, to, cancellation, line =>
            {
                var words = line.Split(' ', 3);
                if (words.Length < 2 || !long.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                    return;
                last = number;
                _ = words[0] switch { "read" => read++, "refused" => refused++, _ => 0 };
                if (words[0] == "fault")
                    faults.Add((number, words.ElementAtOrDefault(2) ?? ""));
                next = words[0] == "begin" ? number : number + 1;
            });
            if (end is null)
                break;
            if (next < to && !cancellation.IsCancellationRequested)
            {
                faults.Add((next, last < 0 ? $"the worker did not begin: {end}" : end));
                if (last < 0)
                    break;
                next++;
            }
        }
        return new FuzzOutcome(target.Name, read, refused, faults);
    }

    // Null where the worker came to its end.
    private string? Watch(FuzzTarget target, long from, long to, CancellationToken cancellation, Action<string> hear)
    {
        using var worker = Process.Start(new ProcessStartInfo(
            Environment.ProcessPath!, Arguments(target, from, to)) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = worker.StandardError.ReadToEndAsync(CancellationToken.None);
        var line = worker.StandardOutput.ReadLineAsync(CancellationToken.None).AsTask();
        var (heard, computed) = (clock.GetTimestamp(), TimeSpan.Zero);
        while (true)
        {
            if (line.Wait(TimeSpan.FromMilliseconds(500)))
            {
                if (line.Result is not { } text)
                    break;
                hear(text);
                line = worker.StandardOutput.ReadLineAsync(CancellationToken.None).AsTask();
                (heard, computed) = (clock.GetTimestamp(), TimeSpan.Zero);
                if (!cancellation.IsCancellationRequested)
                    continue;
            }
            if (computed == TimeSpan.Zero)
                computed = worker.TotalProcessorTime;
            var hangs = worker.TotalProcessorTime - computed > MostComputing || clock.GetElapsedTime(heard) > MostSilence;
            if (!hangs && !cancellation.IsCancellationRequested)
                continue;
            worker.Kill();
            return hangs ? "it hangs" : "stopped";
        }
        worker.WaitForExit();
        return worker.ExitCode == 0 ? null : $"the process died with {worker.ExitCode}: {LastLine(errors.Result)}";
    }

    private string[] Arguments(FuzzTarget target, long from, long to)
    {
        string[] words = ["fuzz-worker", target.Name, Text(seed), Text(from), Text(to)];
        // `dotnet Replication.Tools.dll` is started as the same.
        var program = Environment.GetCommandLineArgs()[0];
        return Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [program, .. words] : words;
    }

    private static string LastLine(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault() ?? "";

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
