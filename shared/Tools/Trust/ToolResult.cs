using System.CommandLine;
using Replication.Runs;

namespace Replication.Tools.Trust;

/// <summary>What one call of a tool found, as results/trust keeps it.</summary>
internal sealed record ToolResult
{
    private const string FileName = "--result";

    /// <summary>What was done, in a few words.</summary>
    public required string What { get; init; }

    /// <summary>The command, from the repository's root.</summary>
    public required string Command { get; init; }

    /// <summary>When it ended.</summary>
    public required DateTimeOffset Finished { get; init; }

    /// <summary>How long it took.</summary>
    public required double Seconds { get; init; }

    /// <summary>The source's commit; null outside a checkout.</summary>
    public string? Commit { get; init; }

    /// <summary>The machine.</summary>
    public required string Machine { get; init; }

    /// <summary>Part by part.</summary>
    public required IReadOnlyList<ToolRow> Rows { get; init; }

    /// <summary>Lines of another program's log that show it; none for most.</summary>
    public IReadOnlyList<string> Log { get; init; } = [];

    /// <summary>Faults of all parts.</summary>
    public long Found => Rows.Sum(row => row.Found);

    /// <summary>The option of every tool that writes a result.</summary>
    public static Option<string?> FileOption() => new(FileName) { Description = "Write what was found to a file, for 'trust'." };

    // What was typed, but for the result's file.
    private static string CommandOf(ParseResult parse)
    {
        var words = parse.Tokens.Select(token => token.Value).ToList();
        if (words.IndexOf(FileName) is var place and >= 0)
            words.RemoveRange(place, Math.Min(2, words.Count - place));
        return string.Join(' ', (string[])["dotnet", "shared/Tools/bin/Release/net10.0/Replication.Tools.dll", .. words]);
    }

    /// <summary>A result of this machine and source, now.</summary>
    /// <param name="what">What was done.</param>
    /// <param name="command">What was typed.</param>
    /// <param name="seconds">How long it took.</param>
    /// <param name="rows">Part by part.</param>
    public static ToolResult Now(string what, string command, double seconds, IReadOnlyList<ToolRow> rows) => new()
    {
        What = what,
        Command = command,
        Finished = TimeProvider.System.GetUtcNow(),
        Seconds = Math.Round(seconds),
        Commit = SourceCommit.Read(CommandLine.RepositoryRoot.Find()),
        Machine = Runs.Machine.Describe(Processor.OfThisMachine(Environment.GetEnvironmentVariable)),
        Rows = rows,
    };

    /// <summary>A result of a verb of this program, now.</summary>
    public static ToolResult Now(string what, ParseResult parse, double seconds, IReadOnlyList<ToolRow> rows) =>
        Now(what, CommandOf(parse), seconds, rows);

    /// <summary>Writes it.</summary>
    public void Write(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        AtomicFile.WriteText(path, Json.Text(this));
    }
}
