using Replication.Claims;

namespace Replication.Studies;

/// <summary>A table of a study.</summary>
/// <param name="Table">As published.csv names it, such as "Table 3"; of this repository's own, its title.</param>
/// <param name="Title">What it shows.</param>
public abstract record StudyTable(string Table, string Title)
{
    /// <summary>Name of its files; null for the table's own, such as "table-3".</summary>
    public string? Id { get; init; }

    /// <summary>The caption, without what every table of its kind says.</summary>
    public string Caption { get; init; } = "";

    /// <summary>What it needs.</summary>
    public abstract StudyPart Part(Study study);

    /// <summary>Its cells; null where there is nothing to show.</summary>
    public abstract ReportTable? Make(StudyResults results);

    /// <summary>Its claims; none by default.</summary>
    public virtual IReadOnlyList<ClaimOutcome> Judge(StudyResults results) => [];

    /// <summary>Name of its files.</summary>
    protected string FileName => Id ?? ClaimId.Of(Table);

    /// <summary>Its heading.</summary>
    protected string Heading => Table == Title ? Title : $"{Table}. {Title}";

    /// <summary>A published cell; empty where there is none.</summary>
    protected static Cell Cited(PublishedCell? cell) => cell is null ? new Cell("") : new Cell(cell.Text, cell.Source, CellKind.Published);
}

/// <summary>A table that only one paper has.</summary>
/// <param name="Title">Its title.</param>
/// <param name="Cells">Makes it; null where there is nothing to show.</param>
public sealed record OwnTable(string Title, Func<StudyResults, ReportTable?> Cells) : StudyTable(Title, Title)
{
    /// <summary>The variants that it shows.</summary>
    public IReadOnlyList<Variant> Variants { get; init; } = [];

    /// <summary>The runs of no task that it shows.</summary>
    public IReadOnlyList<Runs.RunSpec> Specs { get; init; } = [];

    /// <summary>Its claims.</summary>
    public Func<StudyResults, IReadOnlyList<ClaimOutcome>> Claims { get; init; } = _ => [];

    /// <inheritdoc/>
    public override StudyPart Part(Study study) => new(Table, [.. Claims(new StudyResults(study, _ => null)).Select(outcome => outcome.Claim.Id)], Variants, Specs);

    /// <inheritdoc/>
    public override ReportTable? Make(StudyResults results) => Cells(results);

    /// <inheritdoc/>
    public override IReadOnlyList<ClaimOutcome> Judge(StudyResults results) => Claims(results);
}
