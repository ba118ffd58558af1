using Replication.Claims;

namespace Replication.Studies;

/// <summary>All that a paper's results page holds; a pure function of run folders and published cells.</summary>
public sealed record PaperReport
{
    /// <summary>The paper's title.</summary>
    public required string Title { get; init; }

    /// <summary>Authors and year.</summary>
    public required string Citation { get; init; }

    /// <summary>quick, small or paper.</summary>
    public required string Profile { get; init; }

    /// <summary>What the numbers are and are not, in a few sentences; shown first.</summary>
    public required IReadOnlyList<string> Summary { get; init; }

    /// <summary>Header lines (machine, device, profile, commit, dates) as name and value.</summary>
    public required IReadOnlyList<(string Name, string Value)> Header { get; init; }

    /// <summary>The paper's tables.</summary>
    public required IReadOnlyList<ReportTable> Tables { get; init; }

    /// <summary>The paper's figures.</summary>
    public required IReadOnlyList<Figure> Figures { get; init; }

    /// <summary>Verdicts.</summary>
    public required IReadOnlyList<ClaimOutcome> Claims { get; init; }

    /// <summary>Deviations from the paper, each a sentence.</summary>
    public required IReadOnlyList<string> Deviations { get; init; }
}

/// <summary>A table with published and measured numbers side by side.</summary>
/// <param name="Id">File name without ending, such as "table-1".</param>
/// <param name="Title">Such as "Table 1. GLUE test-server scores".</param>
/// <param name="Caption">What is compared, with unit, split, seeds.</param>
/// <param name="Columns">Headings.</param>
/// <param name="Rows">Cells by row, as many as headings.</param>
public sealed record ReportTable(
    string Id, string Title, string Caption, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<Cell>> Rows);

/// <summary>A cell.</summary>
/// <param name="Text">What is shown; "" for an empty cell.</param>
/// <param name="Note">Signature or source, shown on demand; null for none.</param>
/// <param name="Kind">How it is set.</param>
public sealed record Cell(string Text, string? Note = null, CellKind Kind = CellKind.Plain);

/// <summary>How a cell is set.</summary>
public enum CellKind
{
    /// <summary>Row headings and plain text.</summary>
    Plain,

    /// <summary>A published number.</summary>
    Published,

    /// <summary>A number measured here.</summary>
    Measured,

    /// <summary>Something that was not measured, such as "not run".</summary>
    Missing,
}

/// <summary>A figure, drawn as SVG and on an interactive page.</summary>
/// <param name="Id">File name without ending, such as "figure-2".</param>
/// <param name="Title">Heading.</param>
/// <param name="Caption">What is shown and where it came from; also the alternative text.</param>
/// <param name="XLabel">Axis label with unit.</param>
/// <param name="YLabel">Axis label with unit.</param>
public abstract record Figure(string Id, string Title, string Caption, string XLabel, string YLabel);

/// <summary>Lines over a common axis; a series may be dashed and may carry a band.</summary>
public sealed record LineFigure(string Id, string Title, string Caption, string XLabel, string YLabel, IReadOnlyList<LineSeries> Series)
    : Figure(Id, Title, Caption, XLabel, YLabel);

/// <summary>A line.</summary>
/// <param name="Name">Legend entry; names that agree up to the first comma or bracket share a colour ("KD, dev" and "KD, train").</param>
/// <param name="X">Abscissae.</param>
/// <param name="Y">Ordinates.</param>
/// <param name="Low">Lower edge of a band; null for none.</param>
/// <param name="High">Upper edge of a band; null for none.</param>
/// <param name="Dashed">Whether it is dashed (published curves, training sets).</param>
/// <param name="Style">Number of its colour and mark, from 0, so that a thing looks alike in several figures; null for the name's
/// place.</param>
public sealed record LineSeries(
    string Name, IReadOnlyList<double> X, IReadOnlyList<double> Y, IReadOnlyList<double>? Low = null, IReadOnlyList<double>? High = null,
    bool Dashed = false, int? Style = null);

/// <summary>Bars with intervals, grouped.</summary>
public sealed record BarFigure(string Id, string Title, string Caption, string XLabel, string YLabel, IReadOnlyList<BarGroup> Groups)
    : Figure(Id, Title, Caption, XLabel, YLabel);

/// <summary>A group of bars, one legend entry.</summary>
/// <param name="Name">Legend entry.</param>
/// <param name="Bars">Category, height, and half-width of the interval (null for none).</param>
public sealed record BarGroup(string Name, IReadOnlyList<(string Category, double Value, double? HalfWidth)> Bars);

/// <summary>Matrices side by side whose rows and columns stand for the same things, darker for more (attention).</summary>
/// <remarks>Labels name rows and columns, the first row on top; they may repeat.</remarks>
public sealed record MatrixFigure(
    string Id, string Title, string Caption, string XLabel, string YLabel, IReadOnlyList<string> Labels, IReadOnlyList<MatrixPanel> Panels)
    : Figure(Id, Title, Caption, XLabel, YLabel)
{
    /// <summary>The largest number of all, which has the darkest colour; 1 where there is none above 0.</summary>
    public double Largest =>
        Panels.SelectMany(panel => panel.Values).SelectMany(row => row).DefaultIfEmpty(0).Max() is > 0 and var largest ? largest : 1;
}

/// <summary>A matrix.</summary>
/// <param name="Name">Shown above it.</param>
/// <param name="Values">Rows of numbers from 0, as many rows and columns as labels.</param>
public sealed record MatrixPanel(string Name, IReadOnlyList<double[]> Values);

/// <summary>Points in the plane, labelled (trade-offs).</summary>
public sealed record ScatterFigure(
    string Id, string Title, string Caption, string XLabel, string YLabel, IReadOnlyList<ScatterSeries> Series, bool LogX = false)
    : Figure(Id, Title, Caption, XLabel, YLabel);

/// <summary>Points of one kind.</summary>
/// <param name="Name">Legend entry.</param>
/// <param name="Points">Abscissa, ordinate, label (null for none).</param>
/// <param name="Joined">Whether a line joins them, in their order: the sizes of one network.</param>
public sealed record ScatterSeries(string Name, IReadOnlyList<(double X, double Y, string? Label)> Points, bool Joined = false);
