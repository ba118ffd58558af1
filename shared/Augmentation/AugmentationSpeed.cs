using Replication.Bert;
using Replication.Bert.Tokenization;
using TorchSharp;

namespace Replication.Augmentation;

/// <summary>How long the candidates of some sentences take, found in three ways that give the same words.</summary>
/// <param name="Sentences">Sentences.</param>
/// <param name="Words">Words that got candidates.</param>
/// <param name="Batched">Seconds with many words of many sentences a pass.</param>
/// <param name="SentenceByPass">Seconds with one sentence a pass.</param>
/// <param name="WordByPass">Seconds with one word a pass, as the authors' program has it.</param>
/// <param name="AreEqual">Whether all three found the same words.</param>
public sealed record AugmentationSpeed(int Sentences, int Words, double Batched, double SentenceByPass, double WordByPass, bool AreEqual)
{
    /// <summary>Measures the three, after a warm-up.</summary>
    /// <param name="model">The masked language model, on the device.</param>
    /// <param name="pieces">Its tokenizer.</param>
    /// <param name="settings">K, and whose variant.</param>
    /// <param name="maxLength">Pieces of a sentence that are looked at.</param>
    /// <param name="device">Where it computes.</param>
    /// <param name="texts">Sentences.</param>
    /// <param name="clock">Tells the time.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static AugmentationSpeed Measure(
        BertForMaskedLM model, WordPiece pieces, AugmentationSettings settings, int maxLength, torch.Device device, IEnumerable<string> texts, TimeProvider clock, CancellationToken cancellation)
    {
        var sentences = texts.Select(Augmentation.Words.Of).ToList();
        using var many = new MaskedWordCandidates(model, pieces, settings, maxLength, device);
        using var one = new MaskedWordCandidates(model, pieces, settings, maxLength, device, tokensPerBatch: 1);
        many.Of([.. sentences.Take(4)], cancellation);
        var (batched, together) = Timed(() => many.Of(sentences, cancellation));
        var (bySentence, apart) = Timed(() => [.. sentences.SelectMany(sentence => many.Of([sentence], cancellation))]);
        var (byWord, single) = Timed(() => one.Of(sentences, cancellation));
        return new AugmentationSpeed(
            sentences.Count, together.Sum(words => words.Count(found => found.Count > 0)), batched, bySentence, byWord, Text(together) == Text(apart) && Text(together) == Text(single));

        (double Seconds, IReadOnlyList<IReadOnlyList<string>[]> Found) Timed(Func<IReadOnlyList<IReadOnlyList<string>[]>> find)
        {
            var start = clock.GetTimestamp();
            var found = find();
            return (clock.GetElapsedTime(start).TotalSeconds, found);
        }
    }

    private static string Text(IReadOnlyList<IReadOnlyList<string>[]> found) =>
        string.Join('\n', found.Select(words => string.Join('|', words.Select(candidates => string.Join(' ', candidates)))));
}
