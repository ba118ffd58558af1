namespace Replication.Glue;

/// <summary>A row of a task.</summary>
/// <param name="Index">The row's index in its file, from 0.</param>
/// <param name="Sentence1">First or only sentence.</param>
/// <param name="Sentence2">Second sentence of a pair task.</param>
/// <param name="Label">Class index or score; null where it is hidden.</param>
public sealed record GlueExample(int Index, string Sentence1, string? Sentence2, float? Label);

/// <summary>A split in memory.</summary>
/// <param name="Task">The task.</param>
/// <param name="Split">The split.</param>
/// <param name="Examples">Its rows in file order.</param>
/// <param name="Sha256">Digest of the rows' content (sentences and labels), the same for TSV and Parquet.</param>
/// <param name="Source">Where it was read from, for people.</param>
public sealed record GlueDataset(GlueTask Task, GlueSplit Split, IReadOnlyList<GlueExample> Examples, string Sha256, string Source)
{
    /// <summary>How it differs from GLUE's own split of that name, in one sentence; null where it does not.</summary>
    public string? Warning { get; init; }
}
