using System.Globalization;
using Replication.Studies;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace Replication.Reporting;

/// <summary>A figure as a ScottPlot plot.</summary>
internal static class FigurePlot
{
    private const int MostMarked = 40;
    private const int MostLabelledBars = 24;

    // In pixels, to tell whether the names under the bars fit beside each other.
    private const int PlotWidth = 690;
    private const double LetterWidth = 7.5;

    /// <summary>Draws nothing yet; the plot is rendered by <see cref="FigureImages"/>.</summary>
    public static Plot Of(Figure figure)
    {
        FigureFont.Register();
        var plot = new Plot();
        switch (figure)
        {
            case LineFigure lines:
                Draw(plot, lines);
                break;
            case BarFigure bars:
                Draw(plot, bars);
                break;
            case ScatterFigure scatter:
                Draw(plot, scatter);
                break;
            case MatrixFigure matrices:
                MatrixPlot.Draw(plot, matrices);
                break;
            default:
                throw new NotSupportedException($"{figure.GetType().Name} is not a figure that can be drawn.");
        }
        Style(plot, figure);
        if (figure is MatrixFigure named)
            MatrixPlot.Name(plot, named);
        return plot;
    }

    private static void Draw(Plot plot, LineFigure figure)
    {
        var indices = FigureStyle.Indices(figure.Series);
        foreach (var (series, index) in figure.Series.Zip(indices))
        {
            var color = Color.FromHex(FigureStyle.ColorOf(index));
            if (series is { Low: { } low, High: { } high })
            {
                var band = plot.Add.FillY([.. series.X], [.. low], [.. high]);
                band.FillColor = color.WithAlpha(0.18);
                band.LineWidth = 0;
            }
            var line = plot.Add.Scatter([.. series.X], series.Y.ToArray(), color);
            line.LegendText = series.Name;
            line.LineWidth = 2;
            line.LinePattern = series.Dashed ? LinePattern.Dashed : LinePattern.Solid;
            line.MarkerShape = FigureStyle.MarkOf(index);
            line.MarkerSize = series.X.Count <= MostMarked && !series.Dashed ? 7 : 0;
        }
        plot.Axes.Bottom.TickGenerator = new NumericAutomatic { LabelFormatter = Tick };
    }

    private static void Draw(Plot plot, BarFigure figure)
    {
        var categories = figure.Groups.SelectMany(g => g.Bars.Select(b => b.Category)).Distinct(StringComparer.Ordinal).ToList();
        var width = 0.8 / Math.Max(1, figure.Groups.Count);
        var all = figure.Groups.SelectMany(g => g.Bars).ToList();
        var labelled = all.Count <= MostLabelledBars;
        var format = all.All(b => b.Value == Math.Round(b.Value)) ? "0" : all.Any(b => Math.Abs(b.Value) >= 10) ? "0.0" : "0.00";
        foreach (var (group, g) in figure.Groups.Select((group, g) => (group, g)))
        {
            var color = Color.FromHex(FigureStyle.ColorOf(g));
            var bars = group.Bars.Where(b => double.IsFinite(b.Value))
                .Select(b => (Position: Position(b.Category, g), b.Value, Half: b.HalfWidth ?? 0)).ToList();
            plot.Add.Bars(
                bars.Select(b => new Bar { Position = b.Position, Value = b.Value, Size = 0.92 * width, FillColor = color, LineWidth = 0 })
                .ToList())
                .LegendText = group.Name;
            var intervals = bars.Where(b => b.Half > 0).ToList();
            if (intervals.Count > 0)
                plot.Add.ErrorBar(
                    [.. intervals.Select(b => b.Position)], [.. intervals.Select(b => b.Value)], [.. intervals.Select(b => b.Half)]).Color =
                    Ink;
            foreach (var (position, value, half) in labelled ? bars : [])
            {
                var below = value < 0;
                Label(plot, value.ToString(format, CultureInfo.InvariantCulture), position, below ? value - half : value + half,
                    below ? Alignment.UpperCenter : Alignment.LowerCenter, offsetY: below ? 6 : -3);
            }
        }
        var ticks = new NumericManual();
        foreach (var (category, i) in categories.Select((c, i) => (c, i)))
            ticks.AddMajor(i, Lines(category));
        plot.Axes.Bottom.TickGenerator = ticks;
        plot.Grid.XAxisStyle.IsVisible = false;
        if (categories.Count > 0 && categories.Max(c => c.Length) * LetterWidth > PlotWidth / categories.Count)
        {
            plot.Axes.Bottom.TickLabelStyle.Rotation = -30;
            plot.Axes.Bottom.TickLabelStyle.Alignment = Alignment.MiddleRight;
            plot.Axes.Bottom.TickLabelStyle.OffsetY = 6;
            plot.Axes.Bottom.MinimumSize = 40 + 4 * categories.Max(Longest);
            // A name ends under its bars and begins to the left of them: the first needs room beside the axis.
            plot.Axes.Left.MinimumSize = (float)(LetterWidth * Longest(categories[0]) - PlotWidth / categories.Count / 2.0);
        }
        // Bars start at zero: a cut-off axis would exaggerate their differences. Only what reaches below it, a bar or its interval, gets
        // room there.
        plot.Axes.Margins(left: 0.05, right: 0.05, bottom: all.Any(b => b.Value - (b.HalfWidth ?? 0) < 0) ? 0.1 : 0, top: 0.12);

        static string Lines(string category) =>
            category.LastIndexOf(", ", StringComparison.Ordinal) is >= 0 and var comma
                ? $"{category[..comma]},\n{category[(comma + 2)..]}" : category;
        static int Longest(string category) => Lines(category).Split('\n').Max(line => line.Length);
        double Position(string category, int group) => categories.IndexOf(category) + (group - (figure.Groups.Count - 1) / 2.0) * width;
    }

