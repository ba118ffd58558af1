using System.Text;

namespace Replication.DynaBERT.Claims;

/// <summary>Parts of a claim's id.</summary>
internal static class Ids
{
    /// <summary>Such as "w075-d05".</summary>
    public static string Of(double width, double depth) =>
        FormattableString.Invariant($"w{width:0.0#}-d{depth:0.0#}").Replace(".", "", StringComparison.Ordinal);

    /// <summary>Lower case, letters and digits, with single hyphens between.</summary>
    public static string Of(string words)
    {
        var id = new StringBuilder();
        foreach (var c in words.ToLowerInvariant())
        {
            if (char.IsAsciiLetterOrDigit(c))
                id.Append(c);
            else if (id.Length > 0 && id[^1] != '-')
                id.Append('-');
        }
        return id.ToString().TrimEnd('-');
    }
}
