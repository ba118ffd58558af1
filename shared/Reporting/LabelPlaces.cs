using ScottPlot;

namespace Replication.Reporting;

/// <summary>Where the names of points stand: above, and where another name or mark is there already, beside or below.</summary>
internal static class LabelPlaces
{
    // In pixels. The area and the widths are near enough to tell what lies over each other.
    private const double AreaWidth = 686;
    private const double AreaHeight = 314;
    private const double Edge = 5;
    private const double LetterWidth = 6.7;
    private const double TextHeight = 13;
    private const double Mark = 6;
    private const double CutOff = 10;

    private static readonly (Alignment Alignment, int OffsetX, int OffsetY)[] Candidates =
    [
        (Alignment.LowerCenter, 0, -8), (Alignment.MiddleRight, -9, 0), (Alignment.MiddleLeft, 9, 0), (Alignment.UpperCenter, 0, 8),
        (Alignment.LowerRight, -4, -6), (Alignment.LowerLeft, 4, -6), (Alignment.UpperRight, -4, 6), (Alignment.UpperLeft, 4, 6),
    ];

    private static Rectangle Area { get; } = new(Edge, AreaWidth - Edge, Edge, AreaHeight - Edge);

    /// <summary>A place for each named point, in order.</summary>
    /// <param name="limits">What the axes show.</param>
    /// <param name="points">All points; one without a name only takes up room.</param>
    public static IEnumerable<(double X, double Y, string Text, Alignment Alignment, int OffsetX, int OffsetY)> Of(
        AxisLimits limits, IReadOnlyList<(double X, double Y, string? Label)> points)
    {
        var taken = points.Select(p => At(p).Around(Mark)).ToList();
        foreach (var point in points.Where(p => p.Label is not null))
        {
            var best = Candidates.MinBy(c => Cost(Box(point, c)));
            taken.Add(Box(point, best));
            yield return (point.X, point.Y, point.Label!, best.Alignment, best.OffsetX, best.OffsetY);
        }

        (double X, double Y) At((double X, double Y, string? Label) p) =>
            (AreaWidth * (p.X - limits.Left) / limits.HorizontalSpan, AreaHeight * (limits.Top - p.Y) / limits.VerticalSpan);
        Rectangle Box((double X, double Y, string? Label) p, (Alignment Alignment, int OffsetX, int OffsetY) c)
        {
            var ((x, y), width) = (At(p), LetterWidth * p.Label!.Length);
            var left = x + c.OffsetX - width * c.Alignment.HorizontalFraction();
            var top = y + c.OffsetY - TextHeight * (1 - c.Alignment.VerticalFraction());
            return new Rectangle(left, left + width, top, top + TextHeight);
        }
        // A name that is cut off reads worse than two that touch.
        double Cost(Rectangle box) => taken.Sum(box.Shared) + CutOff * (box.Area - box.Shared(Area));
    }

    private static Rectangle Around(this (double X, double Y) p, double reach) => new(p.X - reach, p.X + reach, p.Y - reach, p.Y + reach);

    private readonly record struct Rectangle(double Left, double Right, double Top, double Bottom)
    {
        public double Area => (Right - Left) * (Bottom - Top);

        public double Shared(Rectangle other) => Math.Max(0, Math.Min(Right, other.Right) - Math.Max(Left, other.Left))
            * Math.Max(0, Math.Min(Bottom, other.Bottom) - Math.Max(Top, other.Top));
    }
}
