using CsvHelper;

namespace Replication.Glue;

/// <summary>Where a TSV file has its sentences and label, and how a row becomes an example.</summary>
internal sealed class TsvColumns
{
    private readonly GlueTask _task;
    private readonly string _path;
    private readonly IReadOnlyList<string> _header;
    private readonly bool _labelWords;
    private readonly int[] _sentences;
    private readonly int? _label;

    /// <summary>Finds the columns in a header.</summary>
    /// <exception cref="ReplicationException">One is missing.</exception>
    public TsvColumns(GlueTask task, GlueSplit split, string path, IReadOnlyList<string> header)
    {
        var layout = TaskLayout.Of(task);
        (_task, _path, _header, _labelWords) = (task, path, header, layout.LabelWords);
        _sentences = layout.TsvColumns.Select(Find).ToArray();
        _label = GlueTasks.IsHidden(split) ? null : Find(layout.TsvLabel);
    }

    /// <summary>The row that the reader stands on.</summary>
    /// <exception cref="ReplicationException">The number of columns or the label is wrong.</exception>
    public GlueExample Example(CsvReader csv, int index)
    {
        if (csv.FieldCount != _header.Count)
        {
            var place = Math.Min(csv.FieldCount, _header.Count) + (csv.FieldCount > _header.Count ? 1 : 0);
            throw new ReplicationException(
                $"{_path}, line {csv.LineNumber}, column {place}: the line has {csv.FieldCount} tab-separated columns where {_header.Count} were expected ({string.Join(", ", _header)}).");
        }
        return new GlueExample(
            index, csv.GetString(_sentences[0]), _task.IsPair ? csv.GetString(_sentences[1]) : null, _label is { } column ? Label(csv, column) : null);
    }

    private float Label(CsvReader csv, int column)
    {
        var text = csv.GetString(column);
        return GlueLabel.Parse(_task, text, _labelWords) ?? throw new ReplicationException(
            $"{_path}, line {csv.LineNumber}, column {column + 1} ({_header[column]}): '{text}' is no label of {_task}; expected {GlueLabel.Expected(_task, _labelWords)}.");
    }

    private int Find(string name)
    {
        for (var i = 0; i < _header.Count; i++)
            if (string.Equals(_header[i], name, StringComparison.Ordinal))
                return i;
        throw new ReplicationException(
            $"{_path}, line 1: no column '{name}' among the tab-separated {string.Join(", ", _header)}; is this the {_task} file of GLUE?");
    }
}
