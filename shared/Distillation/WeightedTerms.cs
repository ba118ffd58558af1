using Replication.Glue;
using Replication.Training;
using static TorchSharp.torch;

namespace Replication.Distillation;

/// <summary>A loss that is a weighted sum of named terms.</summary>
public static class WeightedTerms
{
    /// <summary>Propagates the sum back.</summary>
    /// <param name="terms">
    /// Scalars with their weights, at least one, each computed when its turn comes; one of weight 0 costs as much as any other.
    /// </param>
    /// <returns>The sum, and each term without its weight.</returns>
    public static LossReport Backward(params IEnumerable<(string Name, double Weight, Tensor Term)> terms) => Backward(1, terms);

    /// <summary>The same of a part of a step, whose gradients are those of its share.</summary>
    /// <param name="share">The batch's share of the step's rows.</param>
    /// <param name="terms">Scalars with their weights, as above.</param>
    /// <returns>The sum, and each term without its weight.</returns>
    public static LossReport Backward(double share, params IEnumerable<(string Name, double Weight, Tensor Term)> terms)
    {
        var (names, values) = (new List<string>(), new List<Tensor>());
        Tensor? total = null;
        foreach (var (name, weight, term) in terms)
        {
            names.Add(name);
            values.Add(term.detach());
            // A weight of exactly 1 is left out, so that fine-tuning is the same bits here and in FineTuneObjective.
            var weighted = weight == 1 ? term : term * weight;
            total = total is null ? weighted : total + weighted;
        }
        if (total is null)
            throw new ArgumentException("There is no term.", nameof(terms));
        GlueBatch.Backward(total, share);
        // One transfer from the device for all of them, after all that the device has to do.
        using var all = stack([.. values, total.detach()]).cpu();
        var numbers = all.data<float>().ToArray();
        return new LossReport(numbers[^1], names.Zip(numbers).ToDictionary(pair => pair.First, pair => (double)pair.Second));
    }
}
