using System.Globalization;
using Replication.Runs;

namespace Replication.Studies;

/// <summary>Curves of several runs, a figure for each number that they noted while they computed.</summary>
public static class RunCurves
{
    // Time, not an outcome.
    private const string Epoch = "epoch";

    private const string Loss = "loss";

    /// <summary>A figure for each split and name that any of the runs has, the loss before its terms and the scores.</summary>
    /// <param name="runs">The runs.</param>
    public static IReadOnlyList<LineFigure> Figures(IReadOnlyList<FinishedRun> runs) =>
    [
        .. runs.Index().SelectMany(run => run.Item.Curves.Select(point => new NotedPoint(run.Index, run.Item, point)))
            .Where(noted => noted.Point.Name != Epoch)
            .GroupBy(noted => (noted.Point.Split, noted.Point.Name))
            .OrderBy(curve => curve.Key.Split != CurvePoint.Training).ThenBy(curve => curve.Key.Split, StringComparer.Ordinal)
            .ThenBy(curve => curve.Key.Name != Loss).ThenBy(curve => curve.Key.Name, StringComparer.Ordinal)
            .Select(curve => Figure(curve.Key.Split, curve.Key.Name, [.. curve])),
    ];

    /// <summary>A run as figures name it: the beginning of its key, and its label.</summary>
    public static string Name(FinishedRun run) => $"{run.Manifest.Key[..RunKey.ShortLength]} {run.Manifest.Label}";

    /// <summary>The data of figures as CSV: figure, run, step, value.</summary>
    public static string Csv(IReadOnlyList<LineFigure> figures) => Claims.CsvText.Of(["curve", "run", "step", "value"],
        from figure in figures
        from series in figure.Series
        from point in series.X.Zip(series.Y)
        select (IReadOnlyList<string>)[figure.Title, series.Name, point.First.ToString(CultureInfo.InvariantCulture),
            point.Second.ToString("R", CultureInfo.InvariantCulture)]);

    private static LineFigure Figure(string split, string name, IReadOnlyList<NotedPoint> points)
    {
        var runs = points.GroupBy(noted => noted.Run).OrderBy(run => run.Key).ToList();
        return new LineFigure(
            Id($"{split}-{name}"), $"{name}, {split}",
            $"{name} on {split} by training step, of {string.Join("; ", runs.Select(run => Name(run.First().Of)))}.", "Steps", name,
            [.. runs.Select(run => new LineSeries(
                Name(run.First().Of), [.. run.Select(noted => (double)noted.Point.Step)], [.. run.Select(noted => noted.Point.Value)],
                Style: run.Key))]);
    }

    private static string Id(string text) => string.Concat(text.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-'));

    private sealed record NotedPoint(int Run, FinishedRun Of, CurvePoint Point);
}
