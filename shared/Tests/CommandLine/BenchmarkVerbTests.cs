using Replication.CommandLine;
using TorchSharp;

namespace Replication.Tests.CommandLine;

public sealed class BenchmarkVerbTests
{
    private int _threads;

    [SetUp]
    public void RememberThreads() => _threads = torch.get_num_threads();

    [TearDown]
    public void RestoreThreads() => torch.set_num_threads(_threads);

    [Test]
    public void Benchmark_ATrainedModel_WritesTheTableWithEveryForm()
    {
        using var folder = new TemporaryFolder();
        using var session = new Session();
        var (model, data, output) =
            (TinyModel.Write(folder, ["negative", "positive"], positions: 128), TinyModel.WriteData(folder), folder.File("deployment"));

        var call = session.Run(
            "benchmark", "--model", $"Tiny={model}", "--only", "none", "--task", "SST-2", "--data", data, "--rounds", "2", "--threads", "1",
            "--output", output);

        Assert.That(call.Exit, Is.Zero, call.Error);
        var table = File.ReadAllLines(Path.Combine(output, "table.csv"));
        Assert.That(table.Skip(1).Select(line => string.Join(',', line.Split(',').Take(2))),
            Is.EqualTo(new[] { "Tiny,TorchSharp fp32", "Tiny,ONNX fp32", "Tiny,ONNX int8" }));
        var report = File.ReadAllText(Path.Combine(output, "report.md"));
        Assert.That(report,
            Does.Contain("SST-2 dev accuracy, 16 rows").And.Contain("ONNX in fp32 at batch 1").And.Contain("score-latency.svg"));
        Assert.That(File.Exists(Path.Combine(output, "score-size.svg")), Is.True);
    }

    [TestCase("deployment")]
    [TestCase("deployment/sub-networks")]
    public void Benchmark_RedrawOfWhatIsCommitted_ChangesNothing(string name)
    {
        using var folder = new TemporaryFolder();
        using var session = new Session();
        var committed = Path.Combine(RepositoryRoot.Find(), "results", name);
        File.Copy(Path.Combine(committed, "report.json"), folder.File("report.json"));

        var call = session.Run("benchmark", "--redraw", "--output", folder.Path);

        Assert.That(call.Exit, Is.Zero, call.Error);
        using (Assert.EnterMultipleScope())
        {
            foreach (var file in Directory.GetFiles(folder.Path))
                Assert.That(File.ReadAllText(file), Is.EqualTo(File.ReadAllText(Path.Combine(committed, Path.GetFileName(file)))), file);
        }
    }

    [Test]
    public void Benchmark_Compare_KeepsWhatOtherModelsHad()
    {
        using var folder = new TemporaryFolder();
        using var session = new Session();
        var (model, output) = (TinyModel.Write(folder, ["negative", "positive"], positions: 128), folder.File("deployment"));

        var calls = new[] { "One", "Two", "One" }.Select(name => session.Run(
            "benchmark", "--model", $"{name}={model}", "--only", "none", "--compare", "--threads", "1", "--output", output)).ToList();

        Assert.That(calls.Select(call => call.Exit), Is.All.Zero, calls[0].Error);
        var rows = File.ReadAllLines(Path.Combine(output, "equality.md"))
            .Where(line => line.Contains("| 500 |", StringComparison.Ordinal)).ToList();
        Assert.That(rows.Select(row => row[..7]), Is.EqualTo(new[] { "| One |", "| Two |" }));
    }

    [Test]
    public void Benchmark_AProfileThatNothingWasTrainedIn_SaysWhatTrains()
    {
        using var folder = new TemporaryFolder();
        using var session = new Session();

        var call = session.Run(
            "benchmark", "--profile", "quick", "--task", "SST-2", "--only", "none", "--data", TinyModel.WriteData(folder), "--output",
            folder.File("o"));

        Assert.That(call.Exit, Is.EqualTo(1));
        Assert.That(call.Error, Does.Contain("No finished run of profile quick trained a model on SST-2"));
    }

    [Test]
    public void Benchmark_AProfileWithoutATask_IsRefused()
    {
        using var session = new Session();

        var call = session.Run("benchmark", "--profile", "quick", "--output", Path.Combine(session.Root, "out"));

        Assert.That(call.Exit, Is.EqualTo(2));
        Assert.That(call.Error, Does.Contain("--profile needs --task"));
    }

    [TestCase("Tiny", "--model is 'Tiny'; it must be a name and a folder")]
    [TestCase(null, "Nothing is to be measured")]
    public void Benchmark_NothingThatCanBeMeasured_IsSaid(string? model, string sentence)
    {
        using var session = new Session();

        var call = session.Run(
            [.. new[] { "benchmark", "--only", "none", "--output", Path.Combine(session.Root, "out") },
            .. model is null ? Array.Empty<string>() : ["--model", model]]);

        Assert.That(call.Exit, Is.EqualTo(2));
        Assert.That(call.Error, Does.Contain(sentence));
    }
}
