using Replication.Bert;
using Replication.Glue;
using Replication.Studies;
using Replication.Training;

namespace Replication.PatientKD;

/// <summary>How teachers and students are trained. The loss is apart, in <see cref="PatientKdLoss"/>.</summary>
public static class Recipes
{
    /// <summary>The paper's: batch 32, 4 epochs, at most 128 tokens, the optimizer of the BERT code; scored ten times an epoch for Figure 2.</summary>
    public static TrainingRecipe Paper { get; } = new()
    {
        Optimizer = OptimizerKind.BertAdam, Epsilon = 1e-6, Epochs = 4, Precision = Precision.Bf16, EvaluationsPerEpoch = 10, TrainSampleRows = 2000,
    };

    /// <summary>
    /// As the authors' program really trains: rows in file order in every epoch, since the shuffling sampler is made and not
    /// used, and no dropout after the first epoch, since evaluation switches it off and nothing switches it on again. The optimizer is
    /// the one that the program takes without 16-bit training; with it, its default, that is FusedAdam, which clips all gradients together.
    /// </summary>
    public static TrainingRecipe AsTheCodeTrains(TrainingRecipe recipe) => recipe with { Order = BatchOrder.Sequential, DropoutEpochs = 1 };
}
