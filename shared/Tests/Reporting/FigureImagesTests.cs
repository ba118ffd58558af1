using System.Xml.Linq;
using Replication.Reporting;
using Replication.Studies;
using SkiaSharp;

namespace Replication.Tests.Reporting;

public sealed class FigureImagesTests
{
    private static IEnumerable<TestCaseData> Figures =>
        SampleReport.Create().Figures.Select(f => new TestCaseData(f).SetArgDisplayNames(f.Id));

    [TestCaseSource(nameof(Figures))]
    public void Svg_Twice_IsTheSame(Figure figure) => Assert.That(FigureImages.Svg(figure), Is.EqualTo(FigureImages.Svg(figure)));

    [TestCaseSource(nameof(Figures))]
    public void Svg_Any_HoldsLabelsAndLegend(Figure figure)
    {
        XNamespace ns = "http://www.w3.org/2000/svg";
        var texts = XElement.Parse(FigureImages.Svg(figure)).Descendants(ns + "text").Select(t => t.Value).ToList();
        Assert.That(texts, Does.Contain(figure.XLabel).And.Contain(figure.YLabel));
        string[] names = figure switch
        {
            LineFigure f => [.. f.Series.Select(s => s.Name)],
            BarFigure f => [.. f.Groups.Select(g => g.Name), .. f.Groups[0].Bars.Select(b => b.Category)],
            ScatterFigure f => [.. f.Series.Select(s => s.Name), "BERT6"],
            MatrixFigure f => [.. f.Panels.Select(p => p.Name), .. f.Labels],
            _ => [],
        };
        Assert.That(names, Is.SubsetOf(texts));
    }

    [TestCaseSource(nameof(Figures))]
    public void Svg_Any_ClipsByEachShapeOnce(Figure figure)
    {
        XNamespace ns = "http://www.w3.org/2000/svg";
        var svg = XElement.Parse(FigureImages.Svg(figure));
        var clips = svg.Descendants(ns + "clipPath").ToList();
        Assert.That(clips.Select(clip => string.Concat(clip.Elements())), Is.Unique);
        Assert.That(svg.Descendants().Attributes("clip-path").Select(use => use.Value).Distinct(),
            Is.Not.Empty.And.SubsetOf(clips.Select(clip => $"url(#{clip.Attribute("id")!.Value})")));
    }

    [Test]
    public void Plot_AxisLabel_ShowsGlyphs()
    {
        // Without a font the strip below the axis would be blank, or hold the same box for every letter.
        var wide = Ink("WWWWWWWWWW");
        var narrow = Ink("iiiiiiiiii");
        Assert.That(narrow, Is.GreaterThan(50));
        Assert.That(wide, Is.GreaterThan(2 * narrow));

        static int Ink(string label)
        {
            return Dark(label) - Dark(" ");
        }

        static int Dark(string label)
        {
            using var image = SKBitmap.Decode(FigurePlot.Of(
                new LineFigure("f", "t", "c", label, " ", [new LineSeries("s", [0, 1], [0, 1])])).GetImage(760, 440).GetImageBytes());
            return image.Pixels.Count(p => p.Red < 128);
        }
    }

    [TestCase("M10.04 20L30 20.5L30 20.5L40 10Z", "M10 20l20 .5l0 0l10-10.5z")]
    [TestCase("M0 0C1 1 2 2 3 3", "M0 0C1 1 2 2 3 3")]
    public void Apply_Path_SaysTheSamePlaces(string before, string after)
    {
        var svg = new XElement("svg", new XElement("path", new XAttribute("d", before), new XAttribute("stroke-miterlimit", "4")));
        SvgShortening.Apply(svg);
        Assert.That(svg.Element("path")!.Attributes().Select(a => a.Value), Is.EqualTo(new[] { after }));
    }

    [Test]
    public void Svg_UndefinedPoints_AreLeftOut()
    {
        var figure = new ScatterFigure(
            "f", "t", "c", "x", "y", [new ScatterSeries("s", [(0, 1, "zero"), (10, double.NaN, "nan"), (10, 1, "ten"), (20, 2, "twenty")])],
            LogX: true);
        Assert.That(FigureImages.Svg(figure), Does.Contain("ten").And.Not.Contain("zero").And.Not.Contain("nan").And.Not.Contain("NaN"));
    }

