using System.Text.Json;
using Replication.Bert;
using TorchSharp;

namespace Replication.Tests.CommandLine;

public sealed class OnnxVerbTests
{
    private int _threads;

    [SetUp]
    public void RememberThreads() => _threads = torch.get_num_threads();

    [TearDown]
    public void RestoreThreads() => torch.set_num_threads(_threads);

    [TestCase("none", "none")]
    [TestCase("onnxruntime", "int8")]
    [TestCase("none", "int8-static")]
    public void Export_AModelFolder_PredictAndEvaluateTakeWhatItWrote(string fuse, string quantize)
    {
        using var folder = new TemporaryFolder();
        var (model, data, target) =
            (TinyModel.Write(folder, ["positive", "negative"]), TinyModel.WriteData(folder), folder.File("exported"));
        using var session = new Session { Input = "a good film\na bad film\twith songs\n" };

        var export = session.Run(
            "export", "--model", model, "--task", "SST-2", "--data", data, "--format", "onnx", "--fuse", fuse, "--quantize", quantize,
            "--max-length", "16", "--output", target);
        var scores = new[] { model, target }
            .Select(m => session.Run("evaluate", "--model", m, "--task", "SST-2", "--data", data, "--max-length", "16", "--json")).ToList();
        var answers = new[] { model, target }.Select(m => session.Run("predict", "--model", m, "--max-length", "16")).ToList();

        Assert.That(export.Exit, Is.Zero, export.Error);
        Assert.That(export.Output, Does.Contain("equal to TorchSharp on 500 texts").And.Contain("SST-2 dev (16 rows): accuracy"));
        Assert.That(scores.Select(s => s.Exit), Is.All.Zero, scores[1].Error);
        if (quantize == "none")
            Assert.That(Accuracy(scores[1]), Is.EqualTo(Accuracy(scores[0])));
        Assert.That(answers[1].Lines[0], Is.EqualTo("label\tpositive\tnegative"));
        Assert.That(answers[1].Lines, Has.Length.EqualTo(answers[0].Lines.Length));
        Assert.That(File.ReadAllText(Path.Combine(target, "README.md")), Does.Contain("SST-2 dev accuracy").And.Contain("for research"));
    }

    [TestCase("--quantize", "int8")]
    [TestCase("--fuse", "none")]
    [TestCase("--max-length", "64")]
    public void Export_OptionsOfOnnxInAnotherFormat_AreRefused(string option, string value)
    {
        using var session = new Session();

        var call = session.Run("export", "fakepaper", option, value, "--output", Path.Combine(session.Root, "out"));

        Assert.That(call.Exit, Is.EqualTo(2));
        Assert.That(call.Error, Does.Contain($"{option} goes with --format onnx alone"));
    }

    [Test]
    public void Export_StaticScalesWithoutATask_SaysWhatItNeedsAndWritesNothing()
    {
        using var folder = new TemporaryFolder();
        using var session = new Session();
        var target = folder.File("exported");

        var call = session.Run(
            "export", "--model", TinyModel.Write(folder, ["a", "b"]), "--format", "onnx", "--quantize", "int8-static", "--max-length", "16",
            "--output", target);

        Assert.That(call.Exit, Is.EqualTo(2));
        Assert.That(call.Error, Does.Contain("name the task with --task"));
        Assert.That(Directory.Exists(target), Is.False);
    }

    [TestCase("none")]
    [TestCase("int8")]
    public void Export_AModelForQuestionAnswering_PredictTakesWhatItWrote(string quantize)
    {
        using var folder = new TemporaryFolder();
        var (source, target) = (TinyModel.WriteQuestionAnswering(folder), folder.File("exported"));
        using var session = new Session { Input = "good\ta film with bad songs . good \U0001F3AC film\nbad\tfilm\n" };

        var export = Export(session, source, target, quantize);
        var answers = new[] { source, target }.Select(m => session.Run("predict", "--model", m, "--max-length", "16")).ToList();

        Assert.That(File.ReadAllText(Path.Combine(target, "README.md")),
            Does.Contain("start_logits, end_logits").And.Contain("BertAnswerer"));
        Compare(export, answers, quantize);
    }

    [TestCase("none")]
    [TestCase("int8")]
    public void Export_AModelForMultipleChoice_PredictTakesWhatItWrote(string quantize)
    {
        using var folder = new TemporaryFolder();
        var (source, target) = (TinyModel.WriteMultipleChoice(folder), folder.File("exported"));
        using var session = new Session { Input = "a film with songs .\tgood or _\tbad\tgood\tfilm\n" };

        var export = Export(session, source, target, quantize);
        var answers = new[] { source, target }.Select(m => session.Run("predict", "--model", m, "--max-length", "16")).ToList();

        Assert.That(File.ReadAllText(Path.Combine(target, "README.md")),
            Does.Contain("multiple choice").And.Contain("BertChoiceClassifier"));
        Compare(export, answers, quantize);
    }

    private static Call Export(Session session, string source, string target, string quantize) => session.Run(
        "export", "--model", source, "--format", "onnx", "--quantize", quantize, "--max-length", "16", "--output", target);

    private static void Compare(Call export, List<Call> answers, string quantize)
    {
        Assert.That(export.Exit, Is.Zero, export.Error);
        Assert.That(export.Output, Does.Contain("equal to TorchSharp on 500 texts"));
        Assert.That(export.Output.Contains("are answered as in fp32", StringComparison.Ordinal), Is.EqualTo(quantize == "int8"));
        Assert.That(answers.Select(a => a.Exit), Is.All.Zero, answers[1].Error);
        Assert.That(answers[1].Lines, Has.Length.EqualTo(answers[0].Lines.Length));
        if (quantize == "none")
            Assert.That(answers[1].Output, Is.EqualTo(answers[0].Output));
    }

    private static double Accuracy(Call call) =>
        JsonDocument.Parse(call.Lines[^1]).RootElement.GetProperty("scores").GetProperty("accuracy").GetDouble();
}
