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

    /// <summary>The row of the line that was read last.</summary>
    /// <exception cref="ReplicationException">The number of columns or the label is wrong.</exception>
    public GlueExample Example(IReadOnlyList<string> fields, int index, TextLineReader reader)
    {
        if (fields.Count != _header.Count)
        {
            var place = Math.Min(fields.Count, _header.Count) + (fields.Count > _header.Count ? 1 : 0);
            var cut = reader.IsEnded ? "" : "; the file ends in this line without a line end, so it may have been cut off";
            throw new ReplicationException(
                $"{_path}, line {reader.LineNumber}, column {place}: the line has {fields.Count} tab-separated columns where "
                    + $"{_header.Count} were expected ({string.Join(", ", _header)}){cut}.");
        }
        return new GlueExample(
            index, fields[_sentences[0]], _task.IsPair ? fields[_sentences[1]] : null,
            _label is { } column ? Label(fields[column], column, reader.LineNumber) : null);
    }

    private float Label(string text, int column, long line) => GlueLabel.Parse(_task, text, _labelWords) ?? throw new ReplicationException(
        $"{_path}, line {line}, column {column + 1} ({_header[column]}): '{text}' is not a label of {_task}; expected "
            + $"{GlueLabel.Expected(_task, _labelWords)}.");

    private int Find(string name)
    {
        for (var i = 0; i < _header.Count; i++)
            if (string.Equals(_header[i], name, StringComparison.Ordinal))
                return i;
        throw new ReplicationException(
            $"{_path}, line 1: no column '{name}' among the tab-separated {string.Join(", ", _header)}; is this the {_task} file of GLUE?");
    }
}
