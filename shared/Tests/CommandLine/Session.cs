using System.Globalization;
using System.Text;
using Replication.CommandLine;
using Replication.Runs;
using Replication.Runs.Slurm;
using Replication.Studies;
using Replication.Tests.Runs;

namespace Replication.Tests.CommandLine;

/// <summary>What a call printed, and its exit code.</summary>
internal sealed record Call(int Exit, string Output, string Error)
{
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>Command lines against a temporary repository, with a fake paper and a clock that does not move.</summary>
internal sealed class Session : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public string Root => _folder.Path;

    public string Results => Path.Combine(Root, "results");

    /// <summary>Where the fake paper's own results of profile quick go.</summary>
    public string Local => Path.Combine(Results, "local", "fakepaper", "quick");

    public IPaper Paper { get; init; } = new FakePaper();

    public IReadOnlyList<IPaper> Others { get; init; } = [];

    public string Input { get; init; } = "";

    /// <summary>Input that no text can stand for; null for <see cref="Input"/>.</summary>
    public Stream? Stream { get; init; }

    /// <summary>The terminal that shows output and errors; null where both are piped.</summary>
    public FakeTerminal? Terminal { get; init; }

    /// <summary>Where standard output goes; null for the call's own text.</summary>
    public TextWriter? Writer { get; init; }

    /// <summary>Refuses a standard output that cannot be written.</summary>
    public Action TryOutput { get; init; } = () => { };

    /// <summary>Whether anybody reads standard output any more.</summary>
    public Func<bool> HasReader { get; init; } = () => true;

    public Dictionary<string, string> Variables { get; } = new(StringComparer.Ordinal);

    /// <summary>How fast the machine is; a run of the fake paper takes a minute in fp32.</summary>
    public ComputeRates Rates { get; set; } = new(new ComputeRate(1e9, 1e9), new ComputeRate(0.4e9, 0.4e9));

    public Processor Processor { get; set; } = new("a processor", ["AVX2"]);

    public ICommandRunner Commands { get; init; } = new ProcessRunner();

    public Func<string, string?> LockDoubt { get; init; } = _ => null;

    public int Calibrations { get; private set; }

    public Call Run(params string[] words) => Run(CancellationToken.None, words);

    public Call Run(CancellationToken cancellation, params string[] words)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        using var error = new StringWriter(CultureInfo.InvariantCulture);
        var host = new CommandLineHost
        {
            Output = Terminal ?? Writer ?? output,
            Error = Terminal ?? (TextWriter)error,
            IsTerminal = Terminal is not null,
            Width = () => Terminal?.Width ?? 0,
            TryOutput = TryOutput, HasReader = HasReader,
            Input = Stream ?? new MemoryStream(Encoding.UTF8.GetBytes(Input)),
            Root = Root,
            Clock = new FakeClock(),
            Commands = Commands,
            LockDoubt = LockDoubt,
            Variable = name => Variables.GetValueOrDefault(name),
            ErrorFolder = Root,
            Calibrate = (_, _) => Calibrate(),
            Processor = Processor,
        };
        var exit = CommandLineApp.RunAsync(words, [Paper, .. Others], host, cancellation).GetAwaiter().GetResult();
        return new Call(exit, output.ToString().ReplaceLineEndings("\n"), error.ToString().ReplaceLineEndings("\n"));
    }

    public void Dispose() => _folder.Dispose();

    private Calibration Calibrate() => new(() =>
    {
        Calibrations++;
        return Rates;
    });
}
