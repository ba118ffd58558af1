using System.Globalization;
using System.Text;
using Replication.Claims;
using Replication.Studies;

namespace Replication.Reporting;

/// <summary>A table as CSV and as Markdown.</summary>
public static class TableText
{
    /// <summary>CSV; a column whose measured cells carry signatures is followed, at the end, by a column with them.</summary>
    public static string Csv(ReportTable table)
    {
        Check(table);
        var signed = Enumerable.Range(0, table.Columns.Count).Where(c => table.Rows.Any(r => Signature(r[c]) is not null)).ToList();
        return CsvText.Of(
            [.. table.Columns, .. signed.Select(c => $"{table.Columns[c]}, signature")],
            table.Rows.Select(r => (IReadOnlyList<string>)[.. r.Select(c => c.Text), .. signed.Select(c => Signature(r[c]) ?? "")]));
    }

    /// <summary>Markdown: measured numbers bold, missing ones in italics, the signatures below.</summary>
    public static string Markdown(ReportTable table)
    {
        Check(table);
        var text = new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"### {Escape(table.Title)}\n\n{Escape(table.Caption)} Measured numbers are bold.\n\n");
        AppendRow(text, table.Columns.Select(Escape));
        AppendRow(text, table.Columns.Select((_, c) => table.Rows.Any(r => r[c].Kind != CellKind.Plain) ? "---:" : "---"));
        foreach (var row in table.Rows)
            AppendRow(text, row.Select(Markdown));
        var signatures = table.Rows.SelectMany(r => r).Select(Signature).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        if (signatures.Count > 0)
            text.Append("\nSignatures:\n\n");
        foreach (var signature in signatures)
            text.Append(CultureInfo.InvariantCulture, $"- `{signature.Replace('`', '\'')}`\n");
        return text.ToString();
    }

    /// <summary>Refuses a table whose rows do not have a cell for each heading.</summary>
    /// <exception cref="ArgumentException">A row is too short or too long.</exception>
    public static void Check(ReportTable table)
    {
        if (table.Rows.Select((r, i) => (r.Count, Row: i + 1)).FirstOrDefault(r => r.Count != table.Columns.Count) is { Row: > 0 } bad)
            throw new ArgumentException(
                $"{table.Id}: row {bad.Row} has {bad.Count} cells for {table.Columns.Count} headings.", nameof(table));
    }

    /// <summary>A text that Markdown takes literally, also inside a table.</summary>
    internal static string Escape(string text)
    {
        var escaped = new StringBuilder();
        foreach (var c in text.ReplaceLineEndings(" "))
        {
            if (c is '|' or '*' or '_' or '`' or '<' or '[' or ']' or '\\' or '#' or '~')
                escaped.Append('\\');
            escaped.Append(c);
        }
        return escaped.ToString();
    }

    /// <summary>Appends a row of a Markdown table.</summary>
    internal static void AppendRow(StringBuilder text, IEnumerable<string> cells) =>
        text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");

    private static string Markdown(Cell cell) => (cell.Text, cell.Kind) switch
    {
        ("", _) => "",
        (var t, CellKind.Measured) => $"**{Escape(t)}**",
        (var t, CellKind.Missing) => $"*{Escape(t)}*",
        (var t, _) => Escape(t),
    };

    private static string? Signature(Cell cell) => cell.Kind == CellKind.Measured ? cell.Note : null;
}
