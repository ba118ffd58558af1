using BigGustave;
using SkiaSharp;

namespace Replication.Reporting;

/// <summary>A picture as a PNG with a palette: charts have few colours, and the file is a third as long as with all of each pixel's bits.</summary>
internal static class PalettePng
{
    // The most that the encoder puts into a palette.
    private const int Most = 255;

    /// <summary>Encodes an opaque picture; colours beyond the commonest 255, which are edges of letters and lines, become the nearest of these.</summary>
    public static byte[] Encode(SKBitmap picture)
    {
        var pixels = picture.Pixels;
        var colors = pixels.CountBy(color => color).OrderByDescending(c => c.Value).ThenBy(c => (uint)c.Key).Select(c => c.Key).ToArray();
        var palette = colors[..Math.Min(Most, colors.Length)];
        var shown = colors.ToDictionary(color => color, color => palette.MinBy(other => Distance(color, other)));
        var png = PngBuilder.Create(picture.Width, picture.Height, hasAlphaChannel: false);
        for (var i = 0; i < pixels.Length; i++)
        {
            var color = shown[pixels[i]];
            png.SetPixel(color.Red, color.Green, color.Blue, i % picture.Width, i / picture.Width);
        }
        return png.Save(new PngBuilder.SaveOptions { AttemptCompression = true });
    }

    private static int Distance(SKColor a, SKColor b)
    {
        var (red, green, blue) = (a.Red - b.Red, a.Green - b.Green, a.Blue - b.Blue);
        return red * red + green * green + blue * blue;
    }
}
