using System.Text.Json;

namespace Replication.Glue;

/// <summary>Texts in other people's JSON.</summary>
internal static class JsonTexts
{
    /// <summary>The text of a value; null where it is none, or holds half a surrogate pair, which is no text either.</summary>
    public static string? Read(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
            return null;
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
