using static TorchSharp.torch;

namespace Replication.Distillation;

/// <summary>How a loss that has one value per element becomes one number; the papers and their authors' code differ here.</summary>
public enum Reduction
{
    /// <summary>The sum over all elements, samples included: what a formula with a sum over i says.</summary>
    Sum,

    /// <summary>The sum over the elements of a sample, averaged over the samples of the batch.</summary>
    BatchMean,

    /// <summary>The mean over all elements: a batch mean divided by the elements of a sample (classes, layers times units).</summary>
    ElementMean,
}

/// <summary>Applies a <see cref="Reduction"/>.</summary>
public static class Reductions
{
    /// <summary>Reduces a loss to a scalar.</summary>
    /// <param name="reduction">How.</param>
    /// <param name="elements">One value per element, [batch, ...].</param>
    public static Tensor Apply(this Reduction reduction, Tensor elements) => reduction switch
    {
        Reduction.Sum => elements.sum(),
        Reduction.BatchMean => elements.sum() / elements.shape[0],
        Reduction.ElementMean => elements.mean(),
        _ => throw new ArgumentOutOfRangeException(nameof(reduction), reduction, null),
    };
}
