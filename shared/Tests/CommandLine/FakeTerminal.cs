using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Replication.Tests.CommandLine;

/// <summary>
/// A terminal as a person sees it: text overwrites what is at its place, a long line continues in the next row, ESC [ 2 K empties a row.
/// </summary>
internal sealed partial class FakeTerminal(int width) : TextWriter(CultureInfo.InvariantCulture)
{
    private readonly List<StringBuilder> _rows = [new()];
    private readonly StringBuilder _escape = new();
    private int _column;

    /// <summary>Its columns.</summary>
    public int Width => width;

    public override Encoding Encoding => Encoding.UTF8;

    /// <summary>The text on the screen and above it, without blanks at the ends.</summary>
    public IReadOnlyList<string> Rows => [.. _rows.Select(row => row.ToString().TrimEnd())];

    /// <summary>The row with the cursor.</summary>
    public string Last => Rows[^1];

    /// <summary>The most columns that a row ever had.</summary>
    public int Widest { get; private set; }

    public override void Write(char value)
    {
        if (_escape.Length > 0 || value == '\u001b')
            Escape(value);
        else if (value == '\r')
            _column = 0;
        else if (value == '\n')
            Down();
        else
            Put(value);
    }

    private void Put(char value)
    {
        if (_column == width)
            Down();
        var row = _rows[^1];
        while (row.Length <= _column)
            row.Append(' ');
        row[_column++] = value;
        Widest = Math.Max(Widest, _column);
    }

    private void Down()
    {
        _rows.Add(new StringBuilder());
        _column = 0;
    }

    private void Escape(char value)
    {
        _escape.Append(value);
        if (!WholeSequence().IsMatch(_escape.ToString()))
            return;
        if (_escape.ToString() == "\u001b[2K")
            _rows[^1].Clear();
        _escape.Clear();
    }

    [GeneratedRegex(@"\e(\[[0-9;?]*[A-Za-z]|[^\[])\z")]
    private static partial Regex WholeSequence();
}
