using System.Text.Json;
using Replication.Glue;

namespace Replication.Tests.Glue;

public class MetricsTests
{
    private const double Tolerance = 1e-12;

    [Test]
    [Category("Golden")]
    public void Score_ReferenceCases_EqualsScikitLearnAndScipy()
    {
        using var golden = JsonDocument.Parse(File.ReadAllText(GoldenFiles.Require("metrics.json")));
        Assert.Multiple(() =>
        {
            foreach (var c in golden.RootElement.GetProperty("binary").EnumerateArray())
            {
                var logits = Numbers(c, "predictions").Select(p => new[] { 0f, p - 0.5f }).ToArray();
                var mrpc = GlueScorer.Score(GlueTasks.Mrpc, logits, Numbers(c, "labels"));
                Assert.That(mrpc["accuracy"], Is.EqualTo(c.GetProperty("accuracy").GetDouble()).Within(Tolerance));
                Assert.That(mrpc["f1"], Is.EqualTo(c.GetProperty("f1").GetDouble()).Within(Tolerance));
                Assert.That(GlueScorer.Score(GlueTasks.Cola, logits, Numbers(c, "labels"))["matthews"],
                    Is.EqualTo(c.GetProperty("matthews").GetDouble()).Within(Tolerance));
            }
            foreach (var c in golden.RootElement.GetProperty("regression").EnumerateArray())
            {
                var predictions = c.GetProperty("predictions").EnumerateArray().Select(n => n.GetDouble()).ToArray();
                var labels = c.GetProperty("labels").EnumerateArray().Select(n => n.GetDouble()).ToArray();
                Assert.That(Metrics.Pearson(predictions, labels), Is.EqualTo(c.GetProperty("pearson").GetDouble()).Within(Tolerance));
                Assert.That(Metrics.Spearman(predictions, labels), Is.EqualTo(c.GetProperty("spearman").GetDouble()).Within(Tolerance));
            }
        });
    }

    [TestCase(0.1f)]
    [TestCase(2f)]
    public void Score_ConstantPrediction_HasNoCorrelation(float constant)
    {
        var scores = GlueScorer.Score(
            GlueTasks.Stsb, Enumerable.Repeat(new[] { constant }, 1500).ToArray(),
            Enumerable.Range(0, 1500).Select(i => i % 6 * 0.9f).ToArray());
        Assert.That(scores, Is.EqualTo(new Dictionary<string, double?> { ["pearson"] = null, ["spearman"] = null }));
    }

    [Test]
    public void Score_ConstantClass_HasMatthewsZeroAsInScikitLearn() =>
        Assert.That(GlueScorer.Score(GlueTasks.Cola, [[0, 1], [0, 1]], [0, 1])["matthews"], Is.Zero);

    [Test]
    public void Spearman_EqualValues_ShareTheirMeanRank() =>
        Assert.That(Metrics.Spearman([1, 2, 2, 3], [1, 2, 3, 4]), Is.EqualTo(0.9486832980505138).Within(Tolerance));

    [Test]
    public void Score_ThreeClasses_TakesTheLargestOutput() =>
        Assert.That(GlueScorer.Score(GlueTasks.Mnli, [[1, 2, 3], [3, 2, 1], [0, 5, 1]], [2, 0, 2])["accuracy"],
            Is.EqualTo(2.0 / 3).Within(Tolerance));

    [Test]
    public void Score_HiddenLabels_AreRefused() =>
        Assert.That(() => GlueScorer.Score(GlueTasks.Rte, [[0, 1]], [float.NaN]),
            Throws.TypeOf<ReplicationException>().With.Message.Contains("hidden"));

    [Test]
    public void Score_OutputThatIsNotFinite_NamesTheRow() =>
        Assert.That(() => GlueScorer.Score(GlueTasks.Rte, [[0, 1], [0, float.NaN]], [1, 1]),
            Throws.TypeOf<ReplicationException>().With.Message.Contains("row 1"));

    private static float[] Numbers(JsonElement element, string name) =>
        element.GetProperty(name).EnumerateArray().Select(n => n.GetSingle()).ToArray();
}
