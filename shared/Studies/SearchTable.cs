using Replication.Claims;
using Replication.Runs;

namespace Replication.Studies;

/// <summary>What the searches behind some variants tried, what each point scored, and which was taken.</summary>
public static class SearchTable
{
    /// <summary>The table; it is left out where the profile searches nothing.</summary>
    /// <param name="grid">How reports name the grid, such as "the paper's grid".</param>
    /// <param name="variants">The variants.</param>
    /// <param name="point">How the table names a point of a search.</param>
    public static OwnTable Of(string grid, IReadOnlyList<Variant> variants, Func<RunSpec, string> point) =>
        new("Hyper-parameters", results =>
    {
        var runs = results.Study.RunsOf(variants.DistinctBy(variant => variant.Name)).Select(run => run.Spec);
        var searches = Plan.Build(runs).Runs.Select(run => run.Spec).OfType<SelectionSpec>().ToList();
        return searches.Count == 0 ? null : new ReportTable(
            "search",
            "Hyper-parameters",
            $"{grid}: each point's score in % on the rows that decided; the best is taken, the earlier of equals.",
            ["Search", "Point", "Decided on", "Score", "Taken"],
            [.. searches.SelectMany(search => Rows(results, search, point))]);
    }) { Variants = variants };

    private static IEnumerable<IReadOnlyList<Cell>> Rows(StudyResults results, SelectionSpec search, Func<RunSpec, string> point)
    {
        var run = results.Find(search);
        return search.Candidates.Index().Select(candidate => (IReadOnlyList<Cell>)
        [
            new Cell(search.Describe()),
            new Cell(point(candidate.Item)),
            new Cell($"{search.Split} {search.Metric}"),
            run is null
                ? new Cell("not run", "The search is not finished.", CellKind.Missing)
                : new Cell(
                    NumberText.Of(100 * run.Result.Sample(search.ScoresName, candidate.Index)),
                    $"{candidate.Item.Describe()} | {SignatureParts.Runs([run])}", CellKind.Measured),
            new Cell(run?.Result.Chosen == candidate.Item.SpecKey() ? "yes" : ""),
        ]);
    }
}
