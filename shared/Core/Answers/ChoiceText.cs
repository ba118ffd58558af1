using Replication.Bert.Tokenization;

namespace Replication;

/// <summary>A passage with a question and an option, of which only the passage is cut.</summary>
internal static class ChoiceText
{
    /// <summary>The text's ids and how many of them have type 0; null where question and option leave no room for the passage.</summary>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="passage">The passage's ids.</param>
    /// <param name="second">Those of question and option.</param>
    /// <param name="maxLength">Most tokens, the special ones included.</param>
    public static (int[] Ids, int FirstLength)? Join(TextTokenizer tokenizer, int[] passage, int[] second, int maxLength)
    {
        var room = maxLength - tokenizer.SpecialCount.Two - second.Length;
        return room < 1 ? null : tokenizer.Join(passage.AsSpan(0, Math.Min(room, passage.Length)), second);
    }

    /// <summary>The texts of some questions, an option each, in their order.</summary>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="questions">The questions.</param>
    /// <param name="maxLength">Most tokens of a text.</param>
    /// <exception cref="ReplicationException">A question has fewer than two options, or with an option it leaves no room for the
    /// passage.</exception>
    public static IReadOnlyList<(int[] Ids, int FirstLength)> Texts(
        TextTokenizer tokenizer, IReadOnlyList<ChoiceQuestion> questions, int maxLength)
    {
        var texts = new List<(int[], int)>();
        foreach (var (number, question) in questions.Index())
        {
            if (question.Options.Count < 2)
                throw new ReplicationException(
                    $"Question {number + 1} has {question.Options.Count} options; a passage, a question and two or more options are "
                        + $"needed.");
            var passage = tokenizer.Encode(question.Passage);
            foreach (var option in question.Options)
                texts.Add(Join(tokenizer, passage, tokenizer.Encode(option), maxLength) ?? throw new ReplicationException(
                    $"Question {number + 1} and its option '{option}' leave no room for the passage among {maxLength} tokens; choose a "
                        + $"longer --max-length, or a model with more positions."));
        }
        return texts;
    }

    /// <summary>The softmax over each question's options.</summary>
    /// <param name="questions">The questions.</param>
    /// <param name="scores">The model's output for each of <see cref="Texts"/>.</param>
    /// <exception cref="ReplicationException">An output is not a number.</exception>
    public static IReadOnlyList<IReadOnlyList<double>> Probabilities(IReadOnlyList<ChoiceQuestion> questions, IReadOnlyList<float> scores)
    {
        var next = 0;
        return [.. questions.Select(question => LabelSet.Softmax([.. question.Options.Select(_ => scores[next++])]))];
    }
}
