using System.Globalization;

namespace Replication.Claims;

/// <summary>How well a published number is sourced.</summary>
public enum Confidence
{
    /// <summary>Recalled, with no source at hand: shown, but never compared with.</summary>
    Memory,

    /// <summary>Seen in one place, or read off a figure.</summary>
    Sourced1,

    /// <summary>Seen in at least two separate places.</summary>
    Sourced2,
}

/// <summary>One published cell: a row of published.csv.</summary>
/// <param name="Paper">Such as "PKD".</param>
/// <param name="Table">Such as "Table 4".</param>
/// <param name="Split">Such as "test"; "-" where there is none.</param>
/// <param name="Model">Such as "BERT6-PKD".</param>
/// <param name="Task">Such as "SST-2"; "-" where there is none.</param>
/// <param name="Metric">Such as "acc".</param>
/// <param name="Text">The value as printed.</param>
/// <param name="Unit">Such as "%".</param>
/// <param name="Source">Where the value was seen.</param>
/// <param name="Confidence">How well it is sourced.</param>
public sealed record PublishedCell(
    string Paper, string Table, string Split, string Model, string Task, string Metric, string Text, string Unit, string Source,
    Confidence Confidence)
{
    /// <summary>The value as a number in <see cref="Unit"/>; null where the paper prints a list, a formula or a bound.</summary>
    public double? Number { get; } =
        double.TryParse(Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    /// <summary>The number that a claim may be held against.</summary>
    /// <exception cref="ReplicationException">The cell is from memory, or holds no number.</exception>
    public double RegressionValue => (Confidence, Number) switch
    {
        (Confidence.Memory, _) =>
            throw new ReplicationException($"{Key} is known from memory only; find a source for it before comparing with it."),
        (_, null) => throw new ReplicationException($"{Key} is '{Text}', which is not a number; compare with another cell."),
        (_, { } value) => value,
    };

    /// <summary>The cell's coordinates as a reader would say them.</summary>
    public string Key => $"{Table} / {Model} / {Task} / {Metric} / {Split}";
}
