namespace Replication.Augmentation;

/// <summary>How fast the words of some rows find their candidates in the simple ways, to hold the batched one against.</summary>
/// <param name="BySentence">Rows a second with one sentence a pass, in fp32.</param>
/// <param name="ByWord">Rows a second with one word a pass, in fp32, as the authors' program has it.</param>
/// <param name="Common">Mean share of a word's candidates that one word a pass and the batched way have in common: 1 where both are
/// fp32.</param>
public sealed record AugmentationSpeed(double BySentence, double ByWord, double Common)
{
    /// <summary>Measures both ways over all words.</summary>
    /// <param name="many">The batched way.</param>
    /// <param name="texts">A sentence a row.</param>
    /// <param name="clock">Tells the time.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static AugmentationSpeed Measure(
        MaskedWordCandidates many, IReadOnlyList<string> texts, TimeProvider clock, CancellationToken cancellation)
    {
        var sentences = texts.Select(text => SentenceWords.All(Words.Of(text))).ToList();
        using var few = many.Plain(oneWordAPass: false);
        using var one = many.Plain(oneWordAPass: true);
        var together = many.Of(sentences, cancellation).SelectMany(words => words);
        var (bySentence, _) = Timed(() => [.. sentences.SelectMany(sentence => few.Of([sentence], cancellation))]);
        var (byWord, alone) = Timed(() => one.Of(sentences, cancellation));
        var common = together.Zip(alone.SelectMany(words => words))
            .Where(w => w.Second.Count > 0).Select(w => w.First.Intersect(w.Second).Count() / (double)w.Second.Count);
        return new AugmentationSpeed(texts.Count / bySentence, texts.Count / byWord, common.DefaultIfEmpty(1).Average());

        (double Seconds, IReadOnlyList<IReadOnlyList<string>[]> Found) Timed(Func<IReadOnlyList<IReadOnlyList<string>[]>> find)
        {
            var start = clock.GetTimestamp();
            var found = find();
            return (clock.GetElapsedTime(start).TotalSeconds, found);
        }
    }
}
