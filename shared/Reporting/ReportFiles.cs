namespace Replication.Reporting;

/// <summary>The names of a report's files in its folder.</summary>
public static class ReportFiles
{
    /// <summary>The page that holds everything; made again in seconds, so that git leaves pages out.</summary>
    public const string Page = "report.html";

    /// <summary>The figures with plotly.js.</summary>
    public const string Interactive = "figures.html";

    /// <summary>The claims as CSV.</summary>
    public const string Claims = "claims.csv";

    /// <summary>The report as Markdown, which a repository's host shows with its figures.</summary>
    public const string Text = "report.md";

    /// <summary>Folder of the tables.</summary>
    public const string Tables = "tables";

    /// <summary>Folder of the figures.</summary>
    public const string Figures = "figures";

    /// <summary>The picture of a paper's orders, among the figures.</summary>
    public const string Orders = Figures + "/orders.svg";
}
