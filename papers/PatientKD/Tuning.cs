using System.Text.Json.Serialization;
using Replication.Distillation;
using Replication.Runs;
using Replication.Training;

namespace Replication.PatientKD;

/// <summary>Hyper-parameters that a run may take from another's grid search.</summary>
[Flags]
public enum TunedValues
{
    /// <summary>The learning rate.</summary>
    LearningRate = 1,

    /// <summary>alpha and T.</summary>
    SoftTargets = 2,

    /// <summary>beta.</summary>
    Beta = 4,

    /// <summary>All of them.</summary>
    All = LearningRate | SoftTargets | Beta,
}

/// <summary>
/// Takes hyper-parameters from the run that a selection chose, once that is known. The paper searches in two steps: alpha and
/// T for plain distillation, then with these the learning rate and beta for Patient-KD.
/// </summary>
/// <param name="selection">The search.</param>
/// <param name="values">What is taken.</param>
public sealed class Tuning(SelectionSpec selection, TunedValues values)
{
    /// <summary>Names of the hyper-parameters among the facts of a run.</summary>
    internal const string LearningRate = "learning rate", Alpha = "alpha", Temperature = "temperature", Beta = "beta";

    /// <summary>The search; its key stands for it in JSON, so that a grid is not written into every run that uses it.</summary>
    [JsonIgnore]
    public SelectionSpec Selection => selection;

    /// <summary>Digest of the whole search: candidates, split, metric.</summary>
    public string SelectionKey { get; } = selection.SpecKey();

    /// <summary>What is taken.</summary>
    public TunedValues Values => values;

    /// <summary>The hyper-parameters of a run as facts of its result, by which <see cref="Apply"/> finds them again.</summary>
    public static IReadOnlyDictionary<string, double> Facts(PatientKdLoss loss, TrainingRecipe recipe) =>
        new SortedDictionary<string, double>(StringComparer.Ordinal)
        {
            [LearningRate] = recipe.LearningRate, [Alpha] = loss.Alpha, [Temperature] = loss.Soft.Temperature, [Beta] = loss.Beta,
        };

    /// <summary>Puts the chosen values in the place of a spec's own.</summary>
    /// <param name="chosen">The selection's result.</param>
    /// <param name="loss">The spec's loss.</param>
    /// <param name="recipe">The spec's recipe.</param>
    public (PatientKdLoss Loss, TrainingRecipe Recipe) Apply(RunResult chosen, PatientKdLoss loss, TrainingRecipe recipe)
    {
        if (values.HasFlag(TunedValues.LearningRate))
            recipe = recipe with { LearningRate = chosen.Fact(LearningRate) };
        if (values.HasFlag(TunedValues.SoftTargets))
            loss = loss with { Alpha = chosen.Fact(Alpha), Soft = loss.Soft with { Temperature = chosen.Fact(Temperature) } };
        if (values.HasFlag(TunedValues.Beta))
            loss = loss with { Beta = chosen.Fact(Beta) };
        return (loss, recipe);
    }
}
