using Replication.Bert;
using Replication.Corpus;
using static TorchSharp.torch;

namespace Replication.DistilBERT;

/// <summary>A masked batch as tensors.</summary>
/// <param name="Tokens">The student's input, which is the teacher's too.</param>
/// <param name="Places">int64 [tokens]: the tokens that are no padding, as places in batch x length, hidden words first.</param>
/// <param name="Words">int64 [hidden words]: the words that are hidden at the first places.</param>
public sealed record MaskedBatch(TokenBatch Tokens, Tensor Places, Tensor Words) : IDisposable
{
    /// <summary>Makes a batch.</summary>
    public static MaskedBatch Collate(MaskedSequences masked, int padding, Device device)
    {
        var tokens = SequenceStream.Collate(masked.Inputs, padding, device);
        var width = (int)tokens.InputIds.shape[1];
        List<long> hidden = [], seen = [], words = [];
        foreach (var (row, targets) in masked.Targets.Index())
        {
            foreach (var (place, word) in targets.Index())
            {
                (word == Masking.NoTarget ? seen : hidden).Add((row * (long)width) + place);
                if (word != Masking.NoTarget)
                    words.Add(word);
            }
        }
        return new MaskedBatch(tokens, tensor((long[])[.. hidden, .. seen], device: device), tensor(words.ToArray(), device: device));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Tokens.Dispose();
        Places.Dispose();
        Words.Dispose();
    }
}
