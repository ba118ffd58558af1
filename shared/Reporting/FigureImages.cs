using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Replication.Studies;
using SkiaSharp;

namespace Replication.Reporting;

/// <summary>A figure as PNG and as SVG; the same figure gives the same bytes on the same operating system.</summary>
public static partial class FigureImages
{
    private const int Width = 760;
    private const int Height = 440;
    private const float PngScale = 1.5f;

    // SVG's attributes that hold places and lengths in pixels.
    private static readonly HashSet<string> Places = new(["d", "x", "y", "cx", "cy", "width", "height"], StringComparer.Ordinal);

    /// <summary>A PNG of one and a half times the SVG's size.</summary>
    public static byte[] Png(Figure figure)
    {
        var plot = FigurePlot.Of(figure);
        plot.ScaleFactor = PngScale;
        using var picture = SKBitmap.Decode(plot.GetImage((int)(PngScale * Width), (int)(PngScale * Height)).GetImageBytes());
        return PalettePng.Encode(picture);
    }

    /// <summary>An SVG that scales with the page and carries its caption as the accessible name.</summary>
    public static string Svg(Figure figure)
    {
        var svg = XElement.Parse(FigurePlot.Of(figure).GetSvgXml(Width, Height));
        XNamespace ns = svg.Name.Namespace;
        svg.SetAttributeValue("viewBox", string.Create(CultureInfo.InvariantCulture, $"0 0 {Width} {Height}"));
        svg.SetAttributeValue("role", "img");
        svg.SetAttributeValue("aria-label", $"{figure.Title}. {figure.Caption}");
        ShareClips(svg);
        NameIds(svg, figure.Id);
        foreach (var text in svg.Descendants(ns + "text"))
        {
            text.Value = text.Value.Trim();
            text.SetAttributeValue("font-family", FigureFont.SvgFamily);
        }
        Shorten(svg);
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

    // The library clips each stroke by a shape of its own. Equal shapes become one, and neighbours under the same one a group.
    private static void ShareClips(XElement svg)
    {
        var ns = svg.Name.Namespace;
        var (first, same) = (new Dictionary<string, string>(StringComparer.Ordinal), new Dictionary<string, string>(StringComparer.Ordinal));
        foreach (var clip in svg.Descendants(ns + "clipPath").ToList())
        {
            var (shape, reference) = (string.Concat(clip.Elements()), $"url(#{clip.Attribute("id")!.Value})");
            if (first.TryAdd(shape, reference))
                continue;
            same.Add(reference, first[shape]);
            clip.Remove();
        }
        foreach (var use in svg.Descendants().Attributes("clip-path").Where(use => same.ContainsKey(use.Value)))
            use.Value = same[use.Value];
        foreach (var group in svg.Descendants(ns + "g").ToList())
        {
            if (group.PreviousNode is not XElement before || before.Name != group.Name || !Attributes(before).SequenceEqual(Attributes(group)))
                continue;
            before.Add(group.Nodes());
            group.Remove();
        }

        static IEnumerable<string> Attributes(XElement element) => element.Attributes().Select(a => a.ToString());
    }

    // A tenth of a pixel cannot be seen; more digits make the file half as long again.
    private static void Shorten(XElement svg)
    {
        foreach (var place in svg.Descendants().Attributes().Where(a => Places.Contains(a.Name.LocalName) || a.Value.StartsWith("translate(", StringComparison.Ordinal)))
            place.Value = Decimals().Replace(place.Value, m => double.Parse(m.Value, CultureInfo.InvariantCulture).ToString("0.#", CultureInfo.InvariantCulture));
    }

    [GeneratedRegex(@"-?\d+\.\d{2,}(?:e-?\d+)?")]
    private static partial Regex Decimals();

    [GeneratedRegex(@"url\(#([^)]+)\)")]
    private static partial Regex Reference();
}
