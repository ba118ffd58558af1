using Replication.Bert;
using Replication.Distillation;
using Replication.Glue;
using Replication.Training;
using static TorchSharp.torch;

namespace Replication.DistilBERT;

/// <summary>
/// The second distillation, on a task: 0.5 T^2 KL(teacher, student) + 0.5 L_CE with T = 2. The paper does it on SQuAD, where the
/// divergence is averaged over start and end; here it is that of the classes.
/// </summary>
public sealed record TaskDistillation
{
    /// <summary>Weight of the teacher's outputs; the labels have the rest.</summary>
    public double SoftWeight { get; init; } = 0.5;

    /// <summary>Temperature, divergence, reduction.</summary>
    public SoftTargets Soft { get; init; } = new()
    {
        Temperature = 2, Divergence = SoftDivergence.KullbackLeibler, Reduction = Replication.Distillation.Reduction.BatchMean, TimesTemperatureSquared = true,
    };
}

/// <summary>What the second distillation minimises.</summary>
/// <param name="student">The student.</param>
/// <param name="teacher">The teacher's outputs for the training rows.</param>
/// <param name="weights">Weights and temperature.</param>
public sealed class TaskDistillationObjective(BertForSequenceClassification student, TeacherOutputs teacher, TaskDistillation weights) : IObjective
{
    /// <inheritdoc/>
    public LossReport ForwardBackward(GlueBatch batch)
    {
        using var scope = NewDisposeScope();
        var logits = student.forward(batch.Tokens, EncoderOutputs.None).Logits;
        var hard = FineTuneObjective.HardLoss(logits, batch.Labels);
        var soft = weights.Soft.Loss(logits, teacher.Logits(batch.Rows));
        var total = (soft * weights.SoftWeight) + (hard * (1 - weights.SoftWeight));
        total.backward();
        return new LossReport(total.item<float>(), new Dictionary<string, double> { ["L_CE"] = hard.item<float>(), ["L_KD"] = soft.item<float>() });
    }
}
