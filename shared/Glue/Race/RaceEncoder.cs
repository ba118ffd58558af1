using Replication.Bert.Tokenization;

namespace Replication.Glue.Race;

/// <summary>Turns questions into token ids: [CLS] passage [SEP] question and option [SEP] for each option.</summary>
public static class RaceEncoder
{
    /// <summary>RACE as a task whose classes are the options.</summary>
    public static GlueTask Task { get; } =
        new("RACE", ["A", "B", "C", "D"], IsPair: true, [GlueMetric.Accuracy]) { Choices = RaceQuestion.Choices };

    /// <summary>The same, trained on the passages for middle school alone; middle and high school are measured.</summary>
    public static GlueTask MiddleTask { get; } = Task with { Name = "RACE-M" };

    /// <summary>Tokenises every question; middle and high school are parts that are scored by themselves too.</summary>
    /// <param name="questions">The questions.</param>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="maxLength">Most tokens of a text, the special ones included; only the passage is cut, at its end.</param>
    /// <exception cref="ReplicationException">A question and an option leave no room for the passage; the message names file and
    /// question.</exception>
    public static EncodedDataset Encode(IReadOnlyList<RaceQuestion> questions, TextTokenizer tokenizer, int maxLength)
    {
        // Questions on one passage are neighbours and share its tokens.
        string[] passages = [.. questions.Select(question => question.Article).Distinct(StringComparer.Ordinal)];
        var ofPassage = passages.Zip(Tokens(passages)).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);
        var seconds = Tokens([.. questions.SelectMany(question => Enumerable.Range(0, RaceQuestion.Choices).Select(question.WithOption))]);
        EncodedExample[] encoded = [.. questions.Select((question, row) => new EncodedExample(
            row,
            [.. Enumerable.Range(0, RaceQuestion.Choices)
                .Select(choice => Text(question, choice, ofPassage[question.Article], seconds[(row * RaceQuestion.Choices) + choice]))],
            question.Answer))];
        return new EncodedDataset(Task, encoded, ContentDigest.Of(encoded))
        {
            PaddingId = tokenizer.Ids.Padding,
            Parts = questions.Index().GroupBy(q => q.Item.Level).ToDictionary(
                level => level.Key.ToString().ToLowerInvariant(), IReadOnlyList<int> (level) => [.. level.Select(q => q.Index)],
                StringComparer.Ordinal),
        };

        int[][] Tokens(string[] texts)
        {
            var tokens = new int[texts.Length][];
            Parallel.For(0, texts.Length, i => tokens[i] = tokenizer.Encode(texts[i]));
            return tokens;
        }

        EncodedText Text(RaceQuestion question, int choice, int[] passage, int[] second) =>
            ChoiceText.Join(tokenizer, passage, second, maxLength) is var (ids, firstLength)
                ? new EncodedText(ids, firstLength)
                : throw new ReplicationException(
                $"{question.Place}: question and option {Task.Labels[choice]} have {second.Length} tokens, which leaves no room for "
                    + $"the passage among {maxLength}; choose a longer --max-length, or a model with more positions.");
    }
}
