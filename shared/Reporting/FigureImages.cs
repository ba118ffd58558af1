using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using ScottPlot;

namespace Replication.Reporting;

/// <summary>A figure as PNG and as SVG; the same figure gives the same bytes on the same operating system.</summary>
public static partial class FigureImages
{
    private const int Width = 760;
    private const int Height = 440;
    private const float PngScale = 1.5f;

    /// <summary>A PNG of one and a half times the SVG's size.</summary>
    public static byte[] Png(Figure figure)
    {
        var plot = FigurePlot.Of(figure);
        plot.ScaleFactor = PngScale;
        return plot.GetImage((int)(PngScale * Width), (int)(PngScale * Height)).GetImageBytes(ImageFormat.Png);
    }

    /// <summary>An SVG that scales with the page and carries its caption as the accessible name.</summary>
    public static string Svg(Figure figure)
    {
        var svg = XElement.Parse(FigurePlot.Of(figure).GetSvgXml(Width, Height));
        XNamespace ns = svg.Name.Namespace;
        svg.SetAttributeValue("viewBox", string.Create(CultureInfo.InvariantCulture, $"0 0 {Width} {Height}"));
        svg.SetAttributeValue("role", "img");
        svg.SetAttributeValue("aria-label", $"{figure.Title}. {figure.Caption}");
        NameIds(svg, figure.Id);
        foreach (var text in svg.Descendants(ns + "text"))
        {
            text.Value = text.Value.Trim();
            text.SetAttributeValue("font-family", FigureFont.SvgFamily);
        }
        return svg.ToString(SaveOptions.DisableFormatting) + "\n";
    }

    // The library numbers ids through the whole process; a page may hold several figures. So: the figure's name and the order of appearance.
    private static void NameIds(XElement svg, string figure)
    {
        var names = svg.Descendants().Attributes("id").Select((id, i) => (id.Value, New: string.Create(CultureInfo.InvariantCulture, $"{figure}-{i}")))
            .ToDictionary(n => n.Value, n => n.New, StringComparer.Ordinal);
        foreach (var attribute in svg.Descendants().Attributes())
        {
            if (attribute.Name == "id")
                attribute.Value = names[attribute.Value];
            else if (attribute.Value.Contains('#', StringComparison.Ordinal))
                attribute.Value = Reference().Replace(attribute.Value, m => names.TryGetValue(m.Groups[1].Value, out var name) ? $"url(#{name})" : m.Value);
        }
    }

    [GeneratedRegex(@"url\(#([^)]+)\)")]
    private static partial Regex Reference();
}
