namespace Replication.DynaBERT.Claims;

/// <summary>Sub-networks as parts of a claim's id.</summary>
internal static class Ids
{
    /// <summary>Such as "w075-d05".</summary>
    public static string Of(double width, double depth) =>
        FormattableString.Invariant($"w{width:0.0#}-d{depth:0.0#}").Replace(".", "", StringComparison.Ordinal);
}
