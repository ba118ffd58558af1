using System.Globalization;
using Replication.Bert;

namespace Replication;

/// <summary>What the outputs of a classifier stand for: classes by name, or one score.</summary>
internal sealed class LabelSet
{
    private LabelSet(IReadOnlyList<string> labels) => Labels = labels;

    /// <summary>The classes in the order of the outputs; empty for a score.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>The names in a folder's config.json, or LABEL_0 and so on where it has none.</summary>
    /// <param name="folder">A folder with config.json.</param>
    /// <param name="outputs">Outputs of the classifier; a single one is a score.</param>
    /// <exception cref="ReplicationException">The file tells of a classifier of another kind or size.</exception>
    public static LabelSet Read(string folder, int outputs)
    {
        var names = ClassifierConfig.Check(folder, outputs);
        if (outputs == 1)
            return new LabelSet([]);
        return new LabelSet(
            names ?? [.. Enumerable.Range(0, outputs).Select(i => string.Create(CultureInfo.InvariantCulture, $"LABEL_{i}"))]);
    }

    /// <summary>The softmax of a text's logits and the class of the highest, or its score.</summary>
    /// <exception cref="ReplicationException">An output is not a number, so that there is nothing to be said of the text.</exception>
    public Prediction ToPrediction(ReadOnlySpan<float> logits)
    {
        foreach (var logit in logits)
            CheckFinite(logit);
        if (Labels.Count == 0)
            return new Prediction(logits[0].ToString("0.###", CultureInfo.InvariantCulture), []) { Score = logits[0] };
        var highest = 0;
        for (var i = 1; i < logits.Length; i++)
            if (logits[i] > logits[highest])
                highest = i;
        return new Prediction(Labels[highest], Softmax(logits));
    }

    /// <summary>Probabilities of some scores.</summary>
    /// <exception cref="ReplicationException">One of them is not a number.</exception>
    public static double[] Softmax(ReadOnlySpan<float> logits)
    {
        var highest = float.NegativeInfinity;
        foreach (var logit in logits)
        {
            CheckFinite(logit);
            highest = Math.Max(highest, logit);
        }
        var probabilities = new double[logits.Length];
        var sum = 0.0;
        for (var i = 0; i < logits.Length; i++)
            sum += probabilities[i] = Math.Exp(logits[i] - (double)highest);
        for (var i = 0; i < logits.Length; i++)
            probabilities[i] /= sum;
        return probabilities;
    }

    /// <summary>Refuses an output that is not a number.</summary>
    /// <exception cref="ReplicationException">It is none, so that there is nothing to be said of the text.</exception>
    public static void CheckFinite(float logit)
    {
        if (!float.IsFinite(logit))
            throw new ReplicationException(
                $"The model answered {logit.ToString(CultureInfo.InvariantCulture)} where a number was expected; its weights are "
                    + $"damaged, so train or export it again.");
    }
}
