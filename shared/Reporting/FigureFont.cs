using ScottPlot;
using SkiaSharp;

namespace Replication.Reporting;

/// <summary>
/// The one font of all figures, carried in this assembly: a machine may have no fonts, and another one's would give other bytes.
/// </summary>
internal static class FigureFont
{
    /// <summary>The name that figures ask for; not a system font's name.</summary>
    public const string Name = "Replication Figures";

    /// <summary>The family that SVG files name: the font's own, then one with the same widths, then any.</summary>
    public const string SvgFamily = "DejaVu Sans, Verdana, sans-serif";

    private const string Resource = "Replication.Reporting.Fonts.DejaVuSans-subset.ttf";

    private static readonly Lazy<bool> Registered = new(() =>
    {
        ScottPlot.Fonts.FontResolvers.Insert(0, new Resolver());
        return true;
    });

    /// <summary>Makes <see cref="Name"/> known to ScottPlot, once.</summary>
    public static void Register() => _ = Registered.Value;

    /// <summary>The font file.</summary>
    public static byte[] Bytes() => Resources.Bytes(Resource);

    private sealed class Resolver : IFontResolver
    {
        public SKTypeface? CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing spacing) =>
            string.Equals(fontName, Name, StringComparison.Ordinal) ? SKTypeface.FromStream(new MemoryStream(Bytes())) : null;

        public SKTypeface? CreateTypeface(string fontName, bool bold, bool italic) =>
            CreateTypeface(fontName, FontWeight.Normal, FontSlant.Upright, FontSpacing.Normal);
    }
}
