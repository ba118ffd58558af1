using System.CommandLine;
using System.Globalization;
using Replication.Runs.Slurm;
using Replication.Studies;

namespace Replication.CommandLine;

/// <summary>The command line: words to verbs, mistakes to one sentence and an exit code.</summary>
public static class CommandLineApp
{
    /// <summary>Exit code after Ctrl-C, as shells have it.</summary>
    public const int Interrupted = 130;

    /// <summary>Exit code of an unforeseen error (EX_SOFTWARE of sysexits.h).</summary>
    public const int Unexpected = 70;

    /// <summary>Runs the process's command line; Ctrl-C stops it cleanly, a second one at once.</summary>
    /// <param name="args">The words after the program's name.</param>
    /// <param name="papers">The papers that it knows.</param>
    /// <returns>The exit code.</returns>
    public static Task<int> RunAsync(string[] args, IReadOnlyList<IPaper> papers) => RunAsync(args, papers, []);

    /// <summary>The same with verbs that are made elsewhere.</summary>
    internal static async Task<int> RunAsync(
        string[] args, IReadOnlyList<IPaper> papers, IReadOnlyList<Func<VerbContext, Command>> verbs)
    {
        var host = (CommandLineHost.OfProcess() with { Verbs = verbs }).WithLiveLine();
        using var interrupts = new Interrupts(
            text => host.Write(host.Error, text), host.Clock, ProcessEnd.Now, host.Variable(SlurmScript.GraceVariable));
        return await RunAsync(args, papers, host, interrupts.Token);
    }

    /// <summary>Runs a command line against the given streams.</summary>
    public static async Task<int> RunAsync(
        string[] args, IReadOnlyList<IPaper> papers, CommandLineHost host, CancellationToken cancellation = default)
    {
        // Numbers and orders are the same for everybody; the caller's culture is back when this returns.
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
        host = host.WithLiveLine();
        var parse = Parse(args, papers, host);
        try
        {
            if (UsageErrors.Find(parse) is { } mistake)
                throw new ReplicationException(mistake, ReplicationException.UsageError);
            if (!host.Input.CanRead && parse.Tokens.FirstOrDefault(token => StandardStreams.IsInput(token.Value)) is { } input)
                throw new ReplicationException(
                    $"{input.Value} is standard input, which is closed; name another file, or send something to standard input.");
            host.TryOutput();
            return await parse.InvokeAsync(
                new InvocationConfiguration {
                    Output = host.Output, Error = host.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null },
                cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            host.Write(host.Error, "Stopped. Nothing that was finished is lost; the same command resumes from here.");
            return Interrupted;
        }
        catch (ReplicationException e)
        {
            return Fail(e, e.Message, e.ExitCode);
        }
        catch (Exception e) when (MemoryFailure.Is(e))
        {
            return Fail(e, $"There is not enough memory ({FirstLine(e.Message)}); {Saving(parse)}.", ReplicationException.Failure);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Fail(e, $"A file or folder cannot be used: {FirstLine(e.Message)}; see its permissions and the disk's space.",
                ReplicationException.Failure);
        }
        catch (Exception e)
        {
            var file = ErrorFile.Write(host.ErrorFolder, host.Clock.GetUtcNow(), $"arguments: {string.Join(' ', args)}\n{e}\n");
            return Fail(
                e, $"Something unforeseen went wrong ({e.GetType().Name}: {FirstLine(e.Message)}); "
                    + $"{(file is null ? "--verbose shows the details." : $"the details are in {file}.")}", Unexpected);
        }

        int Fail(Exception e, string sentence, int exitCode)
        {
            host.Write(host.Error, $"error: {ShownText.Line(sentence)}");
            if (IsVerbose(args))
                host.Error.WriteLine(ShownText.Lines(e.ToString()));
            return exitCode;
        }
    }

    /// <summary>What the words of a command line stand for.</summary>
    internal static ParseResult Parse(string[] args, IReadOnlyList<IPaper> papers, CommandLineHost host) =>
        Verbs.Root.Create(papers, host).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });

    // Read from the words themselves: it has to hold for command lines that do not parse, too.
    private static bool IsVerbose(string[] args) => args.Contains("--verbose", StringComparer.Ordinal);

    private static string FirstLine(string text) => text.Split('\n')[0].TrimEnd('\r', '.');

    /// <summary>Advice for a verb that ran out of memory, by what it takes that decides how much it needs.</summary>
    internal static string Saving(ParseResult parse)
    {
        var options = parse.CommandResult.Command.Options.Select(option => option.Name)
            .Where(name => name is "--batch-size" or "--max-length" or "--rows").ToList();
        return options.Count > 0
            ? $"take a smaller {Words.Either(options)}, or end other programs"
            : "end other programs, take a smaller profile or model, or a smaller --micro-batch";
    }
}
