using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Replication.Studies;

namespace Replication.Reporting;

/// <summary>A figure as SVG; the same figure gives the same bytes on the same operating system.</summary>
public static partial class FigureImages
{
    private const int Width = 760;
    private const int Height = 440;

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
            text.Value = text.Value.Trim();
        SvgShortening.Apply(svg);
        return svg.ToString(SaveOptions.DisableFormatting) + "\n";
    }

    // The library numbers ids through the whole process; a page may hold several figures. So: the figure's name and the order of
    // appearance.
    private static void NameIds(XElement svg, string figure)
    {
        var names = svg.Descendants()
            .Attributes("id").Select((id, i) => (id.Value, New: string.Create(CultureInfo.InvariantCulture, $"{figure}-{i}")))
            .ToDictionary(n => n.Value, n => n.New, StringComparer.Ordinal);
        foreach (var attribute in svg.Descendants().Attributes())
        {
            if (attribute.Name == "id")
                attribute.Value = names[attribute.Value];
            else if (attribute.Value.Contains('#', StringComparison.Ordinal))
                attribute.Value = Reference()
                    .Replace(attribute.Value, m => names.TryGetValue(m.Groups[1].Value, out var name) ? $"url(#{name})" : m.Value);
        }
    }

    // The library clips each stroke by a shape of its own. Equal shapes become one, and neighbours under the same one a group.
    private static void ShareClips(XElement svg)
    {
        var ns = svg.Name.Namespace;
        var (first, same) =
            (new Dictionary<string, string>(StringComparer.Ordinal), new Dictionary<string, string>(StringComparer.Ordinal));
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
            if (group.PreviousNode is not XElement before || before.Name != group.Name
                || !Attributes(before).SequenceEqual(Attributes(group)))
                continue;
            before.Add(group.Nodes());
            group.Remove();
        }

        static IEnumerable<string> Attributes(XElement element) => element.Attributes().Select(a => a.ToString());
    }

    [GeneratedRegex(@"url\(#([^)]+)\)")]
    private static partial Regex Reference();
}
