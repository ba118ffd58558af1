namespace Replication.Glue;

/// <summary>A row as token ids.</summary>
/// <param name="Row">Position in its <see cref="EncodedDataset"/>, from 0; teacher outputs are looked up by it.</param>
/// <param name="InputIds">[CLS] sentence1 [SEP] (sentence2 [SEP]).</param>
/// <param name="FirstLength">Number of tokens with type 0; the rest has type 1.</param>
/// <param name="Label">Class index or score; NaN where it is hidden.</param>
public sealed record EncodedExample(int Row, int[] InputIds, int FirstLength, float Label);

/// <summary>Tokenised rows, in order.</summary>
/// <param name="Task">The task.</param>
/// <param name="Examples">The rows; <see cref="EncodedExample.Row"/> equals the position.</param>
/// <param name="Sha256">Digest of ids, types and labels.</param>
public sealed record EncodedDataset(GlueTask Task, IReadOnlyList<EncodedExample> Examples, string Sha256);
