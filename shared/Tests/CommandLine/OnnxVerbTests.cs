using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
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
        Assert.That(Printed(export, "accuracy"), Is.EqualTo(100 * Accuracy(scores[1])).Within(0.005), "labels stand in another order");
        if (quantize == "none")
            Assert.That(Accuracy(scores[1]), Is.EqualTo(Accuracy(scores[0])));
        Assert.That(answers[1].Lines[0], Is.EqualTo("label\tpositive\tnegative"));
        Assert.That(answers[1].Lines, Has.Length.EqualTo(answers[0].Lines.Length));
        Assert.That(File.ReadAllText(Path.Combine(target, "README.md")), Does.Contain("SST-2 dev accuracy").And.Contain("for research"));
    }

    [TestCase("none")]
    [TestCase("int8")]
    public void Export_AModelThatGivesScores_IsScoredAsEvaluateScoresIt(string quantize)
    {
        using var folder = new TemporaryFolder();
        string Row(int row) =>
            $"{row}\ta {(row % 2 == 1 ? "good" : "bad")} film\tgood{string.Concat(Enumerable.Repeat(" songs", row))}\t{row % 6}\n";
        folder.Write(
            "STS-B/dev.tsv", "index\tsentence1\tsentence2\tscore\n" + string.Concat(Enumerable.Range(0, 16).Select(Row)));

        var (export, scores) = ExportAndEvaluate(folder, TinyModel.Write(folder, ["score"]), "STS-B", quantize);

        Assert.That(Printed(export, "pearson"), Is.EqualTo(100 * Score(scores[1].Lines[^1], "pearson")).Within(0.005));
        Assert.That(File.ReadAllText(folder.File("exported/README.md")), Does.Contain("| labels | one score |"));
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
    public void Export_SquadIsNamed_ItsDevScoreIsWhatEvaluateSaysOfTheFolder(string quantize)
    {
        using var folder = new TemporaryFolder();
        folder.Write("dev-v1.1.json", """
            {"data":[{"title":"T","paragraphs":[{"context":"a  good film with songs .","qas":[
            {"id":"q1","question":"a film","answers":[{"text":"good film","answer_start":3}]},
            {"id":"q2","question":"songs","answers":[{"text":"a  good film with songs .","answer_start":0}]}]}]}]}
            """);

        var (export, scores) = ExportAndEvaluate(folder, TinyModel.WriteQuestionAnswering(folder), "SQuAD-1.1", quantize);

        foreach (var metric in (string[])["exact match", "f1"])
            Assert.That(Printed(export, metric), Is.EqualTo(100 * Score(scores[1].Lines[^1], metric)).Within(0.005), metric);
        Assert.That(export.Output, Does.Contain("SQuAD-1.1 dev (2 questions): f1"));
        Assert.That(File.ReadAllText(folder.File("exported/README.md")),
            Does.Contain("SQuAD-1.1/dev 2 questions sha256").And.Contain("CC BY-SA 4.0"));
    }

    [TestCase("none")]
    [TestCase("int8-static")]
    public void Export_RaceIsNamed_ItsDevScoreIsWhatEvaluateSaysOfTheFolder(string quantize)
    {
        using var folder = new TemporaryFolder();
        for (var i = 0; i < 12; i++)
            folder.Write($"RACE/{(i < 6 ? "dev" : "train")}/{(i % 6 < 2 ? "middle" : "high")}/{i}.txt",
                $$"""{"article":"a film","questions":["_ film"],"options":[["good","bad","a","songs"]],"answers":["{{"ABCD"[i % 4]}}"]}""");

        var (export, scores) = ExportAndEvaluate(folder, TinyModel.WriteMultipleChoice(folder), "RACE", quantize);

        Assert.That(Printed(export, "accuracy"), Is.EqualTo(100 * Score(scores[1].Lines[^3], "accuracy")).Within(0.005));
        Assert.That(scores.Select(s => Numbers(s).Count), Is.All.EqualTo(3), "both schools together, and each");
        Assert.That(File.ReadAllText(folder.File("exported/README.md")),
            Does.Contain("RACE/dev 6 questions sha256").And.Contain("not commercial"));
    }

    [TestCase("SQuAD-1.1", "is for labelling texts, and SQuAD-1.1 is question answering")]
    [TestCase("MNLI", "has 2 outputs where MNLI needs 3")]
    public void Export_ATaskThatTheModelIsNotFor_IsRefusedAndNothingIsWritten(string task, string sentence)
    {
        using var folder = new TemporaryFolder();
        folder.Write("dev-v1.1.json", """
            {"data":[{"title":"T","paragraphs":[{"context":"a","qas":[{"id":"q","question":"a","answers":[{"text":"a"}]}]}]}]}
            """);
        folder.Write("MNLI/dev_matched.tsv", "index\tsentence1\tsentence2\tgold_label\n0\ta film\tgood\tneutral\n");
        using var session = new Session();
        var target = folder.File("exported");

        var call = session.Run(
            "export", "--model", TinyModel.Write(folder, ["a", "b"]), "--task", task, "--data", folder.Path, "--format", "onnx", "--output",
            target);

        Assert.That(call.Exit, Is.Not.Zero);
        Assert.That(call.Error, Does.Contain(sentence));
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

    // Exports with the task named, and evaluates the model and what was written.
    private static (Call Export, IReadOnlyList<Call> Scores) ExportAndEvaluate(
        TemporaryFolder folder, string source, string task, string quantize)
    {
        using var session = new Session();
        var target = folder.File("exported");
        var export = session.Run(
            "export", "--model", source, "--task", task, "--data", folder.Path, "--format", "onnx", "--quantize", quantize, "--output",
            target);
        IReadOnlyList<Call> scores = [.. new[] { source, target }.Select(
            m => session.Run("evaluate", "--model", m, "--task", task, "--data", folder.Path, "--json"))];
        Assert.That(export.Exit, Is.Zero, export.Error);
        Assert.That(scores.Select(s => s.Exit), Is.All.Zero, scores[1].Error);
        if (quantize == "none")
            Assert.That(Numbers(scores[1]), Is.EqualTo(Numbers(scores[0])).Within(1e-3));
        else
            Assert.That(export.Output, Does.Contain(" in fp32: ").And.Contain("points lost"));
        return (export, scores);
    }

    private static double Accuracy(Call call) => Score(call.Lines[^1], "accuracy");

    private static IReadOnlyList<double> Numbers(Call call) => [.. call.Lines.Select(line => JsonDocument.Parse(line).RootElement)
        .Where(line => line.TryGetProperty("scores", out _))
        .SelectMany(line => line.GetProperty("scores").EnumerateObject().Select(score => score.Value.GetDouble()))];

    private static double Score(string line, string metric) =>
        JsonDocument.Parse(line).RootElement.GetProperty("scores").GetProperty(metric).GetDouble();

    // What the export itself says of the dev set.
    private static double Printed(Call export, string metric) => double.Parse(
        Regex.Match(export.Output, @$" dev \([^)]*\): {metric} (-?\d+\.\d\d)").Groups[1].Value, CultureInfo.InvariantCulture);
}
