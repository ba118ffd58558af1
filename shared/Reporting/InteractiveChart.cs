using System.Text.Json;
using System.Text.Json.Nodes;
using Plotly.NET;
using Plotly.NET.CSharp;
using Replication.Studies;
using Chart = Plotly.NET.CSharp.Chart;
using Figure = Replication.Studies.Figure;

namespace Replication.Reporting;

/// <summary>
/// A figure as plotly.js data and layout. Colours of text and paper are left to the page, which knows whether it is dark.
/// </summary>
internal static class InteractiveChart
{
    /// <summary>JSON with "data" and "layout", safe inside a script element.</summary>
    public static string Json(Figure figure)
    {
        if (figure is MatrixFigure matrices)
            return InteractiveMatrices.Json(matrices);
        var chart = figure switch
        {
            LineFigure lines => Lines(lines),
            BarFigure bars => Bars(bars),
            ScatterFigure scatter => Scatter(scatter),
            _ => throw new NotSupportedException($"{figure.GetType().Name} is not a figure that can be drawn."),
        };
        chart = chart
            .WithXAxisStyle<double, double, string>(TitleText: figure.XLabel)
            .WithYAxisStyle<double, double, string>(TitleText: figure.YLabel);
        var json = JsonNode.Parse(GenericChart.toFigureJson(chart))!.AsObject();
        var layout = json["layout"]!.AsObject();
        foreach (var key in (ReadOnlySpan<string>)["template", "width", "height"])
            layout.Remove(key);
        if (figure is ScatterFigure { LogX: true })
            layout["xaxis"]!["type"] = "log";
        if (figure is ScatterFigure { Series: var all })
            Join(json["data"]!.AsArray(), all);
        if (figure is BarFigure { Groups: var groups })
            AddIntervals(json["data"]!.AsArray(), groups);
        return new JsonObject { ["data"] = json["data"]!.DeepClone(), ["layout"] = layout.DeepClone() }
            .ToJsonString(JsonSerializerOptions.Default);
    }

    private static GenericChart Lines(LineFigure figure)
    {
        var traces = new List<GenericChart>();
        foreach (var (series, index) in figure.Series.Zip(FigureStyle.Indices(figure.Series)))
        {
            if (series is { Low: { } low, High: { } high })
            {
                traces.Add(Edge(series, low, null));
                traces.Add(Edge(series, high, Color(index, 0.18)));
            }
            traces.Add(Chart.Line<double, double, string>(series.X, series.Y, Name: series.Name, LineColor: Color(index),
                LineDash: series.Dashed ? StyleParam.DrawingStyle.Dash : StyleParam.DrawingStyle.Solid)
                    .WithTraceInfo(LegendGroup: series.Name));
        }
        return Chart.Combine(traces);
    }

    // An edge of a band: no line and no legend entry of its own; the upper one fills the space down to the lower one.
    private static GenericChart Edge(LineSeries series, IReadOnlyList<double> y, Plotly.NET.Color? fill)
    {
        var edge = fill is null
            ? Chart.Line<double, double, string>(series.X, y, LineWidth: 0.0)
            : Chart.Line<double, double, string>(series.X, y, LineWidth: 0.0, Fill: StyleParam.Fill.ToNext_y, FillColor: fill);
        return edge.WithTraceInfo(Name: series.Name, LegendGroup: series.Name, ShowLegend: false);
    }

    private static GenericChart Bars(BarFigure figure) => Chart.Combine(figure.Groups.Select((group, g) =>
        Chart.Column<double, string, string>(
            group.Bars.Select(b => b.Value).ToArray(), Keys: new(group.Bars.Select(b => b.Category).ToArray(), true), Name: group.Name,
            MarkerColor: Color(g))));

    private static GenericChart Scatter(ScatterFigure figure) =>
        Chart.Combine(figure.Series.Zip(FigureStyle.Indices(figure.Series.Select(s => s.Name)), (series, index) =>
        Chart.Point<double, double, string>(
            series.Points.Select(p => p.X).ToArray(), series.Points.Select(p => p.Y).ToArray(), Name: series.Name,
            MarkerColor: Color(index),
            MultiText: new(series.Points.Select(p => p.Label ?? "").ToArray(), true), TextPosition: StyleParam.TextPosition.TopCenter)));

    private static void Join(JsonArray traces, IReadOnlyList<ScatterSeries> series)
    {
        foreach (var (trace, _) in traces.Zip(series).Where(pair => pair.Second.Joined))
            trace!["mode"] = "lines+markers+text";
    }

    private static void AddIntervals(JsonArray traces, IReadOnlyList<BarGroup> groups)
    {
        foreach (var (trace, group) in traces.Zip(groups))
        {
            trace!["error_y"] = new JsonObject
            {
                ["type"] = "data",
                ["array"] = new JsonArray([.. group.Bars.Select(b => b.HalfWidth is { } half ? JsonValue.Create(half) : null)]),
            };
        }
    }

    private static Plotly.NET.Color Color(int index, double opacity = 1)
    {
        var rgb = Convert.FromHexString(FigureStyle.ColorOf(index)[1..]);
        return Plotly.NET.Color.fromARGB((int)Math.Round(255 * opacity), rgb[0], rgb[1], rgb[2]);
    }
}
