using System.Text;

namespace Replication.Claims;

/// <summary>Words of the ledger as parts of a claim's id.</summary>
public static class ClaimId
{
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
