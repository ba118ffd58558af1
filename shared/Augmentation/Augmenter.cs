using Replication.Glue;

namespace Replication.Augmentation;

/// <summary>
/// Makes new rows of a task's rows by replacing words (TinyBERT, Algorithm 1). What becomes of a row depends on the row and the
/// seed alone, not on the rows around it.
/// </summary>
/// <param name="settings">p_t, N_a, and whose variant.</param>
/// <param name="candidates">Candidates of each wanted word of some sentences; a word that will not be replaced is not wanted.</param>
/// <param name="neighbours">Candidates of a word of several pieces, such as its nearest word vectors; null leaves such words as they
/// are.</param>
/// <param name="seed">Decides what is replaced by what.</param>
public sealed class Augmenter(
    AugmentationSettings settings,
    Func<IReadOnlyList<SentenceWords>, IReadOnlyList<IReadOnlyList<string>[]>> candidates,
    Func<string, IReadOnlyList<string>>? neighbours,
    long seed)
{
    /// <summary>The new rows of some rows, with their labels; the originals are not among them.</summary>
    public IReadOnlyList<IReadOnlyList<GlueExample>> Augment(IReadOnlyList<GlueExample> rows)
    {
        var drawn = rows.Select(Draw).ToList();
        DrawnSentence[] sentences =
            [.. drawn.SelectMany(row => row.Second is { } second ? (DrawnSentence[])[row.First, second] : [row.First])];
        var texts = settings.IsInTurn ? InTurn(sentences) : AtOnce(sentences);
        var next = 0;
        return [.. rows.Zip(drawn).Select(pair =>
        {
            var firsts = texts[next++];
            var seconds = pair.Second.Second is null ? null : texts[next++];
            return (IReadOnlyList<GlueExample>)[.. Variants(pair.First, firsts, seconds)];
        })];
    }

    // The forms of each sentence, of candidates that were found in the sentence as it was.
    private IReadOnlyList<List<string>> AtOnce(IReadOnlyList<DrawnSentence> sentences)
    {
        var found = candidates([.. sentences.Select(sentence => new SentenceWords(sentence.Words, Wanted(sentence)))]);
        return [.. sentences.Zip(found, Texts)];
    }

    // The same where each word is replaced in what the words before it have become; all sentences are at the same word.
    private IReadOnlyList<List<string>> InTurn(IReadOnlyList<DrawnSentence> sentences)
    {
        var forms = sentences.SelectMany(
            sentence => sentence.Draws.Select(draw => (sentence.Words, Draw: draw, Form: (string[])sentence.Words.Clone()))).ToList();
        for (var word = 0; word < sentences.Select(sentence => sentence.Words.Length).DefaultIfEmpty().Max(); word++)
        {
            var due = forms.Where(form => word < form.Form.Length && IsReplaced(form.Draw[word])).ToList();
            var found = candidates([.. due.Select(form => new SentenceWords(
                (string[])form.Form.Clone(), [.. form.Form.Select((_, place) => place == word)]))]);
            foreach (var ((words, draw, form), masked) in due.Zip(found))
            {
                if (Options(words[word], masked[word]) is { Count: > 0 } options)
                    form[word] = options[(int)(draw[word].Choice * options.Count)];
            }
        }
        return [.. forms.Select(form => string.Join(' ', form.Form)).Chunk(settings.RowsPerRow).Select(texts => texts.ToList())];
    }

    // All that chance decides is drawn first, two numbers for every word, replaced or not, so that no word's fate depends on another's
    // candidates.
    private DrawnRow Draw(GlueExample row)
    {
        var random = new RandomStream(seed, "augmentation", row.Index);
        var first = new DrawnSentence(Words.Of(row.Sentence1), []);
        var second = row.Sentence2 is { } text ? new DrawnSentence(Words.Of(text), []) : null;
        // The paper's form draws for both sentences of a row at once, the authors' program for one sentence after the other.
        DrawnSentence[][] order = settings.OfficialCode || second is null
            ? [[first], .. second is null ? (DrawnSentence[][])[] : [[second]]]
            : [[first, second]];
        foreach (var together in order)
        {
            for (var variant = 0; variant < settings.RowsPerRow; variant++)
            {
                foreach (var sentence in together)
                    sentence.Draws.Add(Array.ConvertAll(sentence.Words, _ => (random.NextDouble(), random.NextDouble())));
            }
        }
        return new DrawnRow(first, second);
    }

    private bool[] Wanted(DrawnSentence sentence) => [.. sentence.Words.Select((_, i) => sentence.Draws.Any(draw => IsReplaced(draw[i])))];

    private bool IsReplaced((double Chance, double Choice) draw) => draw.Chance < settings.ReplaceProbability;

    private List<string> Texts(DrawnSentence sentence, IReadOnlyList<string>[] masked)
    {
        var wanted = Wanted(sentence);
        IReadOnlyList<string>[] options = [.. sentence.Words.Select((word, i) => wanted[i] ? Options(word, masked[i]) : [])];
        return [.. sentence.Draws.Select(draw => Vary(sentence.Words, draw, options))];
    }

    private IReadOnlyList<string> Options(string word, IReadOnlyList<string> masked) =>
        masked.Count > 0 || neighbours is null || (settings.OfficialCode && !Words.IsContent(word)) ? masked : neighbours(word);

    private IEnumerable<GlueExample> Variants(GlueExample row, List<string> firsts, List<string>? seconds)
    {
        if (!settings.OfficialCode)
            return firsts.Select((text, i) => row with { Sentence1 = text, Sentence2 = seconds?[i] });
        var varied = firsts.Select(text => row with { Sentence1 = text });
        if (seconds is not null)
            varied = varied.Concat(seconds.Select(text => row with { Sentence1 = firsts[^1], Sentence2 = text }));
        return varied.Distinct().Where(made => made != row);
    }

    private string Vary(string[] words, (double Chance, double Choice)[] draw, IReadOnlyList<string>[] options) =>
        string.Join(' ', words.Select((word, i) =>
        options[i].Count > 0 && IsReplaced(draw[i]) ? options[i][(int)(draw[i].Choice * options[i].Count)] : word));

    // A sentence with the numbers of each of its variants, a pair a word: whether it is replaced, and by which candidate.
    private sealed record DrawnSentence(string[] Words, List<(double Chance, double Choice)[]> Draws);

    private sealed record DrawnRow(DrawnSentence First, DrawnSentence? Second);
}
