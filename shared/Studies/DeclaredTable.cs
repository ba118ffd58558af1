using Replication.Claims;

namespace Replication.Studies;

/// <summary>A published table that is not run here, with what a measurement would take.</summary>
/// <param name="Table">As published.csv names it.</param>
/// <param name="Title">What it shows.</param>
/// <param name="Needs">What a measurement would take.</param>
public sealed record DeclaredTable(string Table, string Title, string Needs) : StudyTable(Table, Title)
{
    /// <summary>How far a measurement of a cell may be off. With it, each cell whose source is known is a claim; null for none.</summary>
    public Func<PublishedCell, Tolerance>? Tolerance { get; init; }

    /// <inheritdoc/>
    public override StudyPart Part(Study study) => new(Table, [.. Claims(study).Select(outcome => outcome.Claim.Id)], [], []);

    /// <inheritdoc/>
    public override IReadOnlyList<ClaimOutcome> Judge(StudyResults results) => Claims(results.Study);

    private IReadOnlyList<ClaimOutcome> Claims(Study study) => Tolerance is null ? [] :
    [
        .. from cell in study.Published.All
           where cell.Table == Table && cell.Confidence != Confidence.Memory
           let id = $"{study.Prefix}.{ClaimId.Of(Table)}.{ClaimId.Of(cell.Model)}.{ClaimId.Of(cell.Task)}.{ClaimId.Of(cell.Metric)}"
           select VerdictRule.NotRun(ScoreClaim(study, id, cell, $"({cell.Metric}) on {cell.Task}, {cell.Split}", Tolerance(cell)), Needs),
    ];

    /// <inheritdoc/>
    public override ReportTable Make(StudyResults results)
    {
        var own = results.Study.Published.All.Where(cell => cell.Table == Table).ToList();
        var columns = own.Select(cell => (cell.Task, cell.Metric)).Distinct().ToList();
        return new ReportTable(
            FileName,
            Heading,
            $"In %, {own[0].Split} set, as published. {Caption}{(Caption.Length > 0 ? " " : "")}{Needs}",
            ["Model", .. columns.Select(c => $"{c.Task} {c.Metric}"), "Here"],
            [.. own.Select(cell => cell.Model).Distinct().Select(model => (IReadOnlyList<Cell>)
            [
                new Cell(model),
                .. columns.Select(c => Cited(own.FirstOrDefault(cell => cell.Model == model && (cell.Task, cell.Metric) == c))),
                new Cell("not run", Needs, CellKind.Missing),
            ])]);
    }
}
