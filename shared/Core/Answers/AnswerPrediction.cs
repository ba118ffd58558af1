namespace Replication;

/// <summary>A piece of a passage as an answer.</summary>
/// <param name="Text">The piece, verbatim.</param>
/// <param name="Start">Where it begins in the passage, in code points, as SQuAD counts.</param>
/// <param name="Score">Start logit plus end logit.</param>
/// <param name="Probability">Softmax of the scores over the answers that are listed, no answer among them where there may be none.</param>
public sealed record AnswerSpan(string Text, int Start, double Score, double Probability)
{
    /// <summary>Where it begins in UTF-16 units, as .NET counts: it is passage.Substring(Utf16Start, Text.Length).</summary>
    public int Utf16Start { get; init; }
}

/// <summary>What a model answers.</summary>
/// <param name="Text">The answer; empty for none, which is also what a passage without any admissible piece gets.</param>
/// <param name="Best">Pieces by falling score, each once.</param>
/// <param name="NullScore">The smallest sum over the windows of the logits at [CLS].</param>
/// <param name="NullProbability">Probability of no answer among those listed; 0 where there is always one.</param>
public sealed record AnswerPrediction(string Text, IReadOnlyList<AnswerSpan> Best, double NullScore, double NullProbability)
{
    /// <summary>Where the answer begins in the passage, in code points; null for no answer.</summary>
    public int? Start => Text.Length == 0 ? null : Best[0].Start;

    /// <summary>The same in UTF-16 units, as .NET counts: the answer is passage.Substring(Utf16Start, Text.Length).</summary>
    public int? Utf16Start => Text.Length == 0 ? null : Best[0].Utf16Start;

    /// <summary>Probability of what is answered.</summary>
    public double Probability => Text.Length == 0 ? NullProbability : Best[0].Probability;
}
