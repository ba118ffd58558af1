using Replication.Runs;

namespace Replication.Studies;

/// <summary>How the terms of a loss fell while a run trained, from its metrics.</summary>
public static class LossCurves
{
    /// <summary>Steps and values of each term by name, in the order of appearance; none where the run kept none.</summary>
    public static IReadOnlyList<(string Term, IReadOnlyList<(double Step, double Value)> Points)> Of(FinishedRun run)
    {
        var lines = MetricsReader.Lines(run).Where(line => line.TryGetProperty("terms", out _))
            .Select(line => (Step: line.GetProperty("step").GetDouble(), Terms: line.GetProperty("terms").EnumerateObject().ToDictionary(t => t.Name, t => t.Value.GetDouble(), StringComparer.Ordinal)))
            .ToList();
        return
        [
            .. from term in lines.SelectMany(line => line.Terms.Keys).Distinct(StringComparer.Ordinal)
               select (term, (IReadOnlyList<(double, double)>)[.. lines.Where(line => line.Terms.ContainsKey(term)).Select(line => (line.Step, line.Terms[term]))]),
        ];
    }

    /// <summary>A figure of all terms of one run; null where it is not finished or kept none.</summary>
    /// <param name="results">The study's runs.</param>
    /// <param name="spec">The run.</param>
    /// <param name="id">File name.</param>
    /// <param name="title">Heading.</param>
    public static LineFigure? Figure(StudyResults results, RunSpec? spec, string id, string title) =>
        results.Find(spec) is { } run && Of(run) is { Count: > 0 } curves
            ? new LineFigure(
                id, title, $"Mean of each term over ten steps, seed 1, {results.Profile} profile, {SignatureParts.Runs([run])}.", "Steps", "loss",
                [.. curves.Select(curve => new LineSeries(curve.Term, [.. curve.Points.Select(p => p.Step)], [.. curve.Points.Select(p => p.Value)]))])
            : null;
}
