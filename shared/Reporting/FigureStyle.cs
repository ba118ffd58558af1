using Replication.Studies;
using ScottPlot;

namespace Replication.Reporting;

/// <summary>
/// Colours and marks of figures. A series' colour has a contrast of at least 3:1 on the light and on the dark page; marks differ too.
/// </summary>
internal static class FigureStyle
{
    /// <summary>Text and axes.</summary>
    public const string Ink = "#24292F";

    /// <summary>Grid lines.</summary>
    public const string Grid = "#E1E4E8";

    /// <summary>Background.</summary>
    public const string Paper = "#FEFEFE";

    /// <summary>Series, in order.</summary>
    public static IReadOnlyList<string> Series { get; } =
        ["#2F7FC2", "#C96A10", "#23906B", "#9468C4", "#CF4F5F", "#7A828C", "#8A8020", "#C2559A"];

    /// <summary>Marks, in order; one more than there are colours, so that a ninth series is not drawn as the first.</summary>
    public static IReadOnlyList<MarkerShape> Marks { get; } =
    [
        MarkerShape.FilledCircle, MarkerShape.FilledSquare, MarkerShape.FilledTriangleUp, MarkerShape.FilledDiamond,
        MarkerShape.OpenCircle, MarkerShape.OpenSquare, MarkerShape.OpenTriangleUp, MarkerShape.OpenDiamond, MarkerShape.FilledTriangleDown,
    ];

    /// <summary>
    /// A number a series: names that agree up to the first comma or bracket share one, so that "KD, train" and "KD, dev" have the same
    /// colour.
    /// </summary>
    public static IReadOnlyList<int> Indices(IEnumerable<string> names)
    {
        var stems = new List<string>();
        var indices = new List<int>();
        foreach (var name in names)
        {
            var stem = name.Split(',', '(', '[')[0].TrimEnd();
            if (!stems.Contains(stem, StringComparer.Ordinal))
                stems.Add(stem);
            indices.Add(stems.IndexOf(stem));
        }
        return indices;
    }

    /// <summary>A number a line: its own, or that of its name.</summary>
    public static IReadOnlyList<int> Indices(IReadOnlyList<LineSeries> lines) =>
        [.. lines.Zip(Indices(lines.Select(line => line.Name)), (line, index) => line.Style ?? index)];

    /// <summary>The colour of a series number.</summary>
    public static string ColorOf(int index) => Series[index % Series.Count];

    /// <summary>The mark of a series number.</summary>
    public static MarkerShape MarkOf(int index) => Marks[index % Marks.Count];
}
