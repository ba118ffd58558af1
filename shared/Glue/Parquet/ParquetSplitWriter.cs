using System.IO.Compression;
using Parquet;
using Parquet.Schema;

namespace Replication.Glue;

/// <summary>Writes a split as Parquet in the hub's layout; how the files under data/glue were made.</summary>
public static class ParquetSplitWriter
{
    private const long Hidden = -1;

    /// <summary>Writes the rows to a file: the sentences, label (-1 where hidden) and idx, compressed with zstd.</summary>
    public static void Write(GlueDataset data, string path)
    {
        // Parquet.Net writes to a stream that it may close, so the file's content is made in memory.
        using var content = new MemoryStream();
        WriteAsync(data, content).GetAwaiter().GetResult();
        AtomicFile.WriteBytes(path, content.ToArray());
    }

    private static async Task WriteAsync(GlueDataset data, Stream stream)
    {
        var layout = TaskLayout.Of(data.Task);
        var sentences = layout.HubColumns.Select(name => new DataField<string>(name)).ToArray();
        DataField label = data.Task.IsRegression ? new DataField<float>("label") : new DataField<long>("label");
        var index = new DataField<int>("idx");
        var options = new ParquetOptions { CompressionMethod = CompressionMethod.Zstd, CompressionLevel = CompressionLevel.SmallestSize };
        await using var writer =
            await ParquetWriter.CreateAsync(new ParquetSchema([.. sentences, label, index]), stream, options).ConfigureAwait(false);
        using var group = writer.CreateRowGroup();
        await group.WriteAsync(sentences[0], data.Examples.Select(e => e.Sentence1).ToArray()).ConfigureAwait(false);
        if (data.Task.IsPair)
            await group.WriteAsync(sentences[1], data.Examples.Select(e => e.Sentence2!).ToArray()).ConfigureAwait(false);
        if (data.Task.IsRegression)
            await group.WriteAsync<float>(label, data.Examples.Select(e => e.Label ?? Hidden).ToArray()).ConfigureAwait(false);
        else
            await group.WriteAsync<long>(label, data.Examples.Select(e => (long)(e.Label ?? Hidden)).ToArray()).ConfigureAwait(false);
        await group.WriteAsync<int>(index, data.Examples.Select(e => e.Index).ToArray()).ConfigureAwait(false);
    }
}
