using System.Globalization;
using System.Xml.Linq;
using static Replication.Reporting.Html;

namespace Replication.Reporting.Overviews;

/// <summary>Shapes of the overview's pictures: a row a claim, words on both sides of a common axis.</summary>
internal static class Drawing
{
    public const double Left = 440, Plot = 420, Right = 340, RowHeight = 22, Top = 58;

    private const int Letters = 60;

    public const double Width = Left + Plot + Right;

    /// <summary>A picture of some height.</summary>
    /// <param name="height">Height.</param>
    /// <param name="description">What it shows, for those who cannot see it.</param>
    /// <param name="content">Shapes.</param>
    public static XElement Svg(double height, string description, params object?[] content)
    {
        XNamespace svg = "http://www.w3.org/2000/svg";
        var root = Block("svg", At("viewBox", $"0 0 {Number(Width)} {Number(height)}"), At("role", "img"), At("aria-label", description),
            At("font-family", "system-ui, 'Segoe UI', Helvetica, Arial, sans-serif"), At("font-size", "13"),
            El("rect", At("width", Number(Width)), At("height", Number(height)), At("fill", FigureStyle.Paper)), content);
        foreach (var element in root.DescendantsAndSelf())
            element.Name = svg + element.Name.LocalName;
        return root;
    }

    public static XElement Text(double x, double y, string text, string anchor = "start", bool isBold = false) => El("text",
        At("x", Number(x)), At("y", Number(y + 4.5)), At("fill", FigureStyle.Ink), At("text-anchor", anchor),
        isBold ? At("font-weight", "600") : null, text);

    /// <summary>A sentence at the beginning of a row; a long one is cut, and whole when it is pointed at.</summary>
    public static XElement Label(double y, string sentence)
    {
        var shown = sentence.TrimEnd('.');
        var cut = shown.Length <= Letters ? shown : shown[..shown.LastIndexOf(' ', Letters)] + " …";
        var text = Text(12, y, cut);
        if (cut != shown)
            text.Add(El("title", sentence));
        return text;
    }

    public static XElement Line(double x1, double y1, double x2, double y2, string colour, double width = 1) => El("line",
        At("x1", Number(x1)), At("y1", Number(y1)), At("x2", Number(x2)), At("y2", Number(y2)), At("stroke", colour),
        At("stroke-width", Number(width)));

    public static XElement Box(double x, double y, double width, double height, string colour) => El("rect",
        At("x", Number(x)), At("y", Number(y)), At("width", Number(width)), At("height", Number(height)), At("fill", colour));

    /// <summary>A measured number: full where it is settled, else hollow.</summary>
    public static XElement Dot(double x, double y, string colour, bool isFull) => El("circle",
        At("cx", Number(x)), At("cy", Number(y)), At("r", "4.5"), At("fill", isFull ? colour : FigureStyle.Paper), At("stroke", colour),
        At("stroke-width", "2"));

    /// <summary>A published number.</summary>
    public static XElement Diamond(double x, double y) => El("path",
        At("d", $"M{Number(x)} {Number(y - 6)}l6 6l-6 6l-6 -6z"), At("fill", "none"), At("stroke", FigureStyle.Ink),
        At("stroke-width", "1.6"));

    public static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
