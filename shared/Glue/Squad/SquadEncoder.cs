using Replication.Bert.Tokenization;

namespace Replication.Glue.Squad;

/// <summary>Turns questions with their passages into windows of token ids: [CLS] question [SEP] piece of the passage [SEP].</summary>
internal static class SquadEncoder
{
    /// <summary>Cuts every question's passage into windows; those of a question are neighbours, in order.</summary>
    /// <param name="questions">The questions.</param>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="windowing">How to cut.</param>
    /// <param name="marksAnswers">Whether the windows tell where the first answer is, for training.</param>
    /// <exception cref="ReplicationException">An answer is not where its answer_start says; the message names file and
    /// question.</exception>
    public static IReadOnlyList<AnswerWindow> Encode(
        IReadOnlyList<SquadQuestion> questions, TextTokenizer tokenizer, Windowing windowing, bool marksAnswers = false)
    {
        windowing.Check(tokenizer);
        var contexts = questions.Select(question => question.Context).Distinct(StringComparer.Ordinal).ToArray();
        var located = new IReadOnlyList<LocatedToken>[contexts.Length];
        Parallel.For(0, contexts.Length, i => located[i] = tokenizer.Locate(contexts[i]));
        var ofContext = contexts.Zip(located).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);
        var windows = new IReadOnlyList<AnswerWindow>[questions.Count];
        var answers = marksAnswers ? questions.Select(Answer).ToArray() : null;
        Parallel.For(0, windows.Length, i =>
        {
            var cut = windowing.Cut(i, tokenizer.Encode(questions[i].Question), ofContext[questions[i].Context], tokenizer);
            windows[i] = [.. answers?[i] is { } answer ? cut.Select(window => Marked(window, answer)) : cut];
        });
        return [.. windows.SelectMany(ofQuestion => ofQuestion)];
    }

    // First and last unit of the first answer.
    private static (int Start, int End)? Answer(SquadQuestion question) => question.Answers is [var first, ..]
        ? SquadChecks.Start(question, first) is var start ? (start, start + first.Text.Length) : null
        : null;

    // The last token that begins no later than the answer, and the first that ends no earlier; none where the piece does not hold it whole.
    private static AnswerWindow Marked(AnswerWindow window, (int Start, int End) answer)
    {
        var piece = window.Places;
        if (piece.Count == 0 || piece[0].Start > answer.Start || piece[^1].End < answer.End)
            return window;
        var tokens = piece.ToArray();
        var start = Array.FindLastIndex(tokens, token => token.Start <= answer.Start);
        var end = Array.FindIndex(tokens, token => token.End >= answer.End);
        // An answer of characters that no token has, such as blanks, has none of its own.
        return start <= end ? window with { Start = window.ContextFirst + start, End = window.ContextFirst + end } : window;
    }
}
