using System.Text;
using CsvHelper;

namespace Replication.Glue;

/// <summary>Reads a split from TSV as GLUE distributes it: no quoting, tabs and line feeds are the only marks.</summary>
internal static class TsvReader
{
    /// <summary>The rows of a file.</summary>
    /// <param name="task">The task.</param>
    /// <param name="split">The split.</param>
    /// <param name="path">The file.</param>
    /// <param name="officialRows">How many rows there should be; fewer, with the last line unfinished, is a file that was cut off.</param>
    /// <exception cref="ReplicationException">Malformed: the message names file, line and column, and what was expected.</exception>
    public static List<GlueExample> Read(GlueTask task, GlueSplit split, string path, int officialRows)
    {
        var bytes = Bytes(path);
        var hasHeader = task.Name != GlueTasks.Cola.Name || GlueTasks.IsHidden(split);
        using var csv = CsvReader.Create(bytes, new CsvReaderOptions
        {
            Separator = '\t',
            Mode = CsvMode.NoEscape,
            HasHeader = false,
            SkipEmptyLines = false,
            TrackLineNumbers = true,
            DetectSeparatorHint = false,
        });
        IReadOnlyList<string> header = TaskLayout.HeaderlessColumns;
        if (hasHeader)
            header = csv.Read() ? Fields(csv) : throw new ReplicationException($"{path} is empty; it should hold {officialRows} rows of {task}.");

        var columns = new TsvColumns(task, split, path, header);
        var examples = new List<GlueExample>(officialRows);
        while (csv.Read())
        {
            if (csv.FieldCount != header.Count && IsBrokenRowOfQqp(task, csv.FieldCount, header.Count))
                continue;
            examples.Add(columns.Example(csv, examples.Count));
        }
        if (examples.Count < officialRows && bytes.Length > 0 && bytes.Span[^1] != '\n')
            throw new ReplicationException(
                $"{path}, line {csv.LineNumber}: the file ends in the middle of a line after {examples.Count} of {officialRows} rows, so it was cut off; get it again.");
        return examples;
    }

    // QQP is distributed with a few rows that lack columns; the hub's copy leaves them out.
    private static bool IsBrokenRowOfQqp(GlueTask task, int fields, int columns) => task.Name == GlueTasks.Qqp.Name && fields < columns;

    private static string[] Fields(CsvReader csv) => Enumerable.Range(0, csv.FieldCount).Select(csv.GetString).ToArray();

    private static ReadOnlyMemory<byte> Bytes(string path)
    {
        try
        {
            var bytes = File.ReadAllBytes(path).AsMemory();
            if (bytes.Span.StartsWith(Encoding.UTF8.Preamble))
                bytes = bytes[Encoding.UTF8.Preamble.Length..];
            if (!System.Text.Unicode.Utf8.IsValid(bytes.Span))
                throw NotUtf8(path, bytes.Span);
            return bytes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ReplicationException($"Cannot read {path}: {e.Message}", inner: e);
        }
    }

    private static ReplicationException NotUtf8(string path, ReadOnlySpan<byte> bytes)
    {
        var line = 1;
        foreach (var range in bytes.Split((byte)'\n'))
        {
            if (!System.Text.Unicode.Utf8.IsValid(bytes[range]))
                break;
            line++;
        }
        return new ReplicationException($"{path}, line {line}: not UTF-8, which GLUE's files are; get the file again.");
    }
}
