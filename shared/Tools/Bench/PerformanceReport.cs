using System.Text;
using Replication.Runs;

namespace Replication.Bench;

/// <summary>All that one call of bench measured on a machine: the content of results/performance/KIND.json.</summary>
internal sealed record PerformanceReport
{
    /// <summary>When it ended.</summary>
    public required DateTimeOffset Measured { get; init; }

    /// <summary>How long it took, in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>Commit of the source, "-dirty" appended where the work tree differed; null outside a checkout.</summary>
    public string? Commit { get; init; }

    /// <summary>The machine.</summary>
    public required MachineInfo Machine { get; init; }

    /// <summary>Threads of one operation.</summary>
    public required int Threads { get; init; }

    /// <summary>Number format of the rows that name none.</summary>
    public string Precision { get; init; } = "fp32";

    /// <summary>The rows.</summary>
    public required IReadOnlyList<PerformanceRow> Rows { get; init; }

    /// <summary>The largest share of the cores' time that other processes took while a row was measured.</summary>
    public double OtherWork() => Rows.Max(row => row.OtherWork) ?? 0;

    /// <summary>The kind of processor with its threads, such as "AMD EPYC, AVX2, 2 threads".</summary>
    public string Kind() => FormattableString.Invariant(
        $"{string.Join(", ", [Machine.Processor, .. Machine.InstructionSets])}, {Threads} {(Threads == 1 ? "thread" : "threads")}");

    /// <summary>The kind as the name of a file.</summary>
    public string FileName()
    {
        var name = new StringBuilder();
        foreach (var c in Kind().ToLowerInvariant())
        {
            if (char.IsAsciiLetterOrDigit(c))
                name.Append(c);
            else if (name.Length > 0 && name[^1] != '-')
                name.Append('-');
        }
        return $"{name}.json";
    }
}
