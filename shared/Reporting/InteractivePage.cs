using Replication.Studies;
using static Replication.Reporting.Html;

namespace Replication.Reporting;

/// <summary>figures.html: the figures by plotly.js, without a network.</summary>
internal static class InteractivePage
{
    private const string Library = "/*plotly.js*/";

    /// <summary>The file name under which pages share plotly.js.</summary>
    public const string LibraryFile = "plotly-cartesian-2.35.3.min.js";

    // Text and grid take the page's colours, which follow the reader's preference.
    private const string Script = """

        var colors = matchMedia('(prefers-color-scheme: dark)');
        function draw() {
          var style = getComputedStyle(document.documentElement);
          var ink = style.getPropertyValue('--ink'), line = style.getPropertyValue('--line');
          document.querySelectorAll('.chart').forEach(function (chart) {
            var figure = JSON.parse(document.getElementById(chart.id + '-json').textContent), layout = figure.layout;
            layout.paper_bgcolor = layout.plot_bgcolor = 'rgba(0,0,0,0)';
            layout.font = { color: ink, family: 'system-ui, sans-serif' };
            layout.modebar = { bgcolor: 'rgba(0,0,0,0)', color: ink, activecolor: colors.matches ? '#7db4ef' : '#0b5cad' };
            figure.data.forEach(function (trace) {
              if (trace.error_y) trace.error_y.color = ink;
              if (trace.mode === 'markers+text') trace.marker.size = 10;
            });
            layout.margin = { t: 24, r: 16, l: 64, b: 56 };
            layout.legend = { orientation: 'h', y: -0.2 };
            [layout.xaxis, layout.yaxis].forEach(function (axis) {
              axis.gridcolor = line; axis.zerolinecolor = line; axis.automargin = true;
            });
            Plotly.react(chart, figure.data, layout, { responsive: true, displaylogo: false });
          });
        }
        colors.addEventListener('change', draw);
        draw();

        """;

    /// <summary>plotly.js with the charts of two axes, with its licence in its first lines.</summary>
    public static byte[] PlotlyScript() => Resources.Bytes($"Replication.Reporting.{LibraryFile}");

    /// <summary>The page.</summary>
    /// <param name="report">Whose figures.</param>
    /// <param name="script">Where plotly.js is, relative to the page; null to put it into the page.</param>
    public static string Of(PaperReport report, string? script)
    {
        var page = Page(Block("html", At("lang", "en"),
            ReportPage.Head($"{report.Title}: figures, profile {report.Profile}", PageStyle.Plain()),
            Block("body",
                Block("header",
                    El("p", At("class", "eyebrow"), $"Replication · profile {report.Profile}"),
                    El("h1", report.Title),
                    El("p", El("a", At("href", ReportFiles.Page), "Back to the report"))),
                Block("main", report.Figures.Select(figure => Block("section",
                    El("h2", figure.Title),
                    El("div", At("class", "chart"), At("id", figure.Id), At("role", "img"),
                        At("aria-label", $"{figure.Title}. {figure.Caption}")),
                    El("script", At("type", "application/json"), At("id", $"{figure.Id}-json"), InteractiveChart.Json(figure)),
                    El("p", At("class", "quiet"), figure.Caption)))),
                script is null ? El("script", Library) : El("script", At("src", script)),
                El("script", Script.ReplaceLineEndings("\n")))));
        return script is null ? page.Replace(Library, System.Text.Encoding.UTF8.GetString(PlotlyScript()), StringComparison.Ordinal) : page;
    }
}
