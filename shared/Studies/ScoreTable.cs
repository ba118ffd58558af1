using Replication.Claims;
using Replication.Glue;

namespace Replication.Studies;

/// <summary>A table of scores whose rows are variants: each published cell, and beside it what was measured.</summary>
/// <param name="Table">As published.csv names it.</param>
/// <param name="Title">What it shows.</param>
/// <param name="Rows">Its rows.</param>
public sealed record ScoreTable(string Table, string Title, params IReadOnlyList<Variant> Rows) : StudyTable(Table, Title)
{
    /// <summary>The rows whose scores are claims; null for all that are published and not cited.</summary>
    public IReadOnlyList<Variant>? Claimed { get; init; }

    /// <summary>First part of its claims' ids, after the paper's; null for the table's name without space.</summary>
    public string? ClaimRoot { get; init; }

    /// <summary>Whether claims' ids end with the metric.</summary>
    public bool NamesMetric { get; init; } = true;

    /// <summary>Whether the published scores are of GLUE's test server, with which measured ones are not compared.</summary>
    public bool IsOfServer { get; init; }

    /// <summary>Where the published scores were measured, if not on <see cref="IsOfServer"/>.</summary>
    public string PublishedOn { get; init; } = "dev set";

    /// <summary>How far a score may lie from the published one, of what was measured.</summary>
    public Func<Measurement?, Tolerance> Tolerance { get; init; } = Tolerances.OfReplicates;

    /// <summary>Name of the published column that is the mean over all tasks; null for none that is measured.</summary>
    public string? MeanColumn { get; init; }

    /// <summary>The row that is a teacher, of whose score each cell also tells the share that is kept; null for none.</summary>
    public Variant? KeptOf { get; init; }

    /// <summary>Whether a column names the variant of each row that the paper names otherwise.</summary>
    public bool NamesVariants { get; init; } = true;

    /// <summary>Published scores of the same rows, printed elsewhere, that are claims too, such as those of the authors' README.</summary>
    public IReadOnlyList<(Variant Row, PublishedCell Cell)> Beside { get; init; } = [];

    /// <summary>
    /// Hook: why a measured score may not be held against a published one, such as a metric that the paper does not name; null for no
    /// reason.
    /// </summary>
    public Func<PublishedCell, string?> NotComparable { get; init; } = _ => null;

    /// <inheritdoc/>
    public override StudyPart Part(Study study) =>
        new(Table, [.. Cells(study).Select(c => IdOf(study, c.Cell))], Rows, []) { Tasks = Tasks };

