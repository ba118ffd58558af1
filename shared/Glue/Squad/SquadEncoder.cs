using Replication.Bert.Tokenization;

namespace Replication.Glue.Squad;

/// <summary>Turns questions with their passages into windows of token ids: [CLS] question [SEP] piece of the passage [SEP].</summary>
public static class SquadEncoder
{
    /// <summary>Cuts every question's passage into windows; those of a question stand together, in order.</summary>
    /// <param name="questions">The questions.</param>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="windowing">How to cut.</param>
    /// <param name="marksAnswers">Whether the windows tell where the first answer stands, for training.</param>
    /// <exception cref="ReplicationException">An answer does not stand where its answer_start says; the message names file and
    /// question.</exception>
    public static IReadOnlyList<SquadWindow> Encode(
        IReadOnlyList<SquadQuestion> questions, TextTokenizer tokenizer, Windowing windowing, bool marksAnswers = false)
    {
        if (windowing.MaxLength - tokenizer.SpecialCount.Two < 2)
            throw new ReplicationException(
                $"Windows of {windowing.MaxLength} tokens leave no room for a question and a passage; choose longer ones.");
        var contexts = questions.Select(question => question.Context).Distinct(StringComparer.Ordinal).ToArray();
        var located = new IReadOnlyList<LocatedToken>[contexts.Length];
        Parallel.For(0, contexts.Length, i => located[i] = tokenizer.Locate(contexts[i]));
        var ofContext = contexts.Zip(located).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);
        var windows = new IReadOnlyList<SquadWindow>[questions.Count];
        var answers = marksAnswers ? questions.Select(Answer).ToArray() : null;
        Parallel.For(
            0, windows.Length, i => windows[i] = [
            .. Windows(i, tokenizer.Encode(questions[i].Question), ofContext[questions[i].Context], answers?[i], tokenizer, windowing)]);
        return [.. windows.SelectMany(ofQuestion => ofQuestion)];
    }

    /// <summary>The most that fits a model: its positions where they are fewer than the tokens of a window.</summary>
    /// <param name="windowing">What is asked for.</param>
    /// <param name="positions">Tokens of the model's longest input.</param>
    public static Windowing Fit(Windowing windowing, int positions) =>
        windowing with { MaxLength = Math.Min(windowing.MaxLength, positions) };

    // First and last unit of the first answer.
    private static (int Start, int End)? Answer(SquadQuestion question) => question.Answers is [var first, ..]
        ? SquadChecks.Start(question, first) is var start ? (start, start + first.Text.Length) : null
        : null;

    private static IEnumerable<SquadWindow> Windows(
        int question, int[] asked, IReadOnlyList<LocatedToken> context, (int Start, int End)? answer, TextTokenizer tokenizer,
        Windowing windowing)
    {
        var free = windowing.MaxLength - tokenizer.SpecialCount.Two;
        var kept = asked.AsMemory(0, Math.Min(asked.Length, Math.Min(windowing.QuestionTokens, free / 2)));
        var room = free - kept.Length;
        var step = windowing.Form == WindowForm.Step ? Math.Min(windowing.Stride, room) : room - Math.Min(windowing.Stride, room / 2);
        for (var begin = 0; ; begin += step)
        {
            var piece = context.Skip(begin).Take(room).ToArray();
            var (ids, firstLength) = tokenizer.Join(kept.Span, Array.ConvertAll(piece, token => token.Id));
            var first = ids.Length - 1 - piece.Length;
            var (start, end) = answer is { } span ? Marks(piece, span) : (-1, -1);
            yield return new SquadWindow(
                question, ids, firstLength, first, Array.ConvertAll(piece, token => (token.Start, token.End)),
                start < 0 ? 0 : first + start, start < 0 ? 0 : first + end);
            if (begin + room >= context.Count)
                break;
        }
    }

    // The last token that begins no later than the answer, and the first that ends no earlier; -1 where the piece does not hold it whole.
    private static (int Start, int End) Marks(LocatedToken[] piece, (int Start, int End) answer)
    {
        if (piece.Length == 0 || piece[0].Start > answer.Start || piece[^1].End < answer.End)
            return (-1, -1);
        var start = Array.FindLastIndex(piece, token => token.Start <= answer.Start);
        var end = Array.FindIndex(piece, token => token.End >= answer.End);
        // An answer of characters that no token has, such as blanks, has none of its own.
        return start <= end ? (start, end) : (-1, -1);
    }
}
