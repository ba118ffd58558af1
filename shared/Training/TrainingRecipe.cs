using System.Text.Json.Serialization;
using Replication.Bert;
using Replication.Glue;

namespace Replication.Training;

/// <summary>Which optimizer updates the weights.</summary>
public enum OptimizerKind
{
    /// <summary>Adam with decoupled weight decay and bias correction (Loshchilov and Hutter).</summary>
    AdamW,

    /// <summary>The optimizer of the original BERT code: decoupled weight decay, no bias correction, clipping by parameter.</summary>
    BertAdam,

    /// <summary>
    /// apex's optimizer for 16 bits with bias correction off: BertAdam's update, clipped by two norms, one over the gradients of all that
    /// decays and one over those of biases and LayerNorm.
    /// </summary>
    FusedAdam,
}

/// <summary>How the learning rate moves after the warm-up.</summary>
public enum ScheduleKind
{
    /// <summary>Linear to zero at the last step.</summary>
    Linear,

    /// <summary>Constant after the warm-up.</summary>
    Constant,
}

/// <summary>All that decides how a model is trained, besides its loss. Validated by <see cref="Validate"/> where it enters.</summary>
public sealed record TrainingRecipe
{
    /// <summary>The optimizer.</summary>
    public OptimizerKind Optimizer { get; init; } = OptimizerKind.AdamW;

    /// <summary>Peak learning rate.</summary>
    public double LearningRate { get; init; } = 5e-5;

    /// <summary>Decay of the first moment.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of the second moment.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Added to the root of the second moment.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Decoupled weight decay, on all but biases and LayerNorm.</summary>
    public double WeightDecay { get; init; } = 0.01;

    /// <summary>Schedule after the warm-up.</summary>
    public ScheduleKind Schedule { get; init; } = ScheduleKind.Linear;

    /// <summary>Share of the steps in which the rate rises linearly from 0.</summary>
    public double WarmupProportion { get; init; } = 0.1;

    /// <summary>Largest total gradient norm; null for no clipping.</summary>
    public double? MaxGradNorm { get; init; } = 1.0;

    /// <summary>Rows per step.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>Passes over the training rows.</summary>
    public int Epochs { get; init; } = 3;

    /// <summary>Stops after this many steps, however long the schedule; null for all epochs.</summary>
    public int? MaxSteps { get; init; }

    /// <summary>Longest sequence in tokens, [CLS] and [SEP] included.</summary>
    public int MaxLength { get; init; } = 128;

    /// <summary>Order of the rows.</summary>
    public BatchOrder Order { get; init; } = BatchOrder.Bucketed;

    /// <summary>Dropout of hidden states and attention probabilities.</summary>
    public double Dropout { get; init; } = 0.1;

    /// <summary>Epochs that train with dropout; null for all (1 is what PKD's code does by mistake).</summary>
    public int? DropoutEpochs { get; init; }

    /// <summary>Number format of the matrix products.</summary>
    public Precision Precision { get; init; } = Precision.Fp32;

    /// <summary>Evaluations on the dev set per epoch; the last one is at the epoch's end.</summary>
    public int EvaluationsPerEpoch { get; init; } = 1;

    /// <summary>Training rows, evenly spaced, that are scored at each evaluation too (for learning curves); 0 for none.</summary>
    public int TrainSampleRows { get; init; }

    // What came after the first committed results stays out of a run's key while it is off.

    /// <summary>
    /// Steps between evaluations, counted over the whole training, in place of <see cref="EvaluationsPerEpoch"/>; null for those.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int? EvaluationInterval { get; init; }

    /// <summary>Ends with the weights of the best evaluation, the first of equal ones, where otherwise the last weights count.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool KeepsBest { get; init; }

    /// <summary>Leaves out the last batch of an epoch where it is short.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool SkipsShortBatch { get; init; }

    /// <summary>
    /// Pads every training row to <see cref="MaxLength"/>, where otherwise a batch is as long as its longest row. It costs time and
    /// changes losses that are means over all places, padding included; a model's outputs stay what they are.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool PadsToMaxLength { get; init; }

    /// <summary>The learning rate as a part of a run's name, where it is not the usual one: ", rate 2E-05".</summary>
    public string DescribeRate() =>
        LearningRate == new TrainingRecipe().LearningRate ? "" : FormattableString.Invariant($", rate {LearningRate}");

    /// <summary>Steps of an epoch.</summary>
    /// <param name="rows">Training rows.</param>
    public int StepsPerEpoch(int rows) => (rows + (SkipsShortBatch ? 0 : BatchSize - 1)) / BatchSize;

    /// <summary>Tokens that each row of a batch is padded to.</summary>
    /// <param name="longest">Tokens of its longest row.</param>
    public int PaddedLength(int longest) => PadsToMaxLength ? MaxLength : longest;

    /// <summary>Checks every value.</summary>
    /// <exception cref="ReplicationException">A value is out of its range; the message names it and the range.</exception>
    public TrainingRecipe Validate()
    {
        Check(LearningRate is > 0 and < 1, "learning rate", LearningRate, "above 0 and below 1");
        Check(Beta1 is >= 0 and < 1, "beta1", Beta1, "from 0 to below 1");
        Check(Beta2 is >= 0 and < 1, "beta2", Beta2, "from 0 to below 1");
        Check(Epsilon is > 0 and < 1, "epsilon", Epsilon, "above 0 and below 1");
        Check(WeightDecay is >= 0 and < 1, "weight decay", WeightDecay, "from 0 to below 1");
        Check(WarmupProportion is >= 0 and <= 1, "warm-up proportion", WarmupProportion, "from 0 to 1");
        Check(MaxGradNorm is null or (> 0 and < double.PositiveInfinity), "max gradient norm", MaxGradNorm ?? 0, "above 0 and finite");
        Check(BatchSize is >= 1 and <= 4096, "batch size", BatchSize, "from 1 to 4096");
        Check(Epochs is >= 1 and <= 1000, "epochs", Epochs, "from 1 to 1000");
        Check(MaxSteps is null or >= 1, "max steps", MaxSteps ?? 0, "at least 1");
        Check(MaxLength is >= 4 and <= 512, "max length", MaxLength, "from 4 to 512");
        Check(Dropout is >= 0 and < 1, "dropout", Dropout, "from 0 to below 1");
        Check(DropoutEpochs is null or >= 0, "dropout epochs", DropoutEpochs ?? 0, "at least 0");
        Check(EvaluationsPerEpoch is >= 1 and <= 100, "evaluations per epoch", EvaluationsPerEpoch, "from 1 to 100");
        Check(EvaluationInterval is null or >= 1, "evaluation interval", EvaluationInterval ?? 0, "at least 1");
        Check(TrainSampleRows >= 0, "train sample rows", TrainSampleRows, "at least 0");
        return this;
    }

    private static void Check(bool holds, string name, double value, string range)
    {
        if (!holds)
            throw new ReplicationException(
                FormattableString.Invariant($"Training recipe: {name} is {value}; it must be {range}."), ReplicationException.UsageError);
    }
}
