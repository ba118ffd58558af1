using System.Diagnostics;
using Replication.Measurements;

namespace Replication.Export.Benchmark;

/// <summary>A program that is started with a model's folder, and answers a text a line.</summary>
/// <param name="File">What is started.</param>
/// <param name="Arguments">Its arguments; {model} stands for the folder.</param>
/// <param name="HeaderLines">Lines that come before the first answer.</param>
/// <param name="Folder">What of it is shipped.</param>
public sealed record AnsweringProgram(string File, IReadOnlyList<string> Arguments, int HeaderLines, string Folder);

/// <summary>Times a program from its start to its first answer, and asks what memory it then holds.</summary>
internal static class ColdStart
{
    private const string Text = "a warm and funny film";

    // A program that keeps its answer until its input ends would be waited for without end.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Starts it several times.</summary>
    /// <returns>Seconds of each start, and the most bytes that one of them held.</returns>
    /// <exception cref="ReplicationException">It ended without an answer, or gave none within a minute.</exception>
    public static (Spread Seconds, long PeakBytes) Measure(
        AnsweringProgram program, string model, int starts, TimeProvider clock, CancellationToken cancellation)
    {
        var seconds = new List<double>();
        long peak = 0;
        // The first start reads the files from the disk, which the others need not.
        for (var start = -1; start < starts; start++)
        {
            cancellation.ThrowIfCancellationRequested();
            var (taken, bytes) = Once(program, model, clock);
            if (start >= 0)
                seconds.Add(taken);
            peak = Math.Max(peak, bytes);
        }
        return (Spread.Of(seconds), peak);
    }

    private static (double Seconds, long Bytes) Once(AnsweringProgram program, string model, TimeProvider clock)
    {
        var info = new ProcessStartInfo(
            program.File) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in program.Arguments)
            info.ArgumentList.Add(argument.Replace("{model}", model, StringComparison.Ordinal));
        var begin = clock.GetTimestamp();
        using var process = Process.Start(info)!;
        var error = process.StandardError.ReadToEndAsync();
        try
        {
            process.StandardInput.WriteLine(Text);
            process.StandardInput.Flush();
            string? answer = null;
            for (var line = 0; line <= program.HeaderLines; line++)
                answer = Line(process.StandardOutput, program.File);
            if (answer is null)
                throw new ReplicationException($"{program.File} ended without an answer: {error.GetAwaiter().GetResult().Trim()}");
            var seconds = clock.GetElapsedTime(begin).TotalSeconds;
            process.Refresh();
            return (seconds, Math.Max(process.PeakWorkingSet64, process.WorkingSet64));
        }
        catch (IOException e)
        {
            throw new ReplicationException($"{program.File} ended before it was asked: {error.GetAwaiter().GetResult().Trim()}", inner: e);
        }
        finally
        {
            process.StandardInput.Close();
            if (!process.WaitForExit(TimeSpan.FromSeconds(30)))
                process.Kill(entireProcessTree: true);
        }
    }

    private static string? Line(StreamReader output, string program)
    {
        var line = output.ReadLineAsync();
        return line.Wait(Patience) ? line.Result : throw new ReplicationException(
            $"{program} gave no answer within {Patience.TotalSeconds:0} s, though it was asked; it has to answer each line at once.");
    }
}
