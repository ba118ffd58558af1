using System.Globalization;
using System.Text;

namespace Replication.Glue;

/// <summary>Writes a split as the TSV that GLUE distributes, with the columns that this suite reads.</summary>
public static class TsvSplitWriter
{
    /// <summary>
    /// Writes labelled rows to a file; a tab or line break in a sentence becomes a blank, since the format knows no quotes.
    /// </summary>
    /// <exception cref="ReplicationException">The file cannot be written.</exception>
    public static void Write(GlueTask task, IReadOnlyList<GlueExample> rows, string path)
    {
        var layout = TaskLayout.Of(task);
        var hasHeader = task.Name != GlueTasks.Cola.Name;
        var text = new StringBuilder();
        if (hasHeader)
            text.AppendJoin('\t', [.. layout.TsvColumns, layout.TsvLabel]).Append('\n');
        foreach (var row in rows)
        {
            var label = Label(task, layout, row.Label ?? throw new ArgumentException("A row has no label.", nameof(rows)));
            IEnumerable<string> fields = hasHeader
                ? [Clean(row.Sentence1), .. row.Sentence2 is { } second ? (string[])[Clean(second)] : [], label]
                : ["", label, "", Clean(row.Sentence1)];
            text.AppendJoin('\t', fields).Append('\n');
        }
        AtomicFile.WriteText(path, text.ToString());
    }

    private static string Label(GlueTask task, TaskLayout layout, float label) =>
        task.IsRegression ? label.ToString("0.0##", CultureInfo.InvariantCulture)
        : layout.LabelWords ? task.Labels[(int)label]
        : ((int)label).ToString(CultureInfo.InvariantCulture);

    private static string Clean(string sentence) => sentence.Replace('\t', ' ').Replace('\r', ' ').Replace('\n', ' ');
}
