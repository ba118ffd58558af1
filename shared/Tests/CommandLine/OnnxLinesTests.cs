using Replication.Bert;
using Replication.CommandLine;
using Replication.Export;
using Replication.Measurements;

namespace Replication.Tests.CommandLine;

/// <summary>What export says of what it measured.</summary>
public sealed class OnnxLinesTests
{
    [TestCase(1.0, 2.0, true)]
    [TestCase(2.0, 1.0, false)]
    public void Lines_Int8IsSlowerThanFp32_WarnsOfIt(double fp32, double int8, bool warns)
    {
        var lines = Lines(fp32, int8, lost: 0);

        Assert.That(lines.Any(line => line.StartsWith("WARNING: int8 is slower than fp32", StringComparison.Ordinal)), Is.EqualTo(warns));
        Assert.That(lines, Has.Some.Contains(warns ? "0.50 times as fast" : "2.00 times as fast"));
    }

    [TestCase(0.004, false)]
    [TestCase(0.006, true)]
    public void Lines_MoreThanHalfAPointIsLost_WarnsOfIt(double lost, bool warns)
    {
        var lines = Lines(2, 1, lost);

        Assert.That(
            lines.Any(line => line.StartsWith("WARNING: quantisation costs more than half a point", StringComparison.Ordinal)),
            Is.EqualTo(warns));
        Assert.That(lines, Has.One.EqualTo(FormattableString.Invariant(
            $"a task dev (9 rows): f1 {100 * (0.9 - lost):0.00}, 90.00 in fp32: {100 * lost:0.00} points lost.")));
    }

    private static IReadOnlyList<string> Lines(double fp32, double int8, double lost)
    {
        var dev = new DevSet(
            "a task", ModelHead.SequenceClassification, "9 rows", "", [], (_, _, _, _) => new Dictionary<string, double?>());
        var report = new ExportReport
        {
            Form = new OnnxForm(Quantization.Dynamic, Fused: true), Texts = 500, Tokens = (3, 16), Difference = 0, Bytes = 1,
            Scores = new Dictionary<string, double?> { ["f1"] = 0.9 - lost },
            Quantized = new QuantizationReport
            {
                SameLabels = 1, NeighbourDifference = 0, TimedTokens = 9, Fp32 = Spread.Of([fp32]), Int8 = Spread.Of([int8]),
                Fp32Scores = new Dictionary<string, double?> { ["f1"] = 0.9 },
            },
        };
        return [.. OnnxOptions.Lines(report, dev, threads: 1)];
    }
}
