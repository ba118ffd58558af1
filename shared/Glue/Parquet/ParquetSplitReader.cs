namespace Replication.Glue;

/// <summary>Reads a split from Parquet in the hub's layout: the sentences, label (-1 where hidden) and idx, in one or more files.</summary>
internal static class ParquetSplitReader
{
    private const string LabelColumn = "label";

    /// <summary>The rows of some files, one after the other.</summary>
    /// <exception cref="ReplicationException">Malformed: the message names file, row and column, and what was expected.</exception>
    public static List<GlueExample> Read(GlueTask task, GlueSplit split, IReadOnlyList<string> paths)
    {
        var examples = new List<GlueExample>();
        foreach (var path in paths)
        {
            using var file = ParquetFile.Open(path);
            Read(task, split, path, file, examples);
        }
        return examples;
    }

    private static void Read(GlueTask task, GlueSplit split, string path, ParquetFile file, List<GlueExample> examples)
    {
        var sentences = TaskLayout.Of(task).HubColumns.Select(name => file.Column(name)).ToArray();
        var label = GlueTasks.IsHidden(split) ? null : file.Column(LabelColumn);
        var columns = new ParquetColumns(file, path, task);
        var start = examples.Count;
        for (var group = 0; group < file.Groups; group++)
        {
            var before = examples.Count - start;
            var first = columns.Texts(group, sentences[0], before).ToList();
            var second = task.IsPair ? columns.Texts(group, sentences[1], before).ToList() : null;
            var labels = label is null ? null : columns.Labels(group, label, before).ToList();
            for (var row = 0; row < first.Count; row++)
                examples.Add(new GlueExample(examples.Count, first[row], second?[row], labels?[row]));
        }
    }
}
