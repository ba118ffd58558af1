namespace Replication.Inference;

/// <summary>How an exported model runs, whatever it is for.</summary>
public abstract class BertModelOptions
{
    private protected BertModelOptions()
    {
    }

    /// <summary>Longest text in UTF-16 units; longer ones are refused, since to cut a text into tokens takes time too.</summary>
    public int MaxCharacters { get; set; } = 100_000;

    /// <summary>
    /// Threads that compute a call; 0 for as many as this process may use. ONNX Runtime's own default ties each thread to a
    /// processor, which fails where a container or cpuset withholds some of them.
    /// </summary>
    public int Threads { get; set; }

    /// <summary>Most tokens of a batch, padding included; more texts are cut into several batches.</summary>
    public int TokensPerBatch { get; set; } = 4096;

    /// <summary>Checks every value against its range and the model's.</summary>
    /// <param name="longestInput">Most tokens that the model takes.</param>
    /// <exception cref="ReplicationException">A value is out of its range; the message names it and the range.</exception>
    internal virtual void Validate(int longestInput)
    {
        Check(MaxCharacters is >= 1 and <= 100_000_000, nameof(MaxCharacters), MaxCharacters, 1, 100_000_000);
        Check(Threads is >= 0 and <= 1024, nameof(Threads), Threads, 0, 1024);
        Check(TokensPerBatch is >= 1 and <= 10_000_000, nameof(TokensPerBatch), TokensPerBatch, 1, 10_000_000);
    }

    private protected static void Check(bool holds, string name, int value, int least, int most)
    {
        if (!holds)
            throw new ReplicationException(
                FormattableString.Invariant($"{name} is {value}; it must be from {least} to {most}."), ReplicationException.UsageError);
    }
}
