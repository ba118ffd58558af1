using Replication.Runs;

namespace Replication.Studies;

/// <summary>How the terms of a loss fell while a run trained, from its metrics.</summary>
public static class LossCurves
{
    /// <summary>Steps and values of each term by name, in the order of appearance; none where the run kept none.</summary>
    public static IReadOnlyList<(string Term, IReadOnlyList<(double Step, double Value)> Points)> Of(FinishedRun run)
    {
        return
        [
            .. from point in run.Curves
               where point.Name.StartsWith("L_", StringComparison.Ordinal)
               group point by point.Name into term
               select (term.Key, (IReadOnlyList<(double, double)>)[.. term.Select(point => ((double)point.Step, point.Value))]),
        ];
    }

    /// <summary>A figure of one term of several runs; null where none of them kept it.</summary>
    /// <param name="results">The study's runs.</param>
    /// <param name="runs">The runs with their names; each looks alike in the figures of all terms.</param>
    /// <param name="term">The term.</param>
    /// <param name="id">File name.</param>
    /// <param name="title">Heading.</param>
    /// <param name="caption">What is shown, and of how many seeds.</param>
    public static LineFigure? Figure(
        StudyResults results, IEnumerable<(string Name, RunSpec Spec)> runs, string term, string id, string title, string caption)
    {
        LineSeries[] series =
        [
            .. from each in runs.Index()
               let run = results.Find(each.Item.Spec)
               where run is not null
               from curve in Of(run)
               where curve.Term == term
               select Line(each.Item.Name, curve.Points, each.Index),
        ];
        return series.Length == 0 ? null : new LineFigure(id, title, caption, "Steps", term, series);
    }

    /// <summary>A figure of all terms of one run; null where it is not finished or kept none.</summary>
    /// <param name="results">The study's runs.</param>
    /// <param name="spec">The run.</param>
    /// <param name="id">File name.</param>
    /// <param name="title">Heading.</param>
    public static LineFigure? Figure(StudyResults results, RunSpec? spec, string id, string title) =>
        results.Find(spec) is { } run && Of(run) is { Count: > 0 } curves
            ? new LineFigure(
                id, title, $"Mean of each term over ten steps, seed 1, {results.Profile} profile, {SignatureParts.Runs([run])}.", "Steps",
                "loss",
                [.. curves.Select(curve => Line(curve.Term, curve.Points))])
            : null;

    private static LineSeries Line(string name, IReadOnlyList<(double Step, double Value)> points, int? style = null) =>
        new(name, [.. points.Select(p => p.Step)], [.. points.Select(p => p.Value)], Style: style);
}
