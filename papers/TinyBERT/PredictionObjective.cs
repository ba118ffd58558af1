using Replication.Bert;
using Replication.Distillation;
using Replication.Glue;
using Replication.Training;
using static TorchSharp.torch;

namespace Replication.TinyBERT;

/// <summary>What the prediction step learns.</summary>
public enum PredictionTarget
{
    /// <summary>The teacher's outputs, L_pred.</summary>
    Teacher,

    /// <summary>The labels: the row "w/o Pred" of Table 3, and the same student without distillation.</summary>
    Labels,
}

/// <summary>
/// The second step of task distillation (equation 10): the cross-entropy between the teacher's outputs and the student's.
/// <code>L_pred = CE(z^T / t, z^S / t), t = 1</code>
/// </summary>
/// <param name="student">The student.</param>
/// <param name="teacherLogits">The teacher's outputs for a batch.</param>
/// <param name="soft">L_pred.</param>
internal sealed class PredictionObjective(BertForSequenceClassification student, Func<GlueBatch, Tensor> teacherLogits, SoftTargets soft) : IObjective
{
    /// <inheritdoc/>
    public LossReport ForwardBackward(GlueBatch batch)
    {
        using var scope = NewDisposeScope();
        var loss = soft.Loss(student.forward(batch.Tokens, EncoderOutputs.None).Logits, teacherLogits(batch));
        loss.backward();
        var value = loss.item<float>();
        return new LossReport(value, new Dictionary<string, double> { ["L_pred"] = value });
    }
}
