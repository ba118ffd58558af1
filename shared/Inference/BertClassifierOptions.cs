namespace Replication.Inference;

/// <summary>How a <see cref="BertClassifier"/> or a <see cref="BertChoiceClassifier"/> runs.</summary>
public sealed class BertClassifierOptions : BertModelOptions
{
    /// <summary>The least that <see cref="MaxLength"/> may be: room for the special tokens of a pair and a token.</summary>
    internal const int LeastMaxLength = 4;

    /// <summary>
    /// Longest text in tokens, the special ones included; longer ones are cut. Null for what the papers' tasks are trained with,
    /// 128 tokens and for a multiple choice 512, or as many as the model takes.
    /// </summary>
    public int? MaxLength { get; set; }

    internal override void Validate(int longestInput)
    {
        base.Validate(longestInput);
        if (MaxLength is { } length)
            Check(length >= LeastMaxLength && length <= longestInput, nameof(MaxLength), length, LeastMaxLength, longestInput);
    }
}
