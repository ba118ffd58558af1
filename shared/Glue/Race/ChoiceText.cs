using Replication.Bert.Tokenization;

namespace Replication.Glue;

/// <summary>A passage with a question and an option, of which only the passage is cut.</summary>
internal static class ChoiceText
{
    /// <summary>The text; null where question and option leave no room for the passage.</summary>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="passage">The passage's ids.</param>
    /// <param name="second">Those of question and option.</param>
    /// <param name="maxLength">Most tokens, the special ones included.</param>
    public static EncodedText? Join(TextTokenizer tokenizer, int[] passage, int[] second, int maxLength)
    {
        var room = maxLength - tokenizer.SpecialCount.Two - second.Length;
        if (room < 1)
            return null;
        var (ids, firstLength) = tokenizer.Join(passage.AsSpan(0, Math.Min(room, passage.Length)), second);
        return new EncodedText(ids, firstLength);
    }
}
