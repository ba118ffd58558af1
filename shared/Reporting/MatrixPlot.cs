using Replication.Studies;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace Replication.Reporting;

/// <summary>Draws matrices side by side on one pair of axes, a cell a unit wide.</summary>
internal static class MatrixPlot
{
    // Between two matrices, in cells.
    private const int Gap = 1;

    /// <summary>Draws the cells, and the name of each matrix above it.</summary>
    public static void Draw(Plot plot, MatrixFigure figure)
    {
        var (size, largest) = (figure.Labels.Count, figure.Largest);
        foreach (var (panel, index) in figure.Panels.Select((panel, i) => (panel, i)))
        {
            var left = Left(figure, index);
            foreach (var (row, values) in panel.Values.Index())
            {
                foreach (var (column, value) in values.Index())
                {
                    var cell = plot.Add.Rectangle(left + column, left + column + 1, size - row - 1, size - row);
                    cell.FillColor = Color.FromHex(FigureStyle.Paper)
                        .InterpolateRgb(Color.FromHex(FigureStyle.ColorOf(0)), Math.Clamp(value / largest, 0, 1));
                    cell.LineColor = Color.FromHex(FigureStyle.Grid);
                    cell.LineWidth = 0.5f;
                }
            }
            FigurePlot.Label(plot, panel.Name, left + (size / 2.0), size, Alignment.LowerCenter, offsetY: -3);
        }
        plot.Axes.SetLimits(-0.1, Left(figure, figure.Panels.Count) - Gap + 0.1, -0.1, 1.1 * size);
    }

    /// <summary>Names the rows at the left and the columns below each matrix.</summary>
    public static void Name(Plot plot, MatrixFigure figure)
    {
        var (rows, columns) = (new NumericManual(), new NumericManual());
        foreach (var (i, label) in figure.Labels.Index())
        {
            rows.AddMajor(figure.Labels.Count - i - 0.5, label);
            foreach (var panel in Enumerable.Range(0, figure.Panels.Count))
                columns.AddMajor(Left(figure, panel) + i + 0.5, label);
        }
        (plot.Axes.Left.TickGenerator, plot.Axes.Bottom.TickGenerator) = (rows, columns);
        plot.Axes.Bottom.TickLabelStyle.Rotation = -60;
        plot.Axes.Bottom.TickLabelStyle.Alignment = Alignment.MiddleRight;
        var longest = figure.Labels.Select(label => label.Length).DefaultIfEmpty(0).Max();
        plot.Axes.Bottom.MinimumSize = 30 + (7 * longest);
        plot.HideGrid();
    }

    private static int Left(MatrixFigure figure, int panel) => panel * (figure.Labels.Count + Gap);
}
