namespace Replication;

/// <summary>A model that labels texts, whatever it runs on.</summary>
public interface ITextClassifier : IDisposable
{
    /// <summary>The classes in the order of the model's outputs; empty for a model that gives scores.</summary>
    IReadOnlyList<string> Labels { get; }

    /// <summary>Labels a sentence, or a pair of sentences for a model that compares two.</summary>
    /// <param name="first">First or only sentence.</param>
    /// <param name="second">Second sentence; null for none.</param>
    /// <param name="cancellation">Cancels the text.</param>
    /// <exception cref="ReplicationException">The model's outputs are not numbers.</exception>
    Prediction Predict(string first, string? second = null, CancellationToken cancellation = default);

    /// <summary>Labels many at once, which is faster; the results are in the order of the texts.</summary>
    /// <param name="texts">Sentences, or pairs of them.</param>
    /// <param name="cancellation">Stops between two batches.</param>
    /// <inheritdoc cref="Predict" path="/exception"/>
    IReadOnlyList<Prediction> PredictBatch(IReadOnlyList<TextInput> texts, CancellationToken cancellation = default);

    /// <summary>The model's outputs for many texts, [texts][outputs], for callers that compute something else from them.</summary>
    /// <param name="texts">Sentences, or pairs of them.</param>
    /// <param name="cancellation">Stops between two batches.</param>
    IReadOnlyList<float[]> Logits(IReadOnlyList<TextInput> texts, CancellationToken cancellation = default);
}
