using MathNet.Numerics.Statistics;

namespace Replication.Glue;

/// <summary>GLUE's official metrics, as fractions (0.9, not 90).</summary>
public static class Metrics
{
    /// <summary>Share of predictions that equal their label; null for no rows.</summary>
    public static double? Accuracy(IReadOnlyList<int> predictions, IReadOnlyList<int> labels) =>
        labels.Count == 0 ? null : (double)predictions.Zip(labels).Count(pair => pair.First == pair.Second) / labels.Count;

    /// <summary>
    /// Harmonic mean of precision and recall of class 1: 2TP / (2TP + FP + FN), and 0 where there is no such class at all.
    /// </summary>
    public static double? F1(IReadOnlyList<int> predictions, IReadOnlyList<int> labels)
    {
        var (tp, fp, _, fn) = Confusion(predictions, labels);
        return labels.Count == 0 ? null : tp == 0 ? 0 : 2.0 * tp / (2 * tp + fp + fn);
    }

    /// <summary>
    /// Correlation of two binary variables, (TP TN - FP FN) / sqrt((TP+FP)(TP+FN)(TN+FP)(TN+FN)); as in scikit-learn 0
    /// where either side has one class only.
    /// </summary>
    public static double? Matthews(IReadOnlyList<int> predictions, IReadOnlyList<int> labels)
    {
        var (tp, fp, tn, fn) = Confusion(predictions, labels);
        var product = (double)(tp + fp) * (tp + fn) * (tn + fp) * (tn + fn);
        return labels.Count == 0 ? null : product == 0 ? 0 : ((double)tp * tn - (double)fp * fn) / Math.Sqrt(product);
    }

    /// <summary>Linear correlation; null (undefined) where either side is constant or has fewer than two values.</summary>
    public static double? Pearson(IReadOnlyList<double> predictions, IReadOnlyList<double> labels) =>
        IsConstant(predictions) || IsConstant(labels) ? null : Defined(Correlation.Pearson(predictions, labels));

    /// <summary>Correlation of ranks, equal values sharing their mean rank; null (undefined) as for <see cref="Pearson"/>.</summary>
    public static double? Spearman(IReadOnlyList<double> predictions, IReadOnlyList<double> labels) =>
        IsConstant(predictions) || IsConstant(labels) ? null : Defined(Correlation.Spearman(predictions, labels));

    // Rounding can give a constant a tiny variance, so a constant is looked for and not computed.
    private static bool IsConstant(IReadOnlyList<double> values) => values.All(value => value == values[0]);

    private static double? Defined(double value) => double.IsFinite(value) ? value : null;

    private static (long Tp, long Fp, long Tn, long Fn) Confusion(IReadOnlyList<int> predictions, IReadOnlyList<int> labels)
    {
        long tp = 0, fp = 0, tn = 0, fn = 0;
        foreach (var (prediction, label) in predictions.Zip(labels))
        {
            if (prediction == 1)
                _ = label == 1 ? tp++ : fp++;
            else
                _ = label == 1 ? fn++ : tn++;
        }
        return (tp, fp, tn, fn);
    }
}
