using CsvHelper;

namespace Replication.Claims;

/// <summary>Writes CSV text: commas, quotes where needed, LF, a final newline, the same in every culture.</summary>
public static class CsvText
{
    private static readonly CsvWriterOptions Options = new() { NewLine = "\n" };

    /// <summary>A header and its rows.</summary>
    public static string Of(IReadOnlyList<string> header, IEnumerable<IReadOnlyList<string>> rows)
    {
        using var text = new StringWriter();
        using (var writer = CsvWriter.Create(text, Options, leaveOpen: true))
        {
            writer.WriteHeader([.. header]);
            foreach (var row in rows)
                writer.WriteRecord([.. row]);
        }
        return text.ToString();
    }
}
