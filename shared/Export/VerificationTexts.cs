using Replication.Bert.Tokenization;

namespace Replication.Export;

/// <summary>The texts on which an exported model is held to the one that it was exported from.</summary>
internal static class VerificationTexts
{
    /// <summary>Number of texts.</summary>
    public const int Count = 500;

    /// <summary>
    /// Texts of all lengths: the rows that are given, from short to long, and made-up ones where they are fewer than <see cref="Count"/>.
    /// </summary>
    /// <param name="rows">Rows of the model's task; may be empty.</param>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="maxLength">Longest text in tokens.</param>
    /// <param name="pairs">Whether made-up texts are pairs.</param>
    /// <param name="count">How many.</param>
    public static IReadOnlyList<TextInput> Of(
        IReadOnlyList<TextInput> rows, TextTokenizer tokenizer, int maxLength, bool pairs, int count = Count)
    {
        var chosen = rows.Count <= count
            ? rows
            : Spaced<TextInput>([.. rows.OrderBy(row => row.First.Length + (row.Second?.Length ?? 0))], count);
        var random = new RandomStream(0, "verification texts");
        return [.. chosen, .. Enumerable.Range(0, count - chosen.Count).Select(i => MadeUp(1 + i * maxLength / count))];

        TextInput MadeUp(int words) => pairs ? new TextInput(Words((words + 1) / 2), Words((words + 1) / 2)) : Words(words);

        string Words(int number) =>
            string.Join(' ', Enumerable.Range(0, number).Select(_ => tokenizer.Token(random.NextInt32(tokenizer.VocabularySize))));
    }

    /// <summary>Some of a list's, evenly spaced from the first on; all where they are no more.</summary>
    public static IReadOnlyList<T> Spaced<T>(IReadOnlyList<T> all, int count) =>
        all.Count <= count ? all : [.. Enumerable.Range(0, count).Select(i => all[(int)((long)i * all.Count / count)])];
}
