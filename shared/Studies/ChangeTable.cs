using Replication.Claims;
using Replication.Glue;

namespace Replication.Studies;

/// <summary>
/// An ablation that is printed as changes: what each variant's score loses against the full method's, with the interval over
/// replicates.
/// </summary>
/// <param name="Table">As published.csv names it.</param>
/// <param name="Title">What it shows.</param>
/// <param name="Orders">The full method against each variant.</param>
public sealed record ChangeTable(string Table, string Title, IReadOnlyList<Order> Orders) : StudyTable(Table, Title)
{
    /// <summary>Task and metric of published.csv that the changes have.</summary>
    public required (string Task, string Metric) Published { get; init; }

    /// <summary>Heading of the first column.</summary>
    public string Heads { get; init; } = "Model";

    /// <summary>What is subtracted, for the signature, such as "less the triple loss".</summary>
    public required string Less { get; init; }

    /// <inheritdoc/>
    public override StudyPart Part(Study study) =>
        new(Table, [], [.. Orders.SelectMany(order => order.Better.Concat(order.Worse))], []) { Tasks = Tasks };

    /// <inheritdoc/>
    public override ReportTable Make(StudyResults results)
    {
        var tasks = Tasks ?? results.Study.Tasks;
        return new ReportTable(
            FileName, Heading, Caption,
            [Heads, "Change published", "Change here", "95 % interval", .. tasks.Select(task => $"{task} change")],
            [.. Orders.Select(order => Row(results, order, tasks))]);
    }

    /// <summary>The published change of a variant; null where the paper has none.</summary>
    /// <param name="cells">The published cells.</param>
    /// <param name="variant">The variant.</param>
    public PublishedCell? Change(PublishedCells cells, Variant variant) =>
        variant.Published is { } row ? cells.Find(Table, row, Published.Task, Published.Metric) : null;

    private IReadOnlyList<Cell> Row(StudyResults results, Order order, IReadOnlyList<GlueTask> tasks)
    {
        var variant = order.Worse[0];
        var cell = Change(results.Study.Published, variant);
        var changes = order.Pairs(results).Select(pair => pair with { Value = -pair.Value }).ToList();
        var signature = SignatureParts.Join(
            $"{string.Join(", ", tasks)}/dev main metric", variant.Who ?? variant.Name, Less, results.Study.Setting, results.Profile);
        Cell Mean(IReadOnlyList<PairedDifference> pairs) => pairs.Count == 0
            ? new Cell("not run", results.Missing(variant, tasks), CellKind.Missing)
            : new Cell(NumberText.Signed(pairs.Average(p => p.Value)), signature, CellKind.Measured);
        // A replicate's number is the mean over the tasks.
        var byReplicate = changes.GroupBy(change => change.Replicate)
            .Select(replicate => replicate.Average(change => change.Value)).ToList();
        Interval? interval = byReplicate.Count > 1 ? new ReplicateSample(byReplicate).Interval(LookPlan.Confidence) : null;
        return
        [
            new Cell(variant.Name),
            Cited(cell),
            Mean(changes),
            interval is not var (low, high) ? new Cell("")
                : new Cell($"{NumberText.Signed(low)} to {NumberText.Signed(high)}", signature, CellKind.Measured),
            .. tasks.Select(task => Mean([.. changes.Where(change => change.Task == task.Name)])),
        ];
    }
}
