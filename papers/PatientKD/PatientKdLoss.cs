using Replication.Distillation;
using Replication.Training;
using static TorchSharp.torch;

namespace Replication.PatientKD;

/// <summary>
/// L_PKD = (1 - alpha) L_CE + alpha L_DS + beta L_PT. With beta = 0 it is plain distillation, L_KD; with alpha = 0 as well
/// it is fine-tuning. Where paper and authors' code differ there is a switch, and the presets name the combinations.
/// </summary>
public sealed record PatientKdLoss
{
    /// <summary>alpha, the weight of the teacher's outputs against the labels', from 0 to 1.</summary>
    public double Alpha { get; init; } = 0.5;

    /// <summary>beta, the weight of the patience term, at least 0.</summary>
    public double Beta { get; init; }

    /// <summary>L_DS with its temperature.</summary>
    public SoftTargets Soft { get; init; } = OfficialSoft;

    /// <summary>Reduction of L_CE: a sum in the paper's formula, a batch mean in the code.</summary>
    public Reduction Hard { get; init; } = Reduction.BatchMean;

    /// <summary>L_PT.</summary>
    public PatienceLoss Patience { get; init; } = new();

    /// <summary>The formulas as printed: sums over samples, layers and classes, no T squared, unit-length [CLS] states.</summary>
    public static PatientKdLoss Paper { get; } = new()
    {
        Soft = new SoftTargets { Temperature = 10, Divergence = SoftDivergence.CrossEntropy, Reduction = Reduction.Sum },
        Hard = Reduction.Sum,
        Patience = new PatienceLoss { Reduction = Reduction.Sum, Normalise = true },
    };

    /// <summary>The authors' program with its own defaults: means throughout, the divergence times T squared, [CLS] states as they are.</summary>
    public static PatientKdLoss OfficialCode { get; } = new() { Patience = new PatienceLoss { Reduction = Reduction.ElementMean, Normalise = false } };

    /// <summary>
    /// What is used unless asked otherwise: the reductions of the authors' code, since the published alpha, T and beta were
    /// found with them, and the paper's unit-length states.
    /// </summary>
    public static PatientKdLoss Default { get; } = new();

    /// <summary>
    /// The recipe of an independent PyTorch run that this code is checked against: as <see cref="Default"/>, but the
    /// divergence is summed over classes; alpha 0.5, T 10, beta 100.
    /// </summary>
    public static PatientKdLoss Reference { get; } = new()
    {
        Alpha = 0.5, Beta = 100, Soft = OfficialSoft with { Reduction = Reduction.BatchMean },
    };

    private static SoftTargets OfficialSoft => new()
    {
        Temperature = 10, Divergence = SoftDivergence.KullbackLeibler, Reduction = Reduction.ElementMean, TimesTemperatureSquared = true,
    };

    /// <summary>L_CE: cross-entropy for class labels, squared error for scores.</summary>
    /// <param name="logits">[batch, classes], or [batch, 1] for regression.</param>
    /// <param name="labels">int64 [batch], or float32 [batch] for regression.</param>
    public Tensor HardLoss(Tensor logits, Tensor labels)
    {
        var mean = FineTuneObjective.HardLoss(logits, labels);
        return Hard == Reduction.Sum ? mean * logits.shape[0] : mean;
    }

    /// <summary>Checks weights and temperature.</summary>
    /// <exception cref="ReplicationException">A value is out of its range; the message names it and the range.</exception>
    public PatientKdLoss Validate()
    {
        if (Alpha is not (>= 0 and <= 1))
            throw new ReplicationException(FormattableString.Invariant($"alpha is {Alpha}; it must lie between 0 and 1."), ReplicationException.UsageError);
        if (Beta is not (>= 0 and <= 1e6))
            throw new ReplicationException(FormattableString.Invariant($"beta is {Beta}; it must lie between 0 and 1000000."), ReplicationException.UsageError);
        Soft.Validate();
        return this;
    }
}