    private static void Draw(Plot plot, ScatterFigure figure)
    {
        var indices = FigureStyle.Indices(figure.Series.Select(s => s.Name));
        var shown = new List<(double X, double Y, string? Label)>();
        foreach (var (series, index) in figure.Series.Zip(indices))
        {
            var points = series.Points.Where(p => double.IsFinite(p.Y) && double.IsFinite(X(p.X))).ToList();
            var marks = plot.Add.ScatterPoints(
                points.Select(p => X(p.X)).ToArray(), points.Select(p => p.Y).ToArray(), Color.FromHex(FigureStyle.ColorOf(index)));
            marks.LineWidth = series.Joined ? 1.5f : 0;
            marks.LegendText = series.Name;
            marks.MarkerShape = FigureStyle.MarkOf(index);
            marks.MarkerSize = 10;
            shown.AddRange(points.Select(p => (X(p.X), p.Y, p.Label)));
        }
        plot.Axes.Bottom.TickGenerator = figure.LogX
            ? LogTicks(figure.Series.SelectMany(s => s.Points).Select(p => p.X).Where(x => x > 0))
            : new NumericAutomatic { LabelFormatter = Tick };
        plot.Axes.Margins(left: 0.08, right: 0.08, bottom: 0.08, top: 0.14);
        plot.Axes.AutoScale();
        foreach (var (x, y, text, alignment, offsetX, offsetY) in LabelPlaces.Of(plot.Axes.GetLimits(), shown))
            Label(plot, text, x, y, alignment, offsetY, offsetX);

        double X(double x) => figure.LogX ? Math.Log10(x) : x;
    }

    // 1, 2 and 5 of each decade.
    private static NumericManual LogTicks(IEnumerable<double> values)
    {
        var ticks = new NumericManual();
        var all = values.ToList();
        if (all.Count == 0)
            return ticks;
        for (var decade = Math.Floor(Math.Log10(all.Min())) - 1; decade <= Math.Ceiling(Math.Log10(all.Max())); decade++)
        {
            foreach (var digit in (ReadOnlySpan<double>)[1, 2, 5])
                ticks.AddMajor(decade + Math.Log10(digit), Tick(digit * Math.Pow(10, decade)));
        }
        return ticks;
    }

    /// <summary>Writes a text at a place.</summary>
    internal static void Label(Plot plot, string text, double x, double y, Alignment alignment, float offsetY, float offsetX = 0)
    {
        var label = plot.Add.Text(text, x, y);
        label.LabelAlignment = alignment;
        label.OffsetX = offsetX;
        label.OffsetY = offsetY;
        label.LabelFontName = FigureFont.Name;
        label.LabelFontSize = 11.5f;
        label.LabelFontColor = Ink;
    }

    private static void Style(Plot plot, Figure figure)
    {
        plot.FigureBackground.Color = Color.FromHex(FigureStyle.Paper);
        plot.DataBackground.Color = Color.FromHex(FigureStyle.Paper);
        plot.Grid.MajorLineColor = Color.FromHex(FigureStyle.Grid);
        plot.Axes.Left.TickGenerator = new NumericAutomatic { LabelFormatter = Tick };
        plot.XLabel(figure.XLabel);
        plot.YLabel(figure.YLabel);
        plot.Axes.Color(Ink);
        plot.Axes.Right.FrameLineStyle.Width = 0;
        plot.Axes.Top.FrameLineStyle.Width = 0;
        foreach (var axis in (ReadOnlySpan<IAxis>)[plot.Axes.Left, plot.Axes.Bottom])
        {
            axis.Label.FontName = FigureFont.Name;
            axis.Label.FontSize = 14;
            axis.Label.Bold = false;
            axis.TickLabelStyle.FontName = FigureFont.Name;
            axis.TickLabelStyle.FontSize = 13;
            axis.MinorTickStyle.Length = 0;
        }
        plot.Legend.FontName = FigureFont.Name;
        plot.Legend.FontSize = 13;
        plot.Legend.FontColor = Ink;
        plot.Legend.BackgroundColor = Color.FromHex(FigureStyle.Paper);
        plot.Legend.OutlineWidth = 0;
        plot.Legend.ShadowColor = Colors.Transparent;
        plot.Legend.SymbolWidth = 34;
        plot.Legend.Margin = new PixelPadding(0);
        plot.Legend.Orientation = Orientation.Horizontal;
        // Matrices are named where they are.
        if (figure is not MatrixFigure)
            plot.ShowLegend(Edge.Bottom);
    }

    private static Color Ink => Color.FromHex(FigureStyle.Ink);

    private static string Tick(double value) => value.ToString(
        Math.Abs(value) >= 1000 ? "#,0.##" : "0.####", CultureInfo.InvariantCulture) is var text && text is "-0" ? "0" : text;
}
