using System.CommandLine;
using Replication.Measurements;
using Replication.Runs;
using Replication.Runs.Slurm;
using Replication.Studies;
using Spectre.Console;

namespace Replication.CommandLine;

/// <summary>What the command line touches outside itself; tests hand in their own.</summary>
public sealed record CommandLineHost
{
    /// <summary>Standard output.</summary>
    public required TextWriter Output { get; init; }

    /// <summary>Standard error.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Standard input, as bytes; a stream that cannot be read where it was closed.</summary>
    public required Stream Input { get; init; }

    /// <summary>Refuses in a sentence, before the work, a standard output that cannot be written.</summary>
    public Action TryOutput { get; init; } = () => { };

    /// <summary>Whether anybody reads standard output any more.</summary>
    public Func<bool> HasReader { get; init; } = () => true;

    /// <summary>Whether a person watches standard output, on a terminal whose lines can be redrawn.</summary>
    public bool IsTerminal { get; init; }

    /// <summary>Columns of the terminal, which may change.</summary>
    public Func<int> Width { get; init; } = () => UsualWidth;

    /// <summary>The terminal's last line, where progress is drawn; null where there is no terminal.</summary>
    internal LiveLine? LiveLine { get; private init; }

    /// <summary>Environment variables by name.</summary>
    public Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    /// <summary>Verbs that are made outside this project.</summary>
    internal IReadOnlyList<Func<VerbContext, Command>> Verbs { get; init; } = [];

    /// <summary>The words that start this program.</summary>
    public IReadOnlyList<string> Program { get; init; } = ["dotnet", Environment.GetCommandLineArgs()[0]];

    /// <summary>Runs other programs, such as Slurm's.</summary>
    public ICommandRunner Commands { get; init; } = new ProcessRunner();

    /// <summary>Why locks in a folder do not hold between machines; null where they do.</summary>
    public Func<string, string?> LockDoubt { get; init; } = MountedLocks.Doubt;

    /// <summary>The clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>The processor; null to ask it.</summary>
    public Processor? Processor { get; init; }

    /// <summary>The repository's root; null for the one that the program is in.</summary>
    public string? Root { get; init; }

    /// <summary>Where the details of an unexpected error are written.</summary>
    public string ErrorFolder { get; init; } = Path.GetTempPath();

    /// <summary>How fast this machine is, for a plan's estimate.</summary>
    public Func<Workspace, CancellationToken, Calibration> Calibrate { get; init; } = Measure;

    /// <summary>The process's own streams.</summary>
    public static CommandLineHost OfProcess() => new()
    {
        Output = StandardStreams.Output(),
        Error = StandardStreams.Error(),
        Input = StandardStreams.Input(),
        TryOutput = StandardStreams.TryOutput,
        HasReader = () => StandardDescriptors.HasReader(StandardDescriptors.Output),
        IsTerminal = !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Ansi,
        Width = () => Console.WindowWidth is > 0 and var width ? width : UsualWidth,
    };

    /// <summary>Writes sentences: on a terminal, broken at words.</summary>
    internal void Write(TextWriter stream, string text)
    {
        foreach (var line in IsTerminal ? text.Split('\n').SelectMany(line => TextWidth.Wrap(line.TrimEnd('\r'), Width() - 1)) : [text])
            stream.WriteLine(line);
    }

    /// <summary>The same with a live line on the terminal, which all that is written elsewhere erases.</summary>
    internal CommandLineHost WithLiveLine()
    {
        if (!IsTerminal || LiveLine is not null)
            return this;
        var line = new LiveLine(Output);
        return this with { LiveLine = line, Output = new ErasingWriter(Output, line), Error = new ErasingWriter(Error, line) };
    }

    /// <summary>Standard output for tables and live views; plain text unless a person watches, no colour if NO_COLOR is set.</summary>
    public IAnsiConsole Terminal()
    {
        var noColor = Variable("NO_COLOR") is { Length: > 0 };
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(Output),
            Ansi = IsTerminal ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = IsTerminal && !noColor ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
        });
        console.Profile.Width = IsTerminal ? Width() : PipedWidth;
        return console;
    }

    private static readonly TimeSpan CalibrationTime = TimeSpan.FromSeconds(2);

    private static Calibration Measure(Workspace workspace, CancellationToken cancellation) =>
        new(() => CalibrationMeasurement.LoadOrMeasure(
        workspace, () => CalibrationMeasurement.Measure(workspace, CalibrationMeasurement.Geometry, CalibrationTime, cancellation)));

    private const int UsualWidth = 80;

    // A file or a pipe has no width; this is wide enough that no table is folded.
    private const int PipedWidth = 240;
}
