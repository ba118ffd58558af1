using Parquet;
using Parquet.Schema;

namespace Replication.Glue;

/// <summary>Reads a split from Parquet in the hub's layout: the sentences, label (-1 where hidden) and idx, in one or more files.</summary>
internal static class ParquetSplitReader
{
    private const string LabelColumn = "label";

    // Far more than any task has, augmented too; a damaged file may claim any number, and arrays are made by it.
    private const long MostRows = 1 << 26;

    /// <summary>The rows of some files, one after the other.</summary>
    /// <exception cref="ReplicationException">Malformed: the message names file, row and column, and what was expected.</exception>
    public static List<GlueExample> Read(GlueTask task, GlueSplit split, IReadOnlyList<string> paths)
    {
        var examples = new List<GlueExample>();
        foreach (var path in paths)
            ReadAsync(task, split, path, examples).GetAwaiter().GetResult();
        return examples;
    }

    private static async Task ReadAsync(GlueTask task, GlueSplit split, string path, List<GlueExample> examples)
    {
        try
        {
            await using var reader = await ParquetReader.CreateAsync(path).ConfigureAwait(false);
            var sentences = TaskLayout.Of(task).HubColumns.Select(name => Field(reader, path, name)).ToArray();
            var label = GlueTasks.IsHidden(split) ? null : Field(reader, path, LabelColumn);
            var start = examples.Count;
            for (var g = 0; g < reader.RowGroupCount; g++)
            {
                using var group = reader.OpenRowGroupReader(g);
                if (group.RowCount is < 0 or > MostRows)
                    throw new ReplicationException($"{path} cannot be read: it claims {group.RowCount} rows in one group, more than {MostRows}; it is damaged, so get it again.");
                var first = await Texts(group, sentences[0]).ConfigureAwait(false);
                var second = task.IsPair ? await Texts(group, sentences[1]).ConfigureAwait(false) : null;
                var labels = label is null ? null : await Numbers(group, label).ConfigureAwait(false);
                for (var row = 0; row < first.Length; row++)
                {
                    var place = examples.Count - start + 1;
                    examples.Add(new GlueExample(
                        examples.Count,
                        first[row] ?? throw Empty(path, place, sentences[0]),
                        second is null ? null : second[row] ?? throw Empty(path, place, sentences[1]),
                        labels is null ? null : Label(task, labels[row], path, place)));
                }
            }
        }
        catch (Exception e) when (e is not ReplicationException and not OutOfMemoryException)
        {
            // The decoder meets damage with exceptions of every kind.
            throw new ReplicationException($"{path} cannot be read as Parquet ({e.Message.Split('\n')[0].TrimEnd('.')}); it is damaged or something else, so get it again.", inner: e);
        }
    }

    private static DataField Field(ParquetReader reader, string path, string name) =>
        reader.Schema.GetDataFields().FirstOrDefault(field => field.Name == name)
        ?? throw new ReplicationException($"{path} has no column '{name}' but {string.Join(", ", reader.Schema.GetDataFields().Select(f => f.Name))}; the hub's layout was expected.");

    private static async Task<string?[]> Texts(ParquetRowGroupReader group, DataField field)
    {
        var texts = new string?[group.RowCount];
        await group.ReadAsync(field, texts.AsMemory()).ConfigureAwait(false);
        return texts;
    }

    private static async Task<float?[]> Numbers(ParquetRowGroupReader group, DataField field)
    {
        if (field.ClrType == typeof(long))
            return Array.ConvertAll(await Values<long>(group, field).ConfigureAwait(false), value => (float?)value);
        if (field.ClrType == typeof(int))
            return Array.ConvertAll(await Values<int>(group, field).ConfigureAwait(false), value => (float?)value);
        if (field.ClrType == typeof(double))
            return Array.ConvertAll(await Values<double>(group, field).ConfigureAwait(false), value => (float?)value);
        return await Values<float>(group, field).ConfigureAwait(false);
    }

    private static async Task<T?[]> Values<T>(ParquetRowGroupReader group, DataField field) where T : struct
    {
        if (field.IsNullable)
        {
            var values = new T?[group.RowCount];
            await group.ReadAsync<T>(field, values.AsMemory()).ConfigureAwait(false);
            return values;
        }
        var plain = new T[group.RowCount];
        await group.ReadAsync<T>(field, plain.AsMemory()).ConfigureAwait(false);
        return Array.ConvertAll(plain, value => (T?)value);
    }

    private static float Label(GlueTask task, float? value, string path, int row) =>
        value is { } label && GlueLabel.IsValid(task, label) ? label : throw new ReplicationException(
            FormattableString.Invariant($"{path}, row {row}, column {LabelColumn}: {(value is null ? "nothing" : value)} is no label of {task}; expected {GlueLabel.Expected(task, words: false)}."));

    private static ReplicationException Empty(string path, int row, DataField field) => new($"{path}, row {row}, column {field.Name}: no text where a sentence was expected.");
}
