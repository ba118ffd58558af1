namespace Replication;

/// <summary>A question on a passage with the options to choose from.</summary>
/// <param name="Passage">The passage.</param>
/// <param name="Options">What follows the passage for each option: the question with the option, two or more.</param>
public sealed record ChoiceQuestion(string Passage, IReadOnlyList<string> Options);

/// <summary>A model for multiple choice, whatever it runs on: which of some options answers a question on a passage.</summary>
public interface IChoiceClassifier : IDisposable
{
    /// <summary>Probabilities of the options of each question, in their order.</summary>
    /// <param name="questions">The questions.</param>
    /// <param name="cancellation">Stops between two batches.</param>
    /// <exception cref="ReplicationException">A question has fewer than two options, or with an option it leaves no room for the
    /// passage.</exception>
    IReadOnlyList<IReadOnlyList<double>> PredictBatch(IReadOnlyList<ChoiceQuestion> questions, CancellationToken cancellation = default);
}
