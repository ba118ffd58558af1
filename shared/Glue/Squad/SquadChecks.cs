namespace Replication.Glue.Squad;

/// <summary>What questions have to keep for a model to be trained on them or measured with them.</summary>
internal static class SquadChecks
{
    /// <summary>
    /// Refuses a passage without text, and an id that appears twice: a prediction could not be told from the other's. What either reader
    /// has read is checked so, with or without answers.
    /// </summary>
    /// <exception cref="ReplicationException">There is one; the message names its place, or both.</exception>
    public static void Questions(IReadOnlyList<SquadQuestion> questions)
    {
        var seen = new Dictionary<string, SquadQuestion>(questions.Count, StringComparer.Ordinal);
        foreach (var question in questions)
        {
            if (string.IsNullOrWhiteSpace(question.Context))
                throw new ReplicationException($"{question.Place}: its passage is empty.");
            if (!seen.TryAdd(question.Id, question))
                throw new ReplicationException(
                    $"{question.Place}: this id is used at {seen[question.Id].Place} already; each question needs its own.");
        }
    }

    /// <summary>Refuses what SQuAD's version does not allow, answers without text, and answers that are not in their passage.</summary>
    /// <param name="questions">The questions.</param>
    /// <param name="version">The version.</param>
    /// <param name="inPassage">Whether answers have to be pieces of their passage.</param>
    /// <exception cref="ReplicationException">There is one; the message names its place.</exception>
    public static void Answers(IReadOnlyList<SquadQuestion> questions, SquadVersion version, bool inPassage = true)
    {
        foreach (var question in questions)
        {
            if (version == SquadVersion.V1 && question.Answers.Count == 0)
                throw new ReplicationException(
                    $"{question.Place}: it has no answer, which SQuAD 1.1 does not allow; name the task SQuAD-2.0.");
            foreach (var answer in question.Answers)
            {
                if (string.IsNullOrWhiteSpace(answer.Text))
                    throw new ReplicationException(
                        $"{question.Place}: an answer without text; a question that its passage does not answer has an empty list.");
                if (inPassage && !question.Context.Contains(answer.Text, StringComparison.Ordinal))
                    throw new ReplicationException($"{question.Place}: the answer '{answer.Text}' is not in its passage.");
            }
        }
    }

    /// <summary>The UTF-16 unit at which an answer begins, for training.</summary>
    /// <exception cref="ReplicationException">It is not where answer_start says.</exception>
    public static int Start(SquadQuestion question, SquadAnswer answer)
    {
        if (answer.Start is not { } start)
            throw new ReplicationException($"{question.Place}: the answer '{answer.Text}' has no answer_start, which training needs.");
        var unit = CodePoints.ToUnit(question.Context, start);
        if (unit >= 0 && string.CompareOrdinal(question.Context, unit, answer.Text, 0, answer.Text.Length) == 0)
            return unit;
        var found = question.Context.IndexOf(answer.Text, StringComparison.Ordinal);
        throw new ReplicationException(found < 0
            ? $"{question.Place}: the answer '{answer.Text}' is not in its passage."
            : $"{question.Place}: the answer '{answer.Text}' is not at {start}, where answer_start says, but at "
                + $"{CodePoints.Before(question.Context, found)}; places are counted in code points from 0.");
    }
}
