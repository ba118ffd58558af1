using System.Text.Json;
using Replication.Claims;

namespace Replication.Tests.Claims;

/// <summary>Statistics against values that scipy and statsmodels computed.</summary>
public sealed class GoldenStatisticsTests
{
    private const double Close = 1e-6;

    [Test]
    public void Sample_GoldenReplicates_AgreesWithScipy()
    {
        var cases = Golden("replicates");
        Assert.That(cases.GetArrayLength(), Is.GreaterThan(5));
        foreach (var golden in cases.EnumerateArray())
        {
            var sample = new ReplicateSample(Numbers(golden, "differences"));
            var margin = golden.GetProperty("margin").GetDouble();
            Assert.That(sample.Mean, Is.EqualTo(Number(golden, "mean")).Within(Close));
            Assert.That(sample.StandardDeviation, Is.EqualTo(Number(golden, "sd")).Within(Close));
            Assert.That(SignFlipTest.TwoSidedP(sample.Values), Is.EqualTo(Number(golden, "sign_flip_p_two_sided")).Within(Close));
            if (!golden.TryGetProperty("t_p_two_sided", out _))
            {
                Assert.That(sample.HasSpread, Is.False);
                Assert.That(sample.TwoSidedP, Is.Null, "t is undefined without spread");
                Assert.That(sample.EquivalenceP(margin), Is.Null);
                continue;
            }
            Assert.That(sample.TwoSidedP, Is.EqualTo(Number(golden, "t_p_two_sided")).Within(Close));
            Assert.That(sample.AboveP(0), Is.EqualTo(Number(golden, "t_p_greater")).Within(Close));
            Assert.That(sample.EquivalenceP(margin), Is.EqualTo(Number(golden, "tost_p")).Within(Close));
            Assert.That(sample.NonInferiorityP(margin), Is.EqualTo(Number(golden, "non_inferiority_p")).Within(Close));
            foreach (var (level, name) in new[] { (0.95, "t_interval_95"), (0.90, "t_interval_90") })
            {
                var expected = Numbers(golden, name);
                Assert.That(sample.Interval(level).Low, Is.EqualTo(expected[0]).Within(Close));
                Assert.That(sample.Interval(level).High, Is.EqualTo(expected[1]).Within(Close));
            }
        }
    }

    [Test]
    public void Adjust_GoldenFamilies_AgreesWithStatsmodels()
    {
        foreach (var golden in Golden("holm").EnumerateArray())
        {
            var adjusted = Holm.Adjust(Numbers(golden, "p"));
            Assert.That(adjusted, Is.EqualTo(Numbers(golden, "holm")).Within(Close));
        }
    }

    [Test]
    public void Power_GoldenEffects_AgreesWithStatsmodels()
    {
        foreach (var golden in Golden("power").EnumerateArray())
        {
            var effect = Number(golden, "mean_over_sd");
            if (golden.TryGetProperty("replicates_needed", out var needed))
                Assert.That(TTestPower.ReplicatesFor(effect, Number(golden, "power")), Is.EqualTo(needed.GetInt32()), $"effect {effect}");
            else
            {
                var replicates = golden.GetProperty("replicates").GetInt32();
                Assert.That(TTestPower.Of(effect, replicates), Is.EqualTo(Number(golden, "power_two_sided_5_percent")).Within(Close));
            }
        }
    }

    private static JsonElement Golden(string part)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(GoldenFiles.Require("statistics.json")));
        return json.RootElement.GetProperty(part).Clone();
    }

    private static double Number(JsonElement element, string name) => element.GetProperty(name).GetDouble();

    private static double[] Numbers(JsonElement element, string name) =>
        [.. element.GetProperty(name).EnumerateArray().Select(v => v.GetDouble())];
}
