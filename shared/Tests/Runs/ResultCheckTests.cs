using System.Text.Json;
using Replication.Runs;

namespace Replication.Tests.Runs;

public class ResultCheckTests
{
    private const string Predictions =
        "index\tprediction\tlabel\tlogit negative\tlogit positive\n0\tpositive\tpositive\t0\t1\n1\tnegative\tpositive\t1\t0\n";

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new TemporaryFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [TestCase("dev")]
    [TestCase("dev, m_w=1.0, m_d=1.0")]
    public void Hold_ScoresOfItsPredictions_Pass(string name) => Assert.DoesNotThrow(() => ResultCheck.Hold(Run(name, 0.5)));

    [Test]
    public void Hold_AnotherScore_NamesBoth() => Assert.That(
        () => ResultCheck.Hold(Run("dev", 0.75)),
        Throws.TypeOf<ReplicationException>().With.Message.Contains("says accuracy 0.75 on dev where predictions-dev.tsv gives 0.5"));

    [Test]
    public void Hold_AnotherScoreThanItsLastLine_IsRefused() => Assert.That(
        () => ResultCheck.Hold(Run("dev", 0.5, line: """{"step":2,"accuracy":0.25,"epoch":1,"split":"dev"}""")),
        Throws.TypeOf<ReplicationException>().With.Message.Contains("where metrics.jsonl gives 0.25"));

    [TestCase("""{"step":2,"accuracy":0.25,"epoch":1,"split":"dev""")]
    public void Hold_TornLine_IsRefused(string line) =>
        Assert.That(() => ResultCheck.Hold(Run("dev", 0.5, line)),
            Throws.TypeOf<ReplicationException>().With.Message.Contains("metrics.jsonl is not what a run writes"));

    [Test]
    public void Hold_CorrelationOfRoundedOutputs_Passes()
    {
        var run = Run(
            "dev", 0.5, predictions: "index\tprediction\tlabel\tscore\n0\t1.00001\t1\t1.00001\n1\t2.5\t2\t2.5\n2\t2.9\t3\t2.9\n",
            metric: "pearson", value: 0.94842);
        Assert.DoesNotThrow(() => ResultCheck.Hold(run));
    }

    private FinishedRun Run(
        string name, double accuracy, string? line = null, string predictions = Predictions, string metric = "accuracy",
        double? value = null)
    {
        var files = new Dictionary<string, string> { ["result.json"] = "", ["predictions-dev.tsv"] = "" };
        _folder.Write("predictions-dev.tsv", predictions);
        if (line is not null)
            _folder.Write("metrics.jsonl", line + "\n");
        if (line is not null)
            files["metrics.jsonl"] = "";
        var manifest = new RunManifest
        {
            KeyVersion = RunKey.Version, Key = "key", Needs = [], Processors = ["AVX2"], SpecKey = "spec", Kind = "count", Label = "a run",
            Spec = JsonSerializer.SerializeToElement(new { }), Inputs = [],
            Environment = new RunEnvironment("cpu", 1, "2.10.0"), Machine = "a machine", Started = default, Finished = default, Seconds = 1,
            Resumes = 0,
            Measurements = new Dictionary<string, double>(), Files = files,
        };
        return new FinishedRun(_folder.Path, manifest, new RunResult
        {
            Scores = new Dictionary<string, IReadOnlyDictionary<string, double?>> {
                [name] = new Dictionary<string, double?> { [metric] = value ?? accuracy } },
        });
    }
}
