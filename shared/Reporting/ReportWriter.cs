using System.Text;
using Replication.Claims;
using Replication.Reporting.Overviews;
using Replication.Studies;

namespace Replication.Reporting;

/// <summary>
/// Writes a report's files: a pure function of the report, so that two calls give the same bytes. Only files whose content changed are
/// written, and those of an earlier report that no longer belong are removed; nothing else in the folder is touched.
/// </summary>
public static class ReportWriter
{
    /// <summary>Writes a report.</summary>
    /// <param name="report">Its content.</param>
    /// <param name="folder">Its own folder, such as results/patientkd/small.</param>
    /// <param name="shared">A folder in which all reports share plotly.js (1.4 MB), such as results; null to put it into
    /// figures.html.</param>
    /// <exception cref="ArgumentException">A row has another number of cells than its table has headings, or two parts have the same
    /// id.</exception>
    /// <exception cref="ReplicationException">A file cannot be written.</exception>
    public static void Write(PaperReport report, string folder, string? shared = null)
    {
        CheckIds(report);
        var files = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        void Add(string path, string text) => files.Add(path, Encoding.UTF8.GetBytes(text));

        foreach (var table in report.Tables)
            Add($"{ReportFiles.Tables}/{table.Id}.csv", TableText.Csv(table));
        var svgs = report.Figures.Select(FigureImages.Svg).ToList();
        foreach (var (figure, svg) in report.Figures.Zip(svgs))
            Add($"{ReportFiles.Figures}/{figure.Id}.svg", svg);
        if (ForestPlot.Of(report.Profile, report.Claims) is { } orders)
            Add(ReportFiles.Orders, Html.Text(orders));
        if (report.Figures.Count > 0)
            Add(ReportFiles.Interactive, InteractivePage.Of(report, shared is null ? null : SharedScript(shared, folder)));
        Add(ReportFiles.Claims, ClaimsTable.Text(report.Claims));
        Add(ReportFiles.Text, ReportMarkdown.Of(report));
        Add(ReportFiles.Page, ReportPage.Of(report, svgs));

        foreach (var (path, bytes) in files)
            AtomicFile.WriteIfChanged(Path.Combine(folder, path), bytes);
        RemoveStale(folder, files.Keys);
    }

    private static string SharedScript(string shared, string folder)
    {
        var path = Path.Combine(shared, InteractivePage.LibraryFile);
        AtomicFile.WriteIfChanged(path, InteractivePage.PlotlyScript());
        return Path.GetRelativePath(folder, path).Replace('\\', '/');
    }

    private static void RemoveStale(string folder, IEnumerable<string> written)
    {
        var kept = written.Select(p => Path.GetFullPath(Path.Combine(folder, p))).ToHashSet(StringComparer.Ordinal);
        var owned = new[] { ReportFiles.Tables, ReportFiles.Figures }
            .Select(f => Path.Combine(folder, f)).Where(Directory.Exists).SelectMany(Directory.GetFiles)
            .Append(Path.Combine(folder, ReportFiles.Interactive));
        foreach (var path in owned.Select(Path.GetFullPath).Where(p => !kept.Contains(p)))
        {
            try
            {
                File.Delete(path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new ReplicationException($"Cannot remove {path}, which no longer belongs to the report: {e.Message}", inner: e);
            }
        }
    }

    private static void CheckIds(PaperReport report)
    {
        var ids = report.Tables.Select(t => t.Id).Concat(report.Figures.Select(f => f.Id)).ToList();
        if (ids.FirstOrDefault(id => id.Length == 0 || !id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.')) is { } bad)
            throw new ArgumentException($"'{bad}' is not a file name; use letters, digits, hyphens and dots.", nameof(report));
        if (ids.GroupBy(id => id, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new ArgumentException($"Two tables or figures are called {twice.Key}.", nameof(report));
    }
}
