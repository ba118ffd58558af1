namespace Replication.Inference;

/// <summary>How a <see cref="BertClassifier"/> runs.</summary>
public sealed class BertClassifierOptions
{
    /// <summary>The least that <see cref="MaxLength"/> may be: room for the special tokens of a pair and a token.</summary>
    internal const int LeastMaxLength = 4;

    // What the papers' tasks are trained with.
    private const int UsualLength = 128;

    /// <summary>Longest text in tokens, the special ones included; longer ones are cut. Null for 128, or as many as the model takes.</summary>
    public int? MaxLength { get; set; }

    /// <summary>Longest text in UTF-16 units; longer ones are refused, since to cut a text into tokens takes time too.</summary>
    public int MaxCharacters { get; set; } = 100_000;

    /// <summary>
    /// Threads that compute a call; 0 for as many as this process may use. ONNX Runtime's own default ties each thread to a
    /// processor, which fails where a container or cpuset withholds some of them.
    /// </summary>
    public int Threads { get; set; }

    /// <summary>Most tokens of a batch, padding included; <see cref="ITextClassifier.PredictBatch"/> cuts more texts into several batches.</summary>
    public int TokensPerBatch { get; set; } = 4096;

    /// <summary>Checks every value against its range and the model's.</summary>
    /// <param name="longestInput">Most tokens that the model takes.</param>
    /// <exception cref="ReplicationException">A value is out of its range; the message names it and the range.</exception>
    internal void Validate(int longestInput)
    {
        if (MaxLength is { } length)
            Check(length >= LeastMaxLength && length <= longestInput, nameof(MaxLength), length, LeastMaxLength, longestInput);
        Check(MaxCharacters is >= 1 and <= 100_000_000, nameof(MaxCharacters), MaxCharacters, 1, 100_000_000);
        Check(Threads is >= 0 and <= 1024, nameof(Threads), Threads, 0, 1024);
        Check(TokensPerBatch is >= 1 and <= 10_000_000, nameof(TokensPerBatch), TokensPerBatch, 1, 10_000_000);
    }

    /// <summary>Longest text in tokens for a model.</summary>
    /// <param name="longestInput">Most tokens that the model takes.</param>
    internal int LengthFor(int longestInput) => MaxLength ?? Math.Min(UsualLength, longestInput);

    private static void Check(bool holds, string name, int value, int least, int most)
    {
        if (!holds)
            throw new ReplicationException(FormattableString.Invariant($"{name} is {value}; it must be from {least} to {most}."), ReplicationException.UsageError);
    }
}
