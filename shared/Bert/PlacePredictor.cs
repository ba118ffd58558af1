using static TorchSharp.torch;

namespace Replication.Bert;

/// <summary>
/// A masked language model that is asked for one word a sequence, many times: its last layer is computed at that place alone,
/// and its weights are converted to the number format of the products once. The same logits as the model's own, up to rounding.
/// </summary>
/// <param name="model">The model, not owned; its weights must not change while this object lives.</param>
/// <param name="precision">Number format of the matrix products.</param>
public sealed class PlacePredictor(BertForMaskedLM model, Precision precision) : IDisposable
{
    private readonly ProductWeights _weights = new(precision);

    /// <summary>Logits fp32 [batch, vocabulary], without dropout and gradients, whatever mode the model is in.</summary>
    /// <param name="input">The sequences.</param>
    /// <param name="places">int64 [batch]: the place of each sequence among the batch's batch x length, counted row by row.</param>
    public Tensor Logits(TokenBatch input, Tensor places)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        return model.Predict(input, new PlaceRequest(places, _weights)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose() => _weights.Dispose();
}
