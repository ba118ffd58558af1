namespace Replication.Inference;

/// <summary>How a <see cref="BertAnswerer"/> runs.</summary>
public sealed class BertAnswererOptions : BertModelOptions
{
    /// <summary>How long passages are cut; null for windows of 384 tokens, or as many as the model takes.</summary>
    public Windowing? Windowing { get; set; }

    internal override void Validate(int longestInput)
    {
        base.Validate(longestInput);
        if (Windowing?.MaxLength is { } length)
            Check(length >= 1 && length <= longestInput, $"{nameof(Windowing)}.{nameof(Windowing.MaxLength)}", length, 1, longestInput);
        if (Windowing is { } windowing)
            Check(windowing.Stride >= 1, $"{nameof(Windowing)}.{nameof(Windowing.Stride)}", windowing.Stride, 1, longestInput);
    }
}
