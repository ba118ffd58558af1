using Replication.Claims;
using Replication.Glue;

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

    /// <summary>The tasks that are measured; null for the study's.</summary>
    public IReadOnlyList<GlueTask>? Tasks { get; init; }

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
    protected static Cell Cited(PublishedCell? cell) => cell is null ? new Cell("") : new Cell(
        cell.Text, cell.Confidence == Confidence.Memory ? "From memory, no source at hand." : cell.Source, CellKind.Published);

    /// <summary>The claim that a published cell makes.</summary>
    /// <param name="study">The study.</param>
    /// <param name="id">Its id.</param>
    /// <param name="cell">The cell.</param>
    /// <param name="what">What the score is, such as "(acc) on RTE, dev".</param>
    /// <param name="tolerance">How far a score may be off.</param>
    protected static Claim ScoreClaim(Study study, string id, PublishedCell cell, string what, Tolerance tolerance) => new()
    {
        Id = id,
        Paper = study.Paper,
        Table = cell.Table,
        Kind = ClaimKind.Score,
        Statement = $"{cell.Model} scores {cell.Text} {what}.",
        Published = cell.Number,
        Confidence = cell.Confidence,
        Unit = "%",
        Tolerance = tolerance,
        Finding = study.Finding(id),
    };
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
    public override StudyPart Part(Study study) =>
        new(Table, [.. Claims(new StudyResults(study, _ => null)).Select(outcome => outcome.Claim.Id)], Variants, Specs) { Tasks = Tasks };

    /// <inheritdoc/>
    public override ReportTable? Make(StudyResults results) => Cells(results);

    /// <inheritdoc/>
    public override IReadOnlyList<ClaimOutcome> Judge(StudyResults results) => Claims(results);
}
