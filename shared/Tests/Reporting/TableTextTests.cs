using Replication.Claims;
using Replication.Reporting;
using Replication.Studies;

namespace Replication.Tests.Reporting;

public sealed class TableTextTests
{
    private static readonly ReportTable Table = new("t", "Table 1", "In %.", ["Model", "Published", "Here"],
    [
        [new("A | <b>"), new("90.0", "source", CellKind.Published), new("88.0 ± 0.3", "SST-2/dev | seeds 1-3", CellKind.Measured)],
        [new("B, \"b\""), new("91.0", "source", CellKind.Published), new("not run", "Needs a GPU.", CellKind.Missing)],
    ]);

    [Test]
    public void Csv_MeasuredCells_CarryTheirSignatures() => Assert.That(TableText.Csv(Table), Is.EqualTo(
        "Model,Published,Here,\"Here, signature\"\nA | <b>,90.0,88.0 ± 0.3,SST-2/dev | seeds 1-3\n\"B, \"\"b\"\"\",91.0,not run,\n"));

    [Test]
    public void Markdown_Cells_AreToldApart() => Assert.That(TableText.Markdown(Table), Is.EqualTo(
        "### Table 1\n\nIn %. Measured numbers are bold.\n\n| Model | Published | Here |\n| --- | ---: | ---: |\n"
        + "| A \\| \\<b> | 90.0 | **88.0 ± 0.3** |\n| B, \"b\" | 91.0 | *not run* |\n\nSignatures:\n\n- `SST-2/dev | seeds 1-3`\n"));

    [TestCase(66.955, "66.96")]
    [TestCase(84, "84")]
    [TestCase(0.00012, "0.0001")]
    [TestCase(12345.67, "12,345.7")]
    [TestCase(-0.00001, "0")]
    [TestCase(double.NaN, "undefined")]
    public void NumberText_Of_IsReadable(double value, string expected) => Assert.That(NumberText.Of(value), Is.EqualTo(expected));

    [TestCase(87.0, 0.31, "87.00 ± 0.31")]
    [TestCase(0.5, 0.0012, "0.5000 ± 0.0012")]
    [TestCase(87.0, null, "87")]
    [TestCase(0.4587155963302609, 8.3e-15, "0.46 ± 0.00")]
    [TestCase(0.4587155963302609, 0.0, "0.46 ± 0.00")]
    public void NumberText_WithSpread_HasEqualDecimals(double value, double? spread, string expected) =>
        Assert.That(NumberText.Of(value, spread), Is.EqualTo(expected));
}