    /// <inheritdoc/>
    public override ReportTable? Make(StudyResults results)
    {
        if (Tasks is { Count: 0 })
            return null;
        var columns = Columns(results.Study);
        var hasOwnNames = NamesVariants && Rows.Any(row => row.Published is not null && !row.IsCited && row.Name != row.Published);
        return new ReportTable(
            FileName,
            Heading,
            $"{(Caption.Length > 0 ? Caption + " " : "")}In %. {PublishedText(columns)}Here: dev set, {results.AverageWord} ± standard "
                + $"deviation over replicates{results.Caveat}.",
            ["Model", .. hasOwnNames ? (string[])["Here"] : [], .. columns.SelectMany(column => column.Headings(results, this))],
            [.. Rows.Select(row => (IReadOnlyList<Cell>)
            [
                new Cell(row.Published ?? row.Name),
                .. hasOwnNames ? (Cell[])[new Cell(row.Published is null || row.IsCited || row.Needs is not null ? "" : row.Name)] : [],
                .. columns.SelectMany(column => column.Cells(results, this, row)),
            ])]);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<ClaimOutcome> Judge(StudyResults results) =>
        [.. Cells(results.Study).Select(c => Judge(results, c.Row, c.Cell, c.Column))];

    private string PublishedText(IReadOnlyList<Column> columns) =>
        (columns.All(column => column.Task is null) ? "" : $"Published: {(IsOfServer ? ServerScores.Server : PublishedOn)}. ")
        + (KeptOf is null ? "" : $"Kept: the score as a share of {KeptOf.Published}'s, here of the {KeptOf.Name}'s. ");

    private ClaimOutcome Judge(StudyResults results, Variant row, PublishedCell cell, ScoreColumn? column)
    {
        var study = results.Study;
        var what = cell.Task == MeanColumn ? "on average over all tasks" : $"({MetricOf(cell)}) on {cell.Task}";
        var measured = IsOfServer || !study.IsPapersOwn ? null : Measure(results, row, column);
        var claim = ScoreClaim(
            study, IdOf(study, cell), cell, $"{what}, {(IsOfServer ? ServerScores.Server : cell.Split)}", Tolerance(measured));
        if (IsOfServer)
            return VerdictRule.NotRun(
                claim, $"{study.Needs} Test labels are with GLUE's server, so the predictions must then be handed in there, and its "
                + $"scores are judged by claims --server FILE.");
        if (measured is null)
            return VerdictRule.NotRun(claim, row.Needs ?? study.Needs);
        // The teacher has not read the text.
        var reason = NotComparable(cell) ?? (row.Name == study.Teacher.Name ? null : study.ShortText(results));
        return reason is null ? VerdictRule.Against(claim, measured) : VerdictRule.NotComparable(claim, measured, reason);
    }

    // Of the mean, over all tasks that are published, whatever was asked for.
    private Measurement? Measure(StudyResults results, Variant row, ScoreColumn? column) => column is not null
        ? results.Measure(row, column)
        : results.MeasureMean(
            row, [.. Columns(results.Study).Where(c => c.Task is not null).Select(c => c.Measured?.Task).OfType<GlueTask>().Distinct()]);

    // What is in brackets explains a metric and is not part of its name.
    private static string MetricOf(PublishedCell cell) => cell.Metric.Split('(')[0].Trim();

    private string IdOf(Study study, PublishedCell cell)
    {
        var root = cell.Table == Table ? ClaimRoot ?? ClaimId.Of(Table.Replace(" ", "", StringComparison.Ordinal)) : ClaimId.Of(cell.Table);
        var metric = NamesMetric ? $".{ClaimId.Of(MetricOf(cell))}" : "";
        return $"{study.Prefix}.{root}.{ClaimId.Of(cell.Model)}.{ClaimId.Of(cell.Task)}{metric}";
    }

    // The published cells of the rows that are claims: scores of a task, the mean that is measured, and of the server also its average.
    private IEnumerable<(Variant Row, PublishedCell Cell, ScoreColumn? Column)> Cells(Study study) =>
        from pair in
            (from row in Claimed ?? [.. Rows.Where(row => row is { Published: not null, IsCited: false, Needs: null })]
             from cell in study.Published.All
             where cell.Table == Table && cell.Model == row.Published && cell.Task != "-"
             select (Row: row, Cell: cell)).Concat(Beside)
        let column = ScoreColumn.Of(pair.Cell)
        where column is not null || IsOfServer || pair.Cell.Task == MeanColumn
        select (pair.Row, pair.Cell, column);

    // The published columns in the file's order, each followed by what is measured for it, then what is measured beyond them.
    private IReadOnlyList<Column> Columns(Study study)
    {
        var published = study.Published.All
            .Where(cell => cell.Table == Table && cell.Task != "-" && Rows.Any(row => row.Published == cell.Model))
            .DistinctBy(cell => (cell.Task, cell.Metric))
            .Select(cell => new Column(cell.Task, cell.Metric, ScoreColumn.Of(cell)))
            .ToList();
        var beyond = (Tasks ?? study.Tasks).Where(task => published.All(column => column.Measured?.Task != task)).Select(study.MainColumn)
            .Select(column => new Column(null, "", column));
        return [.. published, .. beyond];
    }

    private sealed record Column(string? Task, string Metric, ScoreColumn? Measured)
    {
        public IEnumerable<string> Headings(StudyResults results, ScoreTable table)
        {
            var study = results.Study;
            var name = Task is null ? Measured!.Heading : ScoreColumn.HeadingOf(Task, Metric);
            if (Task is not null)
                yield return $"{name} published";
            if (IsHere(study, table) || IsMean(table))
                yield return $"{name} here{(IsAtChance(results, table) ? ", at chance" : "")}";
            if (table.KeptOf is null || !IsHere(study, table))
                yield break;
            yield return $"{name} kept, published";
            yield return $"{name} kept, here";
        }

        public IEnumerable<Cell> Cells(StudyResults results, ScoreTable table, Variant row)
        {
            if (Task is not null)
                yield return Cited(results.Study.Published.All.FirstOrDefault(
                    c => c.Table == table.Table && c.Model == row.Published && (c.Task, c.Metric) == (Task, Metric)));
            if (IsHere(results.Study, table))
                yield return results.Cell(row, Measured!);
            else if (IsMean(table))
                yield return results.MeanCell(row, table.Tasks ?? results.Study.Tasks);
            if (table.KeptOf is null || !IsHere(results.Study, table))
                yield break;
            yield return row.Name == table.KeptOf.Name ? new Cell("") : KeptPublished(results.Study, table, row, table.KeptOf);
            yield return row.Name == table.KeptOf.Name ? new Cell("") : results.KeptCell(row, table.KeptOf, Measured!);
        }

        private Cell KeptPublished(Study study, ScoreTable table, Variant row, Variant whole) =>
            Task is not null && study.Published.Share(table.Table, row.Published!, whole.Published!, Task, Metric) is { } share
                ? new Cell(NumberText.Of(Math.Round(share, 1)), $"{table.Table}, the score over {whole.Published}'s", CellKind.Published)
                : new Cell("");

        // A column whose teacher has learnt nothing that students could be taught says so, by the rule of the orders.
        private bool IsAtChance(StudyResults results, ScoreTable table) =>
            Measured is { } column && results.Study.MainColumn(column.Task) is var main && results.Signal(
                results.Study.Teacher, main, table.Rows.SelectMany(row => results.Scores(row, main))) is { Exists: false };

        private bool IsMean(ScoreTable table) => Task is not null && Task == table.MeanColumn;

        private bool IsHere(Study study, ScoreTable table) => Measured is not null && (table.Tasks ?? study.Tasks).Contains(Measured.Task);
    }
}
