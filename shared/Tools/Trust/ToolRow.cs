using System.Globalization;

namespace Replication.Tools.Trust;

/// <summary>A part of what a tool did.</summary>
/// <param name="What">Such as a reader or a way of killing.</param>
/// <param name="Count">How many.</param>
/// <param name="Unit">Of what, such as "mutants".</param>
/// <param name="Found">Faults.</param>
/// <param name="Remark">Why it was not tried, or what else is to be said; null for nothing.</param>
internal sealed record ToolRow(string What, long Count, string Unit, long Found, string? Remark = null)
{
    private const char Separator = '|';

    /// <summary>The row as scripts hand it on: what|count|unit|found|remark.</summary>
    public string ToLine() => string.Join(
        Separator, What, Count.ToString(CultureInfo.InvariantCulture), Unit, Found.ToString(CultureInfo.InvariantCulture), Remark ?? "");

    /// <summary>Reads such a line.</summary>
    /// <exception cref="ReplicationException">It is none.</exception>
    public static ToolRow Parse(string line) =>
        line.Split(Separator, 5) is [{ Length: > 0 } what, var count, { Length: > 0 } unit, var found, var remark]
            && long.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var many)
            && long.TryParse(found, NumberStyles.None, CultureInfo.InvariantCulture, out var faults)
            ? new ToolRow(what, many, unit, faults, remark.Length == 0 ? null : remark)
            : throw new ReplicationException(
                $"'{line}' is no row; a row is what|count|unit|found|remark.", ReplicationException.UsageError);
}
