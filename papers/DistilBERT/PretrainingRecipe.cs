using Replication.Bert;
using Replication.Bert.Distil;
using Replication.Corpus;
using Replication.Studies;
using Replication.Training;

namespace Replication.DistilBERT;

/// <summary>All that decides a pretraining besides teacher, text and seed.</summary>
public sealed record PretrainingRecipe
{
    /// <summary>Where the student's first weights come from.</summary>
    public StudentStart Start { get; init; } = StudentStart.EverySecond;

    /// <summary>Whether the dense layer of the prediction head is the teacher's; an option of the authors' script.</summary>
    public bool CopyTransform { get; init; } = true;

    /// <summary>Terms and weights.</summary>
    public TripleLoss Loss { get; init; } = TripleLoss.OfficialCode;

    /// <summary>How words are hidden.</summary>
    public MaskingRecipe Masking { get; init; } = MaskingRecipe.OfficialCode;

    /// <summary>Optimizer, rate, schedule, batch, length, dropout, number format; its epochs count where <see cref="Steps"/> is null.</summary>
    public TrainingRecipe Training { get; init; } = OfficialTraining;

    /// <summary>Sequences that go through the model at once; a batch is put together of several by adding up their gradients.</summary>
    public int MicroBatch { get; init; } = 32;

    /// <summary>Updates; null for the recipe's epochs over the text.</summary>
    public int? Steps { get; init; }

    /// <summary>AdamW of the authors' code: rate 5e-4, betas 0.9 and 0.98, epsilon 1e-6, no weight decay, 5 % warm-up, gradient norm 5; 3 epochs.</summary>
    public static TrainingRecipe OfficialTraining { get; } = new()
    {
        LearningRate = 5e-4, Beta2 = 0.98, Epsilon = 1e-6, WeightDecay = 0, WarmupProportion = 0.05, MaxGradNorm = 5,
    };

    /// <summary>quick and small: batches of 32 sequences of at most 128 tokens, matrix products in bf16.</summary>
    public static PretrainingRecipe Small { get; } = new() { Training = OfficialTraining with { Precision = Precision.Bf16 } };

    /// <summary>The paper's: sequences of 512 tokens, 4,000 a batch put together of 8, three times over the text.</summary>
    public static PretrainingRecipe Paper { get; } = new()
    {
        Training = OfficialTraining with { BatchSize = 4000, MaxLength = 512, Precision = Precision.Bf16 }, MicroBatch = 8,
    };

    /// <summary>The authors' program with its own defaults: its layers, and 5 x 50 sequences a batch.</summary>
    public static PretrainingRecipe OfficialCode { get; } = Paper with
    {
        Start = StudentStart.OfficialCode, CopyTransform = false, Training = Paper.Training with { BatchSize = 250 }, MicroBatch = 5,
    };

    /// <summary>
    /// The recipe with a form of the method. The default mixes: the paper's layers, and what the paper leaves open (weights, T, masking that
    /// favours rare words, optimizer, schedule) from the authors' README and code.
    /// </summary>
    /// <param name="fidelity">The form.</param>
    /// <param name="isWhole">Whether batches are the form's own too; a short pretraining keeps its budget.</param>
    public PretrainingRecipe With(Fidelity fidelity, bool isWhole) => fidelity switch
    {
        Fidelity.Default => this,
        Fidelity.Paper => this with { Loss = TripleLoss.Paper, Masking = new MaskingRecipe() },
        _ when isWhole => OfficialCode with { Training = OfficialCode.Training with { Precision = Training.Precision } },
        _ => this with { Start = OfficialCode.Start, CopyTransform = OfficialCode.CopyTransform },
    };

    /// <summary>Checks every value.</summary>
    /// <exception cref="ReplicationException">A value is out of its range; the message names it and the range.</exception>
    public PretrainingRecipe Validate()
    {
        Loss.Validate();
        Masking.Validate();
        Training.Validate();
        if (MicroBatch < 1 || MicroBatch > Training.BatchSize)
            throw new ReplicationException($"Pretraining: {MicroBatch} sequences at once; it must be from 1 to the batch of {Training.BatchSize}.", ReplicationException.UsageError);
        if (Steps < 1)
            throw new ReplicationException($"Pretraining: {Steps} steps; it must be at least 1.", ReplicationException.UsageError);
        return this;
    }
}
