using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Replication.Reporting;

/// <summary>
/// Writes the same drawing in fewer bytes, since figures are committed: SVG's defaults are left out, and what all texts share is written
/// once.
/// </summary>
internal static partial class SvgShortening
{
    // SVG's attributes that hold places and lengths in pixels.
    private static readonly HashSet<string> Places = new(["d", "x", "y", "cx", "cy", "width", "height"], StringComparer.Ordinal);

    /// <summary>Shortens a drawing in its place.</summary>
    public static void Apply(XElement svg)
    {
        foreach (var attribute in svg.DescendantsAndSelf().Attributes().ToList())
            Shorten(attribute);
        var ns = svg.Name.Namespace;
        foreach (var rectangle in svg.Descendants(ns + "rect").ToList())
            JoinOutline(rectangle);
        foreach (var path in svg.Descendants(ns + "path").ToList())
            JoinNeighbour(path);
        var texts = svg.Descendants(ns + "text").ToList();
        foreach (var text in texts)
            Place(text);
        Share(svg, texts);
    }

    private static void Shorten(XAttribute attribute)
    {
        if (attribute is { Name.LocalName: "stroke-miterlimit", Value: "4" } or { Name.LocalName: "stroke-width", Value: "1" }
            || (attribute.IsNamespaceDeclaration && attribute.Name.LocalName == "xlink"))
            attribute.Remove();
        else if (attribute.Parent!.Name.LocalName == "text" && attribute.Name.LocalName is "x" or "y")
            // A place for each letter would say how wide they are, which the font knows.
            attribute.Value = Rounded(attribute.Value.Split(',')[0]);
        else if (Places.Contains(attribute.Name.LocalName) || attribute.Value.StartsWith("translate(", StringComparison.Ordinal))
            attribute.Value = attribute.Name.LocalName == "d" ? Path(Rounded(attribute.Value)) : Rounded(attribute.Value);
    }

    // A tenth of a pixel cannot be seen; more digits make the file half as long again.
    private static string Rounded(string value) =>
        Decimals().Replace(value, m => double.Parse(m.Value, CultureInfo.InvariantCulture).ToString("0.#", CultureInfo.InvariantCulture));

    // The library fills a rectangle and then draws its outline as another.
    private static void JoinOutline(XElement outline)
    {
        if (outline.PreviousNode is not XElement filled || filled.Name != outline.Name || filled.Attribute("stroke") is not null
            || outline.Attribute("fill")?.Value != "none"
                || !((string[])["x", "y", "width", "height"]).All(name => filled.Attribute(name)?.Value == outline.Attribute(name)?.Value))
            return;
        filled.Add(outline.Attributes().Where(attribute => attribute.Name.LocalName.StartsWith("stroke", StringComparison.Ordinal)));
        outline.Remove();
    }

    // Strokes and shapes of one opaque look that follow each other are one path.
    private static void JoinNeighbour(XElement path)
    {
        if (path.PreviousNode is not XElement before || before.Name != path.Name
            || path.Attributes().Any(attribute => attribute.Name.LocalName.EndsWith("opacity", StringComparison.Ordinal))
            || !Look(before).SequenceEqual(Look(path)))
            return;
        before.SetAttributeValue("d", before.Attribute("d")!.Value + path.Attribute("d")!.Value);
        path.Remove();

        static IEnumerable<string> Look(XElement element) =>
            element.Attributes().Where(attribute => attribute.Name.LocalName != "d").Select(attribute => attribute.ToString());
    }

    // A text that is only moved gets the place that it is moved to.
    private static void Place(XElement text)
    {
        if (text.Attribute("transform") is not { } transform || Translation().Match(transform.Value) is not { Success: true } moved)
            return;
        foreach (var (name, group) in (ReadOnlySpan<(string, int)>)[("x", 1), ("y", 2)])
        {
            var place = Tenths(moved.Groups[group].Value) + (text.Attribute(name) is { } offset ? Tenths(offset.Value) : 0);
            text.SetAttributeValue(name, (place / 10m).ToString("0.#", CultureInfo.InvariantCulture));
        }
        transform.Remove();
    }

    private static void Share(XElement svg, IReadOnlyList<XElement> texts)
    {
        svg.SetAttributeValue("font-family", FigureFont.SvgFamily);
        foreach (var text in texts)
            text.SetAttributeValue("font-family", null);
        // Everything but texts says its own.
        var common = texts.Select(text => text.Attribute("fill")?.Value)
            .OfType<string>().GroupBy(fill => fill).MaxBy(group => group.Count())?.Key;
        if (common is null
            || svg.Descendants()
            .Any(element => element.Name.LocalName is not ("text" or "g" or "clipPath") && element.Parent!.Name.LocalName != "clipPath"
            && element.Attribute("fill") is null))
            return;
        svg.SetAttributeValue("fill", common);
        foreach (var text in texts.Where(text => text.Attribute("fill")?.Value == common))
            text.SetAttributeValue("fill", null);
    }

    // Lines to places that are told from the place before them, which takes fewer digits. Whole tenths, so that nothing adds up.
    private static string Path(string d)
    {
        if (Curves().IsMatch(d))
            return d;
        var text = new StringBuilder();
        var (x, y, startX, startY) = (0, 0, 0, 0);
        foreach (Match part in Parts().Matches(d))
        {
            if (part.Value == "Z")
            {
                text.Append('z');
                (x, y) = (startX, startY);
                continue;
            }
            var (toX, toY) = (Tenths(part.Groups[2].Value), Tenths(part.Groups[3].Value));
            var isMove = part.Groups[1].Value == "M";
            text.Append(isMove ? 'M' : 'l').Append(Number(isMove ? toX : toX - x)).Append(' ').Append(Number(isMove ? toY : toY - y));
            (x, y) = (toX, toY);
            if (isMove)
                (startX, startY) = (x, y);
        }
        return text.Replace(" -", "-").ToString();
    }

    private static int Tenths(string number) => (int)Math.Round(10 * double.Parse(number, CultureInfo.InvariantCulture));

    private static string Number(int tenths) => (tenths / 10m).ToString("#.#;-#.#;0", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"-?\d+\.\d{2,}(?:e-?\d+)?")]
    private static partial Regex Decimals();

    [GeneratedRegex(@"^translate\((-?[0-9.]+) (-?[0-9.]+)\)$")]
    private static partial Regex Translation();

    [GeneratedRegex("[^MLZ0-9. -]")]
    private static partial Regex Curves();

    [GeneratedRegex(@"([ML])\s*(-?[0-9.]+)\s+(-?[0-9.]+)|Z")]
    private static partial Regex Parts();
}
