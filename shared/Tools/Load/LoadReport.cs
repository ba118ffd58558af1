using System.Globalization;
using System.Text;
using static System.FormattableString;

namespace Replication.Tools.Load;

/// <summary>What a service said.</summary>
internal sealed record LoadReport
{
    // What memory may grow by between the third tenth, when every length has been met and the pools are full, and the last.
    private const double MostGrowth = 1.1;
    private const int Settled = 3;

    /// <summary>The model's folder.</summary>
    public string Model { get; init; } = "";

    /// <summary>When.</summary>
    public DateTimeOffset Measured { get; init; }

    /// <summary>The processor.</summary>
    public string Processor { get; init; } = "";

    /// <summary>Its logical processors.</summary>
    public int Cores { get; init; }

    /// <summary>Requests while memory was watched.</summary>
    public required int Requests { get; init; }

    /// <summary>Callers who asked them, each one after the other.</summary>
    public required int Callers { get; init; }

    /// <summary>What came of them.</summary>
    public required Tally Many { get; init; }

    /// <summary>What came of a thousand at once.</summary>
    public required Tally AtOnce { get; init; }

    /// <summary>Of a thousand callers those who went away unanswered.</summary>
    public required int GoneAway { get; init; }

    /// <summary>What came of single requests after all that.</summary>
    public required Tally After { get; init; }

    /// <summary>Bytes that the service held before and after each tenth of the requests.</summary>
    public required IReadOnlyList<long> HeldBytes { get; init; }

    /// <summary>Bytes at the end.</summary>
    public required long HeldAfter { get; init; }

    /// <summary>The status of a text of a megabyte.</summary>
    public required int Megabyte { get; init; }

    /// <summary>The status of a text of 30,000 characters.</summary>
    public required int LongText { get; init; }

    /// <summary>The status of a body that is no JSON.</summary>
    public required int NoRequest { get; init; }

    /// <summary>The status of /health at the end.</summary>
    public required int Health { get; init; }

    /// <summary>What is not as it should be.</summary>
    public IEnumerable<string> Faults()
    {
        (string, Tally)[] parts = [("many requests", Many), ("a thousand at once", AtOnce), ("single requests afterwards", After)];
        foreach (var (part, tally) in parts)
            if (tally.Wrong + tally.Failed > 0)
                yield return Invariant($"{part}: {tally.Wrong} answered otherwise than alone, {tally.Failed} failed");
        if (Many.Refused + After.Refused > 0)
            yield return Invariant($"{Many.Refused + After.Refused} were refused though few asked");
        if (Growth > MostGrowth)
            yield return Invariant($"memory grew to {Growth:0.00} times between the third tenth and the last");
        if ((Megabyte, LongText, NoRequest, Health) != (413, 400, 400, 200))
            yield return Invariant(
                $"a megabyte was answered {Megabyte}, a long text {LongText}, no JSON {NoRequest}, /health {Health}, ")
                + "where 413, 400, 400 and 200 were expected";
    }

    /// <summary>The page.</summary>
    public string Markdown()
    {
        var text = new StringBuilder("# The sample web service under load\n\n");
        text.Append(
            CultureInfo.InvariantCulture,
            $"{Measured:yyyy-MM-dd}, {Processor}, {Cores} cores; the model {Model}; service and callers on one machine, which did "
            + $"other work too.\n\n");
        text.Append("| asked | answered as alone | refused (503) | answered otherwise | failed |\n| --- | ---: | ---: | ---: | ---: |\n");
        Row(Invariant($"{Requests:N0} requests by {Callers} callers, texts of 1 to 120 words"), Many);
        Row("1,000 at once", AtOnce);
        Row("500 one by one after all that", After);
        text.Append(
            CultureInfo.InvariantCulture,
            $"\nOf 1,000 callers who waited up to 19 ms, {GoneAway} went away unanswered. A text of a megabyte is answered {Megabyte}, ");
        text.Append(
            CultureInfo.InvariantCulture,
            $"one of 30,000 characters {LongText}, a body that is no JSON {NoRequest}, /health at the end {Health}.\n\n");
        text.Append(
            CultureInfo.InvariantCulture,
            $"Memory of the service before the requests and after each tenth of them: "
            + $"{string.Join(", ", HeldBytes.Select(b => Invariant($"{b / 1e6:0}")))} MB; ");
        text.Append(
            CultureInfo.InvariantCulture,
            $"at the end {HeldAfter / 1e6:0} MB. From the third tenth to the last it is {Growth:0.00} times as much.\n");
        return text.ToString();

        void Row(string asked, Tally tally) =>
            text.Append(
            CultureInfo.InvariantCulture,
            $"| {asked} | {tally.Answered:N0} | {tally.Refused:N0} | {tally.Wrong:N0} | {tally.Failed:N0} |\n");
    }

    private double Growth => (double)HeldBytes[^1] / HeldBytes[Settled];
}
