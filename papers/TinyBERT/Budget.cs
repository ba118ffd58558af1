using Replication.Augmentation;

namespace Replication.TinyBERT;

/// <summary>How much is spent on a family of runs whose members are compared.</summary>
/// <param name="General">General distillation; null for the paper's recipe.</param>
/// <param name="Rows">Training rows of a task; null for all.</param>
/// <param name="Augmentation">p_t, N_a, K.</param>
/// <param name="Task">Task distillation; null for the paper's recipes.</param>
public sealed record Budget(GeneralBudget? General, int? Rows, AugmentationSettings Augmentation, TaskBudget? Task)
{
    /// <summary>What a pass over the augmented rows becomes over the original ones alone, so that all members take as many updates; 1 in the paper's recipes.</summary>
    public int OriginalRowsFactor => Task is null ? 1 : 1 + Augmentation.RowsPerRow;
}

/// <summary>A short general distillation.</summary>
/// <param name="Steps">Steps.</param>
/// <param name="BatchSize">Sequences a step.</param>
/// <param name="MaxLength">Tokens of a sequence, at most.</param>
public sealed record GeneralBudget(int Steps, int BatchSize, int MaxLength);

/// <summary>A short task distillation; epochs are over the augmented rows.</summary>
/// <param name="IntermediateEpochs">Epochs of the intermediate step.</param>
/// <param name="IntermediateRate">Its peak learning rate.</param>
/// <param name="PredictionEpochs">Epochs of the prediction step, and of the students that learn from labels.</param>
/// <param name="PredictionRate">Its peak learning rate.</param>
public sealed record TaskBudget(int IntermediateEpochs, double IntermediateRate, int PredictionEpochs, double PredictionRate);
