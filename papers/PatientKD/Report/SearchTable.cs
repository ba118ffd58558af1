using System.Globalization;
using Replication.Claims;
using Replication.Runs;
using Replication.Studies;

namespace Replication.PatientKD.Report;

/// <summary>What the searches tried, what each point scored, and which was taken.</summary>
internal static class SearchTable
{
    /// <summary>Makes the table; null where the profile searches nothing.</summary>
    public static ReportTable? Make(Results results)
    {
        var searches = results.Set.Searches();
        return searches.Count == 0 ? null : new ReportTable(
            "search",
            "Hyper-parameters",
            $"{results.Set.Grid.Name}: each point's score in % on the rows that decided; the best is taken, the earlier of equals.",
            ["Search", "Point", "Decided on", "Score", "Taken"],
            [.. searches.SelectMany(search => Rows(results, search))]);
    }

    private static IEnumerable<IReadOnlyList<Cell>> Rows(Results results, SelectionSpec search)
    {
        var run = results.Find(search);
        foreach (var (index, candidate) in search.Candidates.Index())
        {
            yield return
            [
                new Cell(search.Name),
                new Cell(Point(candidate)),
                new Cell($"{search.Split} {search.Metric}"),
                run is null
                    ? new Cell("not run", "The search is not finished.", CellKind.Missing)
                    : new Cell(NumberText.Of(100 * run.Result.Sample(search.ScoresName, index)), $"{candidate.Describe()} | {SignatureParts.Runs([run])}", CellKind.Measured),
                new Cell(run?.Result.Chosen == candidate.SpecKey() ? "yes" : ""),
            ];
        }
    }

    private static string Point(RunSpec candidate)
    {
        if (candidate is not PatientKdSpec spec)
            return candidate.Describe();
        var soft = spec.Tuning is null ? string.Create(CultureInfo.InvariantCulture, $"alpha {spec.Loss.Alpha}, T {spec.Loss.Soft.Temperature}") : "alpha and T of KD";
        var beta = spec.Map is null ? "" : string.Create(CultureInfo.InvariantCulture, $", beta {spec.Loss.Beta}");
        return string.Create(CultureInfo.InvariantCulture, $"{soft}{beta}, rate {spec.Recipe.LearningRate}");
    }
}
