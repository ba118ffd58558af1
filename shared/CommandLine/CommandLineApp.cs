using System.CommandLine;
using Replication.Studies;

namespace Replication.CommandLine;

/// <summary>The command line: words to verbs, mistakes to one sentence and an exit code.</summary>
public static class CommandLineApp
{
    /// <summary>Exit code after Ctrl-C, as shells have it.</summary>
    public const int Interrupted = 130;

    /// <summary>Exit code of an error that nobody foresaw (EX_SOFTWARE of sysexits.h).</summary>
    public const int Unexpected = 70;

    /// <summary>Runs the process's command line; Ctrl-C stops it cleanly, a second one at once.</summary>
    /// <param name="args">The words after the program's name.</param>
    /// <param name="papers">The papers that it knows.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args, IReadOnlyList<IPaper> papers)
    {
        var host = CommandLineHost.OfProcess().WithLiveLine();
        using var interrupts = new Interrupts(host.Error, host.Clock, ProcessEnd.Now);
        return await RunAsync(args, papers, host, interrupts.Token);
    }

    /// <summary>Runs a command line against the given streams.</summary>
    public static async Task<int> RunAsync(string[] args, IReadOnlyList<IPaper> papers, CommandLineHost host, CancellationToken cancellation = default)
    {
        host = host.WithLiveLine();
        var root = Verbs.Root.Create(papers, host);
        var parse = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        try
        {
            if (UsageErrors.Find(parse) is { } mistake)
                throw new ReplicationException(mistake, ReplicationException.UsageError);
            return await parse.InvokeAsync(
                new InvocationConfiguration { Output = host.Output, Error = host.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null },
                cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            host.Error.WriteLine("Stopped. Nothing that was finished is lost; the same command goes on from here.");
            return Interrupted;
        }
        catch (ReplicationException e)
        {
            host.Error.WriteLine($"error: {e.Message}");
            if (IsVerbose(args))
                host.Error.WriteLine(e);
            return e.ExitCode;
        }
        catch (Exception e)
        {
            host.Error.WriteLine($"error: Something unforeseen went wrong ({e.GetType().Name}: {FirstLine(e.Message)}); {Keep(e, args, host)}");
            if (IsVerbose(args))
                host.Error.WriteLine(e);
            return Unexpected;
        }
    }

    // Read from the words themselves: it has to hold for command lines that do not parse, too.
    private static bool IsVerbose(string[] args) => args.Contains("--verbose", StringComparer.Ordinal);

    private static string FirstLine(string text) => text.Split('\n')[0].TrimEnd('\r', '.');

    private static string Keep(Exception e, string[] args, CommandLineHost host)
    {
        var path = Path.Combine(host.ErrorFolder, FormattableString.Invariant($"replication-error-{host.Clock.GetUtcNow():yyyyMMdd-HHmmss}.txt"));
        try
        {
            AtomicFile.WriteText(path, $"arguments: {string.Join(' ', args)}\n{e}\n");
            return $"the details are in {path}.";
        }
        catch (ReplicationException)
        {
            return "--verbose shows the details.";
        }
    }
}
