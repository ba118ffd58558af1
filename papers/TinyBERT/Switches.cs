using Replication.Distillation;
using Replication.Glue;
using Replication.Studies;
using Replication.Training;

namespace Replication.TinyBERT;

/// <summary>Where the paper and the authors' code differ, one switch each; the defaults are the paper's, and the presets name the combinations.</summary>
public sealed record Switches
{
    // The README of the code.
    private const int OfficialInterval = 100;

    /// <summary>The inner losses.</summary>
    public TransformerDistillation Method { get; init; } = TransformerDistillation.Paper;

    /// <summary>L_pred: the mean over the batch in the paper, over classes too in the code.</summary>
    public SoftTargets Soft { get; init; } = new();

    /// <summary>A ReLU and no dropout before the student's classifier.</summary>
    public bool ReluBeforeClassifier { get; init; }

    /// <summary>The words, neighbours and pairs of the code's augmentation.</summary>
    public bool OfficialAugmentation { get; init; }

    /// <summary>In which order task distillation visits its rows; general distillation draws its sequences at random in every form.</summary>
    public BatchOrder Order { get; init; } = BatchOrder.Bucketed;

    /// <summary>Every stage pads its rows to the longest length, which the code's means over all places count.</summary>
    public bool PadsToMaxLength { get; init; }

    /// <summary>Task distillation leaves out the short batch at the end of an epoch.</summary>
    public bool SkipsShortBatch { get; init; }

    /// <summary>The prediction step is measured every 100 steps and ends with the best weights.</summary>
    public bool KeepsBest { get; init; }

    /// <summary>The prediction step of STS-B learns the labels.</summary>
    public bool RegressesOnLabels { get; init; }

    /// <summary>Epochs, lengths and rates are those of the README's commands, for all tasks alike, where a profile has no budget of its own.</summary>
    public bool FollowsReadme { get; init; }

    /// <summary>The paper.</summary>
    public static Switches Paper { get; } = new();

    /// <summary>The README's commands with the paper's formulas.</summary>
    public static Switches Readme { get; } = new() { FollowsReadme = true };

    /// <summary>The authors' program, as the README runs it.</summary>
    public static Switches OfficialCode { get; } = new()
    {
        Method = TransformerDistillation.OfficialCode,
        Soft = new SoftTargets { Reduction = Reduction.ElementMean },
        ReluBeforeClassifier = true,
        OfficialAugmentation = true,
        Order = BatchOrder.Shuffled,
        PadsToMaxLength = true,
        SkipsShortBatch = true,
        KeepsBest = true,
        RegressesOnLabels = true,
        FollowsReadme = true,
    };

    /// <summary>The preset of a form of the method.</summary>
    public static Switches Of(Fidelity fidelity) => fidelity switch
    {
        Fidelity.Official => OfficialCode,
        Fidelity.Readme => Readme,
        _ => Paper,
    };

    /// <summary>A recipe of general distillation with these switches.</summary>
    public TrainingRecipe General(TrainingRecipe recipe) => recipe with { PadsToMaxLength = PadsToMaxLength };

    /// <summary>A recipe of the intermediate step with these switches.</summary>
    public TrainingRecipe Intermediate(TrainingRecipe recipe) => recipe with { Order = Order, PadsToMaxLength = PadsToMaxLength, SkipsShortBatch = SkipsShortBatch };

    /// <summary>A recipe of the prediction step with these switches.</summary>
    public TrainingRecipe Prediction(TrainingRecipe recipe) => KeepsBest
        ? Intermediate(recipe) with { KeepsBest = true, EvaluationInterval = OfficialInterval }
        : Intermediate(recipe);
}
