using System.IO.Compression;
using Parquet;
using Parquet.Schema;
using Replication.Glue;

namespace Replication.Runs;

/// <summary>Columns of equal length as a Parquet file: one row group, no dates, so that equal content gives equal bytes.</summary>
internal static class ParquetTable
{
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
        // What a damaged file says of its sizes is not believed.
        using var file = ParquetFile.Open(path);
        return file.Groups == 1
            ? [.. columns.Select(column => Read(file, path, column.Name, column.Type))]
            : throw new ReplicationException(
                $"{path} has {file.Groups} row groups where one was expected; it is not a table of the ledger.");
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

    private static Array Read(ParquetFile file, string path, string name, Type type)
    {
        var column = file.Column(name, "docs/ledger.md says what it should hold");
        return type switch
        {
            _ when type == typeof(string) => new ParquetColumns(file, path).Texts(0, column, 0).ToArray(),
            _ when type == typeof(int) => Numbers<int>(),
            _ when type == typeof(float) => Numbers<float>(),
            _ when type == typeof(double) => Numbers<double>(),
            _ when type == typeof(float?) => file.Read<float>(0, column).ToArray(),
            _ => throw new ArgumentException($"Columns of {type} have no place in a table.", nameof(type)),
        };

        Array Numbers<T>() where T : struct => file.Read<T>(0, column)
            .Select((number, row) => number
                ?? throw new ReplicationException($"{path}, row {row + 1}, column {name}: no number where one was expected.")).ToArray();
    }
}
