using Replication.Glue;

namespace Replication.Augmentation;

/// <summary>
/// Makes new rows of a task's rows by replacing words (TinyBERT, Algorithm 1). What becomes of a row depends on the row and the
/// seed alone, not on the rows around it.
/// </summary>
/// <param name="settings">p_t, N_a, and whose variant.</param>
/// <param name="candidates">Candidates of each word of some sentences.</param>
/// <param name="neighbours">Candidates of a word of several pieces, such as its nearest word vectors; null leaves such words as they are.</param>
/// <param name="seed">Decides what is replaced by what.</param>
public sealed class Augmenter(
    AugmentationSettings settings,
    Func<IReadOnlyList<string[]>, IReadOnlyList<IReadOnlyList<string>[]>> candidates,
    Func<string, IReadOnlyList<string>>? neighbours,
    long seed)
{
    /// <summary>The new rows of some rows, with their labels; the originals are not among them.</summary>
    public IReadOnlyList<IReadOnlyList<GlueExample>> Augment(IReadOnlyList<GlueExample> rows)
    {
        string[][] sentences = [.. rows.SelectMany(row => row.Sentence2 is { } second ? (string[][])[Words.Of(row.Sentence1), Words.Of(second)] : [Words.Of(row.Sentence1)])];
        var found = candidates(sentences);
        var next = 0;
        var made = new List<IReadOnlyList<GlueExample>>();
        foreach (var row in rows)
        {
            var first = Sentence(next++);
            var second = row.Sentence2 is null ? null : Sentence(next++);
            made.Add([.. Variants(row, first, second)]);
        }
        return made;

        Choices Sentence(int index) => new(sentences[index], [.. sentences[index].Select((word, i) => Candidates(word, found[index][i]))]);
    }

    private IReadOnlyList<string> Candidates(string word, IReadOnlyList<string> masked) =>
        masked.Count > 0 || neighbours is null || (settings.OfficialCode && !Words.IsContent(word)) ? masked : neighbours(word);

    private IEnumerable<GlueExample> Variants(GlueExample row, Choices first, Choices? second)
    {
        var random = new RandomStream(seed, "augmentation", row.Index);
        if (!settings.OfficialCode)
            return Enumerable.Range(0, settings.RowsPerRow).Select(_ => row with { Sentence1 = Vary(first, random), Sentence2 = second is null ? null : Vary(second, random) });
        var firsts = Enumerable.Range(0, settings.RowsPerRow).Select(_ => Vary(first, random)).ToList();
        var varied = firsts.Select(text => row with { Sentence1 = text });
        if (second is not null)
            varied = varied.Concat(Enumerable.Range(0, settings.RowsPerRow).Select(_ => row with { Sentence1 = firsts[^1], Sentence2 = Vary(second, random) }).ToList());
        return varied.Distinct().Where(made => made != row);
    }

    // Two numbers are drawn for every word, replaced or not, so that no word's fate hangs on another's candidates.
    private string Vary(Choices sentence, RandomStream random) => string.Join(' ', sentence.Words.Select((word, i) =>
    {
        var (chance, choice) = (random.NextDouble(), random.NextDouble());
        var options = sentence.Candidates[i];
        return options.Count > 0 && chance < settings.ReplaceProbability ? options[(int)(choice * options.Count)] : word;
    }));

    private sealed record Choices(string[] Words, IReadOnlyList<IReadOnlyList<string>> Candidates);
}
