namespace Replication.Glue;

/// <summary>Reads a split from TSV as GLUE distributes it: no quoting, tabs and line feeds are the only marks.</summary>
internal static class TsvReader
{
    private const char Separator = '\t';

    /// <summary>The rows of a file.</summary>
    /// <param name="task">The task.</param>
    /// <param name="split">The split.</param>
    /// <param name="path">The file.</param>
    /// <param name="officialRows">How many rows there should be.</param>
    /// <exception cref="ReplicationException">Malformed: the message names file, line and column, and what was expected.</exception>
    public static List<GlueExample> Read(GlueTask task, GlueSplit split, string path, int officialRows)
    {
        using var reader = TextLineReader.Open(path);
        IReadOnlyList<string> header = TaskLayout.HeaderlessColumns;
        if (task.Name != GlueTasks.Cola.Name || GlueTasks.IsHidden(split))
            header = (Next(reader, path)
                ?? throw new ReplicationException($"{path} is empty; it should hold {officialRows} rows of {task}.")).Split(Separator);

        var columns = new TsvColumns(task, split, path, header);
        var examples = new List<GlueExample>(officialRows);
        while (Next(reader, path) is { } line)
        {
            var fields = line.Split(Separator);
            if (reader.IsEnded && IsBrokenRowOfQqp(task, fields.Length, header.Count))
                continue;
            examples.Add(columns.Example(fields, examples.Count, reader));
        }
        return examples;
    }

    private static string? Next(TextLineReader reader, string path)
    {
        var line = reader.ReadLine();
        return reader is { LineNumber: 1, IsEnded: false } && line?.Contains('\r', StringComparison.Ordinal) == true
            ? throw new ReplicationException(
                $"{path}: carriage returns alone end its lines, where line feeds were expected; save it with the line ends of Unix or "
                + $"Windows.")
            : line;
    }

    // QQP is distributed with a few rows that lack columns; the hub's copy leaves them out.
    private static bool IsBrokenRowOfQqp(GlueTask task, int fields, int columns) => task.Name == GlueTasks.Qqp.Name && fields < columns;
}
