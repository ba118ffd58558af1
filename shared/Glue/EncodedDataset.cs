namespace Replication.Glue;

/// <summary>A text, or a pair of texts, as token ids.</summary>
/// <param name="InputIds">[CLS] sentence1 [SEP] (sentence2 [SEP]).</param>
/// <param name="FirstLength">Number of tokens with type 0; the rest has type 1.</param>
public readonly record struct EncodedText(int[] InputIds, int FirstLength);

/// <summary>A row as token ids.</summary>
/// <param name="Row">Position in its <see cref="EncodedDataset"/>, from 0; teacher outputs are looked up by it.</param>
/// <param name="Texts">One text, or that of each option of a multiple choice.</param>
/// <param name="Label">Class index or score; NaN where it is hidden.</param>
public sealed record EncodedExample(int Row, IReadOnlyList<EncodedText> Texts, float Label)
{
    /// <summary>A row of one text.</summary>
    public EncodedExample(int row, int[] inputIds, int firstLength, float label) : this(row, [new(inputIds, firstLength)], label)
    {
    }

    /// <summary>The ids of the first or only text.</summary>
    public int[] InputIds => Texts[0].InputIds;

    /// <summary>Tokens with type 0 of the first or only text.</summary>
    public int FirstLength => Texts[0].FirstLength;

    /// <summary>Tokens of the longest text.</summary>
    public int Length => Texts.Max(text => text.InputIds.Length);

    /// <summary>Tokens of all texts.</summary>
    public int Tokens => Texts.Sum(text => text.InputIds.Length);
}

/// <summary>Tokenised rows, in order.</summary>
/// <param name="Task">The task.</param>
/// <param name="Examples">The rows; <see cref="EncodedExample.Row"/> equals the position.</param>
/// <param name="Sha256">Digest of ids, types and labels.</param>
public sealed record EncodedDataset(GlueTask Task, IReadOnlyList<EncodedExample> Examples, string Sha256)
{
    /// <summary>The id that rows are padded with.</summary>
    public int PaddingId { get; init; }

    /// <summary>Parts of the rows that are scored by themselves too, by name; none for most tasks.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<int>> Parts { get; init; } = new Dictionary<string, IReadOnlyList<int>>();
}
