using Replication.Claims;

namespace Replication.TinyBERT;

/// <summary>How far a measured number may lie from the published one, with the reasons; fixed before anything was measured.</summary>
internal static class Tolerances
{
    /// <summary>Parameters: half of the last digit that is printed.</summary>
    public static Tolerance Rounding(string printed)
    {
        var decimals = printed.Contains('.', StringComparison.Ordinal) ? printed.Length - printed.IndexOf('.', StringComparison.Ordinal) - 1 : 0;
        return new Tolerance(0.5 * Math.Pow(10, -decimals), false, $"The number is printed with {decimals} decimals.");
    }

    /// <summary>FLOPs: rounding, and what is not a matrix product.</summary>
    public static Tolerance Flops(string printed)
    {
        var rounding = Rounding(printed);
        return rounding with
        {
            Value = rounding.Value + (0.01 * double.Parse(printed, System.Globalization.CultureInfo.InvariantCulture)),
            Reason = rounding.Reason + " One percent more for element-wise operations, which are not counted here.",
        };
    }

    /// <summary>A layer map: exact.</summary>
    public static Tolerance Exact { get; } = new(0, false, "A layer map is the same or it is not.");

    /// <summary>A ratio of inference times.</summary>
    public static Tolerance Hardware { get; } = new(0.25, true, "Other hardware and another number format than the paper's K80: what embeddings, pooler and memory cost beside the layers differs.");

    /// <summary>A score of GLUE's test server: a point, for seeds and libraries.</summary>
    public static Tolerance Score { get; } = new(1, false, "One point, for seeds, libraries and the server's rounding.");
}
