using Replication.Claims;
using Replication.Studies;

namespace Replication.DynaBERT.Report;

/// <summary>What each part of the method adds: the mean over the sub-networks that the compared runs share.</summary>
internal static class AblationTable
{
    /// <summary>Makes the table; null where the profile has no ablations and no network trained alone.</summary>
    public static ReportTable? Make(Results results)
    {
        var tasks = results.Set.Tasks.Where(task => task.Ablations.Count > 0).ToList();
        return tasks.Count == 0 ? null : new ReportTable(
            "ablations",
            "Ablations",
            "In %, dev set, mean ± standard deviation over seeds. Rows of DynaBERT_W: the mean over its four widths at full depth, before stage 2. Rows of DynaBERT: the mean over all twelve. A network alone: its own size, beside the same size of DynaBERT. The paper's own ablation tables are not at hand.",
            ["Network", "Sub-networks", .. tasks.Select(task => $"{Columns.OfTask(task.Task).Heading} here")],
            [.. Rows(tasks[0]).Select(row => (IReadOnlyList<Cell>)
            [
                new Cell(row.Name), new Cell(row.Which),
                .. tasks.Select(task => Rows(task).Single(r => r.Name == row.Name).Cell(results, Columns.OfTask(task.Task))),
            ])]);
    }

    /// <summary>The mean over sub-networks, by seed; a seed that lacks one is left out.</summary>
    public static IReadOnlyList<SeedScore> Means(Results results, IEnumerable<DynaBertSpec> runs, ScoreColumn column, IReadOnlyList<(double Width, double Depth)> parts)
    {
        var means = new List<SeedScore>();
        foreach (var run in runs)
        {
            var scores = parts.SelectMany(part => results.Scores([run], column, part.Width, part.Depth)).ToList();
            if (scores.Count == parts.Count)
                means.Add(scores[0] with { Value = scores.Average(s => s.Value) });
        }
        return means;
    }

    /// <summary>The four widths at full depth.</summary>
    public static IReadOnlyList<(double Width, double Depth)> Widths { get; } = [.. ProfileSettings.PapersWidths.Select(width => (width, 1.0))];

    /// <summary>All twelve.</summary>
    public static IReadOnlyList<(double Width, double Depth)> All { get; } = [.. Sizes.All.Select(part => (part.Width, part.Depth))];

    private static IReadOnlyList<Row> Rows(TaskRuns task) =>
    [
        new("DynaBERT_W", "4 widths", [.. task.Seeds.Select(s => s.Width)], Widths),
        .. task.Ablations.Select(ablation => new Row(ablation.Name, "4 widths", ablation.Runs, Widths)),
        new("DynaBERT", "12", [.. task.Seeds.Select(s => s.Final)], All),
        new("without final fine-tuning", "12", [.. task.Seeds.Select(s => s.Depth)], All),
        .. task.Separate.SelectMany(alone =>
        {
            var name = Bert.SubNetworks.SubNetwork.NameOf(alone.Width, alone.Depth);
            return (Row[])
            [
                new($"DynaBERT, {name}", name, [.. task.Seeds.Select(s => s.Final)], [(alone.Width, alone.Depth)]),
                new($"alone, {name}", name, alone.Runs, [(alone.Width, alone.Depth)]),
            ];
        }),
    ];

    private sealed record Row(string Name, string Which, IReadOnlyList<DynaBertSpec> Runs, IReadOnlyList<(double Width, double Depth)> Parts)
    {
        public Cell Cell(Results results, ScoreColumn column)
        {
            var scores = Means(results, Runs, column, Parts);
            if (scores.Count == 0)
                return new Cell("not run", "These runs are not finished.", CellKind.Missing);
            var measured = Results.Measure(scores, Signatures.Of(results, column, $"{Name}, mean over {Which}", scores));
            return new Cell(NumberText.Of(measured.Value, measured.Spread), measured.Signature, CellKind.Measured);
        }
    }
}
