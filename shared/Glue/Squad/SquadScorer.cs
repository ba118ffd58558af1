namespace Replication.Glue.Squad;

/// <summary>How right an answer is, from 0 to 1.</summary>
/// <param name="Exact">1 where it equals a right answer in comparable form.</param>
/// <param name="F1">Harmonic mean of precision and recall of its words, the best over the right answers.</param>
public readonly record struct AnswerScore(double Exact, double F1);

/// <summary>Scores answers by the rules of each version's official script, which differ.</summary>
public static class SquadScorer
{
    /// <summary>
    /// Scores an answer. In 2.0 right answers of which normalisation leaves nothing are dropped, and without any the right answer is none.
    /// </summary>
    /// <param name="version">Whose rules.</param>
    /// <param name="prediction">The answer; empty for none.</param>
    /// <param name="answers">The right answers.</param>
    public static AnswerScore Score(SquadVersion version, string prediction, IReadOnlyList<string> answers)
    {
        if (version == SquadVersion.V2)
        {
            answers = [.. answers.Where(answer => AnswerText.Normalize(answer).Length > 0)];
            if (answers.Count == 0)
                answers = [""];
        }
        var said = AnswerText.Words(prediction);
        var right = answers.Select(AnswerText.Words).ToList();
        return new AnswerScore(
            right.Max(words => said.SequenceEqual(words, StringComparer.Ordinal) ? 1.0 : 0),
            right.Max(words => F1(version, said, words)));
    }

    /// <summary>
    /// Scores by lower-case name as fractions: exact match and F1 over all questions; for 2.0 also over those with and without an
    /// answer. A question that nothing is said about counts as 0, as in 1.1's script.
    /// </summary>
    /// <param name="data">The questions.</param>
    /// <param name="predictions">Answers by id; empty for none.</param>
    public static IReadOnlyDictionary<string, double?> Score(SquadDataset data, IReadOnlyDictionary<string, string> predictions)
    {
        var scored = data.Questions.Select(question => (
            HasAnswer: question.Answers.Count > 0,
            Score: predictions.TryGetValue(question.Id, out var prediction)
                ? Score(data.Version, prediction, [.. question.Answers.Select(answer => answer.Text)])
                : default)).ToList();
        var scores = new SortedDictionary<string, double?>(StringComparer.Ordinal);
        Add("", scored.Select(s => s.Score));
        if (data.Version == SquadVersion.V2)
        {
            Add(" where there is an answer", scored.Where(s => s.HasAnswer).Select(s => s.Score));
            Add(" where there is none", scored.Where(s => !s.HasAnswer).Select(s => s.Score));
        }
        return scores;

        void Add(string part, IEnumerable<AnswerScore> of)
        {
            var all = of.ToList();
            scores[ExactMatch + part] = all.Count == 0 ? null : all.Average(s => s.Exact);
            scores[F1Name + part] = all.Count == 0 ? null : all.Average(s => s.F1);
        }
    }

    /// <summary>Exact match's name among scores.</summary>
    public const string ExactMatch = "exact match";

    /// <summary>F1's name among scores; it selects models.</summary>
    public const string F1Name = "f1";

    private static double F1(SquadVersion version, IReadOnlyList<string> said, IReadOnlyList<string> right)
    {
        // 1.1 gives nothing where no word is common, also where both sides are empty.
        if (version == SquadVersion.V2 && (said.Count == 0 || right.Count == 0))
            return said.Count == right.Count ? 1 : 0;
        var left = right.CountBy(word => word, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        var common = 0;
        foreach (var word in said)
        {
            if (left.GetValueOrDefault(word) is var count and > 0)
                (left[word], common) = (count - 1, common + 1);
        }
        if (common == 0)
            return 0;
        var (precision, recall) = ((double)common / said.Count, (double)common / right.Count);
        return 2 * precision * recall / (precision + recall);
    }
}
