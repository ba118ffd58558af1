namespace Replication.Reporting;

/// <summary>The style sheet of the pages.</summary>
internal static class PageStyle
{
    /// <summary>For pages without drawings.</summary>
    public static string Plain() => "\n" + Resources.Text("Replication.Reporting.report.css");

    /// <summary>With rules that give the drawings the page's colours in light and dark.</summary>
    public static string WithFigures() => Plain() +
        $$"""
        .drawing [fill="{{FigureStyle.Paper}}"] { fill: var(--card); }
        .drawing [fill="{{FigureStyle.Ink}}"] { fill: var(--ink); }
        .drawing [stroke="{{FigureStyle.Ink}}"] { stroke: var(--ink); }
        .drawing [stroke="{{FigureStyle.Grid}}"] { stroke: var(--line); }

        """.ReplaceLineEndings("\n");
}
