namespace Replication.Inference;

/// <summary>
/// The few lengths that texts are padded to. ONNX Runtime keeps memory for each shape that it has met; with every length its own
/// it would keep growing.
/// </summary>
internal static class PaddedLength
{
    private static readonly int[] Lengths = [8, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512];

    /// <summary>The shortest of the lengths that holds some tokens, but no more than the model takes.</summary>
    /// <param name="tokens">Tokens of the text.</param>
    /// <param name="longestInput">Most tokens that the model takes.</param>
    public static int Of(int tokens, int longestInput)
    {
        foreach (var length in Lengths)
            if (length >= tokens)
                return Math.Min(length, Math.Max(tokens, longestInput));
        return tokens;
    }
}