    [Test]
    public void Svg_PointsCloseToEachOtherAndToTheEdge_NamesLieApartAndInside()
    {
        (double X, double Y, string? Label)[] points =
        [
            (1, 80.0, "labels only, 3 layers"), (1.01, 80.05, "PKD-Skip, 3 layers"), (1.02, 80.1, "PKD-Last, 3 layers"), (9, 90, "teacher"),
        ];
        var svg = XElement.Parse(FigureImages.Svg(new ScatterFigure("f", "t", "c", "x", "y", [new ScatterSeries("s", points)])));
        var area = svg.Descendants().First(e => e.Name.LocalName == "clipPath").Elements().Single();
        var names = svg.Descendants().Where(e => e.Name.LocalName == "text" && points.Any(p => p.Label == e.Value))
            .Select(e => (Left: Number(e, "x"), Right: Number(e, "x") + 6 * e.Value.Length, Baseline: Number(e, "y"))).ToList();
        Assert.That(names, Has.Count.EqualTo(points.Length));
        using (Assert.EnterMultipleScope())
        {
            foreach (var (i, name) in names.Index())
            {
                Assert.That(name.Left, Is.GreaterThanOrEqualTo(Number(area, "x")));
                foreach (var other in names.Take(i))
                    Assert.That(
                        name.Left < other.Right && other.Left < name.Right && Math.Abs(name.Baseline - other.Baseline) < 10, Is.False);
            }
        }

        static double Number(XElement element, string attribute) =>
            double.Parse(element.Attribute(attribute)!.Value, System.Globalization.CultureInfo.InvariantCulture);
    }

    [Test]
    public void Svg_NothingToDraw_IsStillDrawn() =>
        Assert.That(FigureImages.Svg(new BarFigure("f", "t", "c", "x", "y", [])), Does.StartWith("<svg"));

    [Test]
    public void Indices_NamesWithOneStem_ShareANumber() =>
        Assert.That(FigureStyle.Indices(["FT, dev", "FT, train", "KD (dev)", "KD (train)", "FT"]), Is.EqualTo(new[] { 0, 0, 1, 1, 0 }));

    [Test]
    public void Indices_LineWithAStyle_KeepsItBesideOthers() =>
        Assert.That(FigureStyle.Indices([new LineSeries("FT", [], []), new LineSeries("KD", [], [], Style: 4)]),
            Is.EqualTo(new[] { 0, 4 }));

    [TestCase(180, 66, "180")]
    [TestCase(180, 66.5, "180.0")]
    public void Svg_WholeBars_HaveWholeLabels(double one, double other, string label)
    {
        var svg = FigureImages.Svg(new BarFigure("f", "t", "c", "x", "y", [new BarGroup("g", [("a", one, null), ("b", other, null)])]));
        var bars = XElement.Parse(svg).Descendants().Where(e => e.Name.LocalName == "text").Select(t => t.Value);
        Assert.That(bars, Does.Contain(label));
    }

    [TestCase(2.4, 10.3)]
    [TestCase(-1, 2)]
    public void Plot_IntervalThatReachesBelowZero_FitsTheAxis(double value, double half)
    {
        var plot = FigurePlot.Of(new BarFigure("f", "t", "c", "x", "y", [new BarGroup("g", [("a", value, half), ("b", 50, 3)])]));
        plot.RenderInMemory(800, 500);
        Assert.That(plot.Axes.GetLimits().Bottom, Is.LessThan(value - half));
    }

    [Test]
    public void Plot_BarsAboveZero_StandOnIt()
    {
        var plot = FigurePlot.Of(new BarFigure("f", "t", "c", "x", "y", [new BarGroup("g", [("a", 4, 3), ("b", 50, 3)])]));
        plot.RenderInMemory(800, 500);
        Assert.That(plot.Axes.GetLimits().Bottom, Is.Zero);
    }

    [Test]
    public void Styles_OfManySeries_AreAllDifferent() =>
        Assert.That(Enumerable.Range(0, 20).Select(i => (FigureStyle.ColorOf(i), FigureStyle.MarkOf(i))), Is.Unique);

    [Test]
    public void Series_OnLightAndDarkPage_HaveContrastOfThree()
    {
        foreach (var color in FigureStyle.Series)
        {
            Assert.That(Contrast(color, "#FFFFFF"), Is.GreaterThanOrEqualTo(3), color);
            Assert.That(Contrast(color, "#161B22"), Is.GreaterThanOrEqualTo(3), color);
        }
    }

    // WCAG 2.1, contrast ratio.
    private static double Contrast(string a, string b)
    {
        var (first, second) = (Luminance(a), Luminance(b));
        return (Math.Max(first, second) + 0.05) / (Math.Min(first, second) + 0.05);
    }

    private static double Luminance(string hex)
    {
        var linear = Convert.FromHexString(hex[1..])
            .Select(c => c / 255.0).Select(c => c <= 0.03928 ? c / 12.92 : Math.Pow((c + 0.055) / 1.055, 2.4)).ToArray();
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
    }
}
