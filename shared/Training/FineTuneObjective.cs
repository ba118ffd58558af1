using Replication.Bert;
using Replication.Glue;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Replication.Training;

/// <summary>The loss on the labels alone, L_CE: cross-entropy, or squared error for a regression task; the mean over the batch.</summary>
/// <param name="model">The model that is trained.</param>
public sealed class FineTuneObjective(BertForSequenceClassification model) : IObjective
{
    /// <inheritdoc/>
    public LossReport ForwardBackward(GlueBatch batch)
    {
        using var scope = NewDisposeScope();
        var loss = HardLoss(model.forward(batch.Tokens, EncoderOutputs.None).Logits, batch.Labels);
        GlueBatch.Backward(loss, batch.Share);
        var value = loss.item<float>();
        return new LossReport(value, new Dictionary<string, double> { ["L_CE"] = value });
    }

    /// <summary>Cross-entropy for integer labels, squared error for scores; the mean over the batch.</summary>
    /// <param name="logits">[batch, classes], or [batch, 1] for regression.</param>
    /// <param name="labels">int64 [batch] or float32 [batch].</param>
    public static Tensor HardLoss(Tensor logits, Tensor labels) => labels.is_floating_point()
        ? functional.mse_loss(logits.squeeze(-1), labels)
        : functional.cross_entropy(logits, labels);
}
