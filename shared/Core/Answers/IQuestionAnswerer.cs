namespace Replication;

/// <summary>A question and the passage that it is asked about.</summary>
/// <param name="Question">The question.</param>
/// <param name="Passage">The passage; an answer is a piece of it, verbatim.</param>
public readonly record struct QuestionInput(string Question, string Passage);

/// <summary>A model that answers questions with pieces of a passage, whatever it runs on.</summary>
public interface IQuestionAnswerer : IDisposable
{
    /// <summary>Answers a question.</summary>
    /// <param name="question">The question.</param>
    /// <param name="passage">The passage; the answer is a piece of it, verbatim.</param>
    /// <param name="search">How answers are searched for; null for one wherever the passage has any admissible piece.</param>
    /// <param name="cancellation">Cancels the question.</param>
    /// <exception cref="ReplicationException">The model's outputs are not numbers.</exception>
    AnswerPrediction Answer(string question, string passage, AnswerSearch? search = null, CancellationToken cancellation = default);

    /// <summary>Answers many questions at once, which is faster; the results are in their order.</summary>
    /// <param name="questions">The questions with their passages.</param>
    /// <param name="search">How answers are searched for; null for one wherever the passage has any admissible piece.</param>
    /// <param name="cancellation">Stops between two batches.</param>
    /// <param name="onWindows">Called with how many pieces of passages of how many are done.</param>
    /// <exception cref="ReplicationException">The model's outputs are not numbers.</exception>
    IReadOnlyList<AnswerPrediction> AnswerAll(
        IReadOnlyList<QuestionInput> questions, AnswerSearch? search = null, CancellationToken cancellation = default,
        Action<int, int>? onWindows = null);
}
