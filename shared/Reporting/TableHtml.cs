using System.Globalization;
using System.Xml.Linq;
using Replication.Studies;
using static Replication.Reporting.Html;

namespace Replication.Reporting;

/// <summary>
/// A table as HTML. A cell with a note is a button that opens it: this works with a finger and with the keyboard, and needs no script.
/// </summary>
public static class TableHtml
{
    /// <summary>The table in a box of its own, in which it scrolls.</summary>
    internal static XElement Element(ReportTable table)
    {
        TableText.Check(table);
        var numeric = Enumerable.Range(0, table.Columns.Count).Select(c => table.Rows.Any(r => r[c].Kind != CellKind.Plain)).ToList();
        var head = El(
            "tr", table.Columns.Select((heading, c) => El("th", At("scope", "col"), numeric[c] ? At("class", "number") : null, heading)));
        var rows = table.Rows.Select((row, r) => El("tr", row.Select((cell, c) => Cell(table, cell, r, c))));
        return Scroll(table.Title, Caption(El("strong", table.Title), " ", table.Caption), head, rows);
    }

    /// <summary>
    /// A box in which a table scrolls sideways; the keyboard reaches it. A table with a kind has its parts' roles spelt out,
    /// since a style that lays it out as cards would hide from screen readers that it is a table.
    /// </summary>
    internal static XElement Scroll(string label, XElement caption, XElement head, IEnumerable<XElement> rows, string? kind = null)
    {
        XAttribute? Role(string role) => kind is null ? null : At("role", role);
        return Block("div", At("class", "scroll"), At("role", "region"), At("aria-label", label), At("tabindex", "0"),
            Block("table", kind is null ? null : At("class", kind), Role("table"), caption, El("thead", Role("rowgroup"), head),
                Block("tbody", Role("rowgroup"), rows)));
    }

    /// <summary>A caption that stays in sight while its table scrolls.</summary>
    internal static XElement Caption(params object[] content) => El("caption", El("span", content));

    private static XElement Cell(ReportTable table, Cell cell, int row, int column)
    {
        var name = column == 0 ? "th" : "td";
        var scope = column == 0 ? At("scope", "row") : null;
        var kind = cell.Kind == CellKind.Plain ? null : At("class", cell.Kind.ToString().ToLowerInvariant());
        if (cell.Note is null || cell.Text.Length == 0)
            return El(name, scope, kind, cell.Text);
        var id = string.Create(CultureInfo.InvariantCulture, $"{table.Id}-{row + 1}-{column + 1}");
        return El(name, scope, kind, Note(id, cell.Text, cell.Note));
    }

    private static XElement[] Note(string id, string text, string note) =>
    [
        El("button", At("type", "button"), At("popovertarget", id), text),
        El("span", At("popover", "auto"), At("id", id), note),
    ];
}
