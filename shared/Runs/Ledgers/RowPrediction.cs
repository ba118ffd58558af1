using System.Globalization;

namespace Replication.Runs;

/// <summary>What a finished model said of a row.</summary>
/// <param name="Split">Such as "dev".</param>
/// <param name="Row">The row's number in the split, from 0.</param>
/// <param name="Label">The true class's number, or the true score; null where it is hidden.</param>
/// <param name="Prediction">The predicted class's number, or the predicted score.</param>
public readonly record struct RowPrediction(string Split, int Row, float? Label, float Prediction)
{
    private const string Start = "index\tprediction\tlabel\t", Logit = "logit ";

    /// <summary>
    /// The rows of a file predictions-SPLIT.tsv, and whether they are of classes or of scores; null for a file of another kind.
    /// </summary>
    /// <exception cref="ReplicationException">A row is not what a run writes.</exception>
    internal static (bool AreClasses, IReadOnlyList<RowPrediction> Rows)? Read(string path, string split)
    {
        using var lines = File.ReadLines(path).GetEnumerator();
        if (!lines.MoveNext() || !lines.Current.StartsWith(Start, StringComparison.Ordinal))
            return null;
        var outputs = lines.Current[Start.Length..].Split('\t');
        // Classes have the numbers of their outputs.
        var classes = outputs.All(output => output.StartsWith(Logit, StringComparison.Ordinal))
            ? outputs.Select(output => output[Logit.Length..]).ToList()
            : null;
        var rows = new List<RowPrediction>();
        while (lines.MoveNext())
        {
            var cells = lines.Current.Split('\t');
            if (cells.Length != 3 + outputs.Length || !int.TryParse(cells[0], NumberStyles.None, CultureInfo.InvariantCulture, out var row)
                || Number(cells[1], classes) is not { } prediction || (cells[2].Length > 0 && Number(cells[2], classes) is null))
                throw new ReplicationException(
                    FormattableString.Invariant($"{path}, line {rows.Count + 2}: not a row of predictions; compute the run again."));
            rows.Add(new RowPrediction(split, row, Number(cells[2], classes), prediction));
        }
        return (classes is not null, rows);
    }

    private static float? Number(string text, List<string>? classes) =>
        classes is not null ? classes.IndexOf(text) is >= 0 and var index ? index : null
        : float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null;
}
