using System.Text.Json;
using System.Text.Json.Nodes;
using Replication.Studies;

namespace Replication.Reporting;

/// <summary>Matrices side by side as plotly.js heat maps, each with axes of its own.</summary>
internal static class InteractiveMatrices
{
    // Share of the width between two matrices.
    private const double Gap = 0.08;

    /// <inheritdoc cref="InteractiveChart.Json"/>
    public static string Json(MatrixFigure figure)
    {
        var (data, layout) = (new JsonArray(), new JsonObject { ["annotations"] = new JsonArray() });
        var width = (1 - (Gap * (figure.Panels.Count - 1))) / Math.Max(1, figure.Panels.Count);
        // A figure without matrices still has axes for the page to colour.
        (layout["xaxis"], layout["yaxis"]) = (new JsonObject(), new JsonObject());
        foreach (var (panel, i) in figure.Panels.Select((panel, i) => (panel, i)))
        {
            var (number, left) = (i == 0 ? "" : $"{i + 1}", i * (width + Gap));
            data.Add(new JsonObject
            {
                ["type"] = "heatmap",
                ["name"] = panel.Name,
                ["z"] = Node(panel.Values),
                ["zmin"] = 0,
                ["zmax"] = figure.Largest,
                ["xaxis"] = "x" + number,
                ["yaxis"] = "y" + number,
                ["showscale"] = false,
                ["colorscale"] = new JsonArray(new JsonArray(0, FigureStyle.Paper), new JsonArray(1, FigureStyle.ColorOf(0))),
            });
            layout["xaxis" + number] =
                Axis(figure.Labels, figure.XLabel, ("domain", new JsonArray(left, left + width)), ("anchor", "y" + number));
            layout["yaxis" + number] =
                Axis(figure.Labels, i == 0 ? figure.YLabel : "", ("autorange", "reversed"), ("anchor", "x" + number));
            layout["annotations"]!.AsArray().Add(new JsonObject
            {
                ["text"] = panel.Name, ["x"] = left + (width / 2), ["y"] = 1, ["xref"] = "paper", ["yref"] = "paper",
                ["yanchor"] = "bottom", ["showarrow"] = false,
            });
        }
        return new JsonObject { ["data"] = data, ["layout"] = layout }.ToJsonString(JsonSerializerOptions.Default);
    }

    // Places by number: two of them may have one label.
    private static JsonObject Axis(IReadOnlyList<string> labels, string title, params ReadOnlySpan<(string Key, JsonNode Value)> more)
    {
        var axis = new JsonObject
        {
            ["title"] = new JsonObject { ["text"] = title },
            ["tickmode"] = "array",
            ["tickvals"] = Node(Enumerable.Range(0, labels.Count)),
            ["ticktext"] = Node(labels),
        };
        foreach (var (key, value) in more)
            axis[key] = value;
        return axis;
    }

    private static JsonNode Node<T>(T value) => JsonSerializer.SerializeToNode(value, JsonSerializerOptions.Default)!;
}
