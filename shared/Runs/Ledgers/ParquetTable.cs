using System.IO.Compression;
using Parquet;
using Parquet.Schema;

namespace Replication.Runs;

/// <summary>Columns of equal length as a Parquet file: one row group, no dates, so that equal content gives equal bytes.</summary>
internal static class ParquetTable
{
    // A damaged file may claim any number, and arrays are made by it.
    private const long MostRows = 1 << 26;

    /// <summary>The file's bytes.</summary>
    /// <param name="columns">Arrays of string, int, float, double or float?.</param>
    public static byte[] Write(params (string Name, Array Values)[] columns)
    {
        using var content = new MemoryStream();
        WriteAsync(columns, content).GetAwaiter().GetResult();
        return content.ToArray();
    }

    /// <summary>The columns of a file, each of the element type that is asked for; empty ones where it is not there.</summary>
    /// <exception cref="ReplicationException">It is no such table.</exception>
    public static Array[] Read(string path, params (string Name, Type Type)[] columns)
    {
        if (!File.Exists(path))
            return [.. columns.Select(column => Array.CreateInstance(column.Type, 0))];
        try
        {
            return ReadAsync(path, columns).GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is not ReplicationException and not OutOfMemoryException)
        {
            // The decoder meets damage with exceptions of every kind.
            throw new ReplicationException($"{path} cannot be read as Parquet ({e.Message.Split('\n')[0].TrimEnd('.')}); it is damaged, so get it again, such as with 'git checkout'.", inner: e);
        }
    }

    private static async Task WriteAsync((string Name, Array Values)[] columns, Stream stream)
    {
        var fields = columns.Select(column => new DataField(column.Name, column.Values.GetType().GetElementType()!)).ToArray();
        var options = new ParquetOptions { CompressionMethod = CompressionMethod.Zstd, CompressionLevel = CompressionLevel.SmallestSize };
        await using var writer = await ParquetWriter.CreateAsync(new ParquetSchema([.. fields]), stream, options).ConfigureAwait(false);
        using var group = writer.CreateRowGroup();
        foreach (var (field, (_, values)) in fields.Zip(columns))
        {
            await (values switch
            {
                string[] texts => group.WriteAsync(field, texts),
                int[] numbers => group.WriteAsync<int>(field, numbers),
                float[] numbers => group.WriteAsync<float>(field, numbers),
                float?[] numbers => group.WriteAsync<float>(field, numbers),
                double[] numbers => group.WriteAsync<double>(field, numbers),
                _ => throw new ArgumentException($"Columns of {values.GetType()} have no place in a table.", nameof(columns)),
            }).ConfigureAwait(false);
        }
    }

    private static async Task<Array[]> ReadAsync(string path, (string Name, Type Type)[] columns)
    {
        await using var reader = await ParquetReader.CreateAsync(path).ConfigureAwait(false);
        if (reader.RowGroupCount != 1)
            throw new ReplicationException($"{path} has {reader.RowGroupCount} row groups where one was expected; it is not a table of the ledger.");
        using var group = reader.OpenRowGroupReader(0);
        if (group.RowCount is < 0 or > MostRows)
            throw new ReplicationException($"{path} cannot be read: it claims {group.RowCount} rows, more than {MostRows}; it is damaged, so get it again.");
        var read = new List<Array>();
        foreach (var (name, type) in columns)
        {
            var field = reader.Schema.GetDataFields().FirstOrDefault(f => f.Name == name)
                ?? throw new ReplicationException($"{path} has no column '{name}'; docs/ledger.md says what it should hold.");
            var values = Array.CreateInstance(type, group.RowCount);
            await (values switch
            {
                string[] texts => group.ReadAsync(field, texts.AsMemory()!),
                int[] numbers => group.ReadAsync<int>(field, numbers.AsMemory()),
                float[] numbers => group.ReadAsync<float>(field, numbers.AsMemory()),
                float?[] numbers => group.ReadAsync<float>(field, numbers.AsMemory()),
                double[] numbers => group.ReadAsync<double>(field, numbers.AsMemory()),
                _ => throw new ArgumentException($"Columns of {type} have no place in a table.", nameof(columns)),
            }).ConfigureAwait(false);
            read.Add(values);
        }
        return [.. read];
    }
}
