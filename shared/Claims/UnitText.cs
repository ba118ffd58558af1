namespace Replication.Claims;

/// <summary>Numbers with their unit, as people write them.</summary>
public static class UnitText
{
    /// <summary>A number of a claim's unit: "84.0 %", "66.5 M", "1.94×".</summary>
    public static string Of(string number, string unit) => unit switch
    {
        "" or "-" => number,
        "x" => number + "×",
        _ => $"{number} {unit}",
    };

    /// <summary>A difference of two such numbers; percentages differ by points.</summary>
    public static string Difference(string number, string unit) => unit == "%" ? $"{number} points" : Of(number, unit);
}
