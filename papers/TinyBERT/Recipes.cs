using Replication.Bert;
using Replication.Training;

namespace Replication.TinyBERT;

/// <summary>How the stages are trained, by name. The losses are apart, in <see cref="TransformerDistillation"/>.</summary>
public static class Recipes
{
    private const double Rate = 5e-5;

    /// <summary>
    /// General distillation: 3 epochs and 128 tokens as in the paper, which leaves the rest to BERT's pre-training settings; batches of 256,
    /// rate 5e-5, warm-up of a tenth and optimizer as in the authors' README and code.
    /// </summary>
    public static TrainingRecipe PaperGeneral { get; } = Code with { LearningRate = Rate, BatchSize = 256, Epochs = 3, MaxLength = 128 };

    /// <summary>General distillation for a budget of steps: a rate ten times as high and no dropout, since so few steps are taken that nothing is learnt by heart.</summary>
    public static TrainingRecipe ShortGeneral(GeneralBudget budget) => new()
    {
        LearningRate = 5e-4, BatchSize = budget.BatchSize, MaxLength = budget.MaxLength, MaxSteps = budget.Steps, Dropout = 0, Precision = Precision.Bf16,
    };

    /// <summary>The intermediate step for a budget, of at most 64 or 128 tokens: the rate falls linearly after a warm-up of a tenth; no dropout, for the same reason.</summary>
    public static TrainingRecipe ShortIntermediate(int epochs, double rate, bool isPair) => new()
    {
        LearningRate = rate, Epochs = epochs, MaxLength = Length(isPair), Dropout = 0, Precision = Precision.Bf16,
    };

    /// <summary>The prediction step, and labels only, for a budget.</summary>
    public static TrainingRecipe ShortPrediction(int epochs, double rate, bool isPair) => new()
    {
        LearningRate = rate, Epochs = epochs, MaxLength = Length(isPair), Precision = Precision.Bf16,
    };

    /// <summary>The paper's intermediate step (section 4.2): rate 5e-5, batch 32, 20 epochs; 10 for MNLI, QQP and QNLI, 50 for CoLA.</summary>
    public static TrainingRecipe PaperIntermediate(string task, bool isPair) => Code with
    {
        LearningRate = Rate,
        Schedule = ScheduleKind.Constant,
        WarmupProportion = 0,
        Epochs = task switch { "MNLI" or "QQP" or "QNLI" => 10, "CoLA" => 50, _ => 20 },
        MaxLength = Length(isPair),
    };

    /// <summary>The paper's prediction step: 3 epochs; batch of 16 or 32 and rate of 1e-5, 2e-5 or 3e-5 chosen on dev.</summary>
    public static TrainingRecipe PaperPrediction(bool isPair) => Code with { LearningRate = 3e-5, Epochs = 3, MaxLength = Length(isPair) };

    /// <summary>The authors' README, intermediate step: 10 epochs of at most 128 tokens, a constant rate of 5e-5.</summary>
    public static TrainingRecipe ReadmeIntermediate { get; } = PaperIntermediate("", isPair: true) with { Epochs = 10 };

    /// <summary>The authors' README, prediction step: rate 3e-5, 3 epochs, batch 32, at most 128 tokens.</summary>
    public static TrainingRecipe ReadmePrediction { get; } = PaperPrediction(isPair: true);

    /// <summary>N_a of the authors' program, new rows a row: by task, where the paper has 20 for all.</summary>
    public static int OfficialNewRows(string task) => task switch { "MNLI" or "QQP" => 10, "SST-2" or "QNLI" => 20, _ => 30 };

    private static TrainingRecipe Code => new() { Optimizer = OptimizerKind.BertAdam, Epsilon = 1e-6, Precision = Precision.Bf16 };

    private static int Length(bool isPair) => isPair ? 128 : 64;
}
