using System.Globalization;

namespace Replication.Claims;

/// <summary>Numbers as people read them, the same in every culture.</summary>
public static class NumberText
{
    /// <summary>Two decimals at most from 1 upwards (one from 1,000), four below; "undefined" for what is not a number.</summary>
    public static string Of(double value)
    {
        if (!double.IsFinite(value))
            return "undefined";
        var text = value.ToString(
            Math.Abs(value) switch { >= 1000 => "#,0.#", >= 1 => "0.##", _ => "0.####" }, CultureInfo.InvariantCulture);
        return text is "-0" ? "0" : text;
    }

    /// <summary>A difference with its sign and two decimals: "+0.40".</summary>
    public static string Signed(double points) => points.ToString("+0.00;-0.00;0.00", CultureInfo.InvariantCulture);

    /// <summary>A mean with its spread, both with as many decimals: "84.00 ± 0.32".</summary>
    public static string Of(double value, double? spread)
    {
        if (spread is not { } s || !double.IsFinite(value) || !double.IsFinite(s))
            return Of(value);
        // Equal values may differ by a rounding error; what four decimals would show as 0 takes no more than any other spread of 0.
        var format = s is >= 0.00005 and < 0.01 ? "#,0.0000" : "#,0.00";
        return $"{value.ToString(format, CultureInfo.InvariantCulture)} ± {s.ToString(format, CultureInfo.InvariantCulture)}";
    }
}
