using Replication.Bert.Tokenization;

namespace Replication;

/// <summary>How a passage that is too long is cut into windows.</summary>
public enum WindowForm
{
    /// <summary>A window begins every so many tokens, as in BERT's own code.</summary>
    Step,

    /// <summary>Neighbours share so many tokens, as Hugging Face's tokenizers cut.</summary>
    Overlap,
}

/// <summary>The windows of questions with their passages.</summary>
/// <param name="MaxLength">Tokens of a window, with the question and the special ones.</param>
/// <param name="Stride">Tokens from window to window, or that two share.</param>
/// <param name="Form">Which of the two.</param>
/// <param name="QuestionTokens">Most tokens of a question; what is longer is cut off, and the question never takes more than half of a
/// window.</param>
public sealed record Windowing(int MaxLength = 384, int Stride = 128, WindowForm Form = WindowForm.Step, int QuestionTokens = 64)
{
    /// <summary>The most that fits a model: its positions where they are fewer than the tokens of a window.</summary>
    /// <param name="positions">Tokens of the model's longest input.</param>
    internal Windowing Fit(int positions) => this with { MaxLength = Math.Min(MaxLength, positions) };

    /// <summary>Refuses windows that hold no question and passage.</summary>
    /// <exception cref="ReplicationException">They hold none.</exception>
    internal void Check(TextTokenizer tokenizer)
    {
        if (MaxLength - tokenizer.SpecialCount.Two < 2)
            throw new ReplicationException(
                $"Windows of {MaxLength} tokens leave no room for a question and a passage; choose longer ones.");
    }

    /// <summary>Cuts a question's passage.</summary>
    /// <param name="question">The question's position in its data.</param>
    /// <param name="asked">Its tokens.</param>
    /// <param name="context">The passage's tokens with their places.</param>
    /// <param name="tokenizer">The tokenizer.</param>
    internal IEnumerable<AnswerWindow> Cut(int question, int[] asked, IReadOnlyList<LocatedToken> context, TextTokenizer tokenizer)
    {
        var free = MaxLength - tokenizer.SpecialCount.Two;
        var kept = asked.AsMemory(0, Math.Min(asked.Length, Math.Min(QuestionTokens, free / 2)));
        var room = free - kept.Length;
        var step = Form == WindowForm.Step ? Math.Min(Stride, room) : room - Math.Min(Stride, room / 2);
        for (var begin = 0; ; begin += step)
        {
            var piece = context.Skip(begin).Take(room).ToArray();
            var (ids, firstLength) = tokenizer.Join(kept.Span, Array.ConvertAll(piece, token => token.Id));
            yield return new AnswerWindow(
                question, ids, firstLength, ids.Length - 1 - piece.Length, Array.ConvertAll(piece, token => (token.Start, token.End)),
                Start: 0, End: 0);
            if (begin + room >= context.Count)
                break;
        }
    }
}

/// <summary>A question with a piece of its passage.</summary>
/// <param name="Question">The question's position in its data.</param>
/// <param name="InputIds">[CLS] question [SEP] piece [SEP].</param>
/// <param name="FirstLength">Number of tokens with type 0; the rest has type 1.</param>
/// <param name="ContextFirst">Position of the piece's first token.</param>
/// <param name="Places">UTF-16 places in the passage of the piece's tokens: the first unit and the one after the last.</param>
/// <param name="Start">Position of the answer's first token; 0, [CLS], where the window does not hold all of an answer.</param>
/// <param name="End">Position of its last token.</param>
internal sealed record AnswerWindow(
    int Question, int[] InputIds, int FirstLength, int ContextFirst, IReadOnlyList<(int Start, int End)> Places, int Start, int End)
{
    /// <summary>Position of the piece's last token; one before the first where the passage has none.</summary>
    public int ContextLast => ContextFirst + Places.Count - 1;
}
