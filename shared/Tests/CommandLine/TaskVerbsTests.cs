using System.Text.Json;
using Replication.Bert;
using Replication.Glue.Squad;
using Replication.Tests.Bert;
using TorchSharp;

namespace Replication.Tests.CommandLine;

/// <summary>evaluate and predict with folders for question answering, multiple choice and classifiers of another label order.</summary>
public sealed class TaskVerbsTests
{
    private const string Squad = """
        {"data":[{"title":"T","paragraphs":[{"context":"a  good film with songs .","qas":[
        {"id":"q1","question":"a film","answers":[{"text":"good film","answer_start":3}]},
        {"id":"q2","question":"songs","answers":[{"text":"songs","answer_start":18}]}]}]}]}
        """;

    private int _threads;
    private TemporaryFolder _folder = null!;
    private Session _session = null!;

    [SetUp]
    public void Begin() => (_threads, _folder, _session) = (torch.get_num_threads(), new TemporaryFolder(), new Session());

    [TearDown]
    public void End()
    {
        torch.set_num_threads(_threads);
        _session.Dispose();
        _folder.Dispose();
    }

    [Test]
    public void Evaluate_QuestionAnswering_AnswersArePiecesOfThePassageInTheScriptsForm()
    {
        var (questions, answers) = (_folder.Write("dev-v1.1.json", Squad), _folder.File("answers.json"));
        var call = Evaluate(
            "--model", TinyModel.WriteQuestionAnswering(_folder), "--task", "SQuAD-1.1", "--data", _folder.Path, "--predictions", answers);

        Assert.That(call.Exit, Is.Zero, call.Error);
        Assert.That(call.Output, Does.Match(@"SQuAD-1.1 dev: exact match \d+\.\d\d, f1 \d+\.\d\d"));
        Assert.That(SquadPredictions.Read(answers).Values.All(
            answer => answer.Length > 0 && "a  good film with songs .".Contains(answer, StringComparison.Ordinal)), Is.True);
        var again = Evaluate("--task", "SQuAD-1.1", "--questions", questions, "--answers", answers);
        Assert.That(again.Lines[^1], Is.EqualTo(call.Lines[^1]));
        Assert.That(call.Error, Does.Contain("is not the file that SQuAD-1.1's authors hand out"));
    }

    [TestCase("SQuAD-1.1", "--submission", "x.zip", "--submission does not apply to SQuAD-1.1")]
    [TestCase("SQuAD-1.1", "--null-threshold", "1", "--null-threshold does not apply to SQuAD-1.1")]
    [TestCase("SST-2", "--stride", "8", "--stride does not apply to SST-2")]
    [TestCase("RACE", "--answers", "x.json", "--answers does not apply to RACE")]
    public void Evaluate_OptionOfAnotherTask_IsRefused(string task, string option, string value, string message) =>
        AssertRefused(Evaluate("--model", _folder.Path, "--task", task, option, value), 2, message);

    [Test]
    public void Evaluate_SquadWithoutModelOrAnswers_IsRefused() =>
        AssertRefused(Evaluate("--task", "SQuAD-2.0"), 2, "Either --model or --answers tells what is to be scored");

    [Test]
    public void Evaluate_AnswersThatLackAQuestion_SaySoAndCountItAsWrong()
    {
        var call = Evaluate(
            "--task", "SQuAD-1.1", "--questions", _folder.Write("q.json", Squad), "--answers",
            _folder.Write("a.json", """{"q1":"good film"}"""));
        Assert.That(call.Output, Does.Contain("SQuAD-1.1 dev: exact match 50.00, f1 50.00"));
        Assert.That(call.Error, Does.Contain("says nothing of 1 of 2 questions, which count as wrong; the first is q2"));
    }

    [Test]
    public void Evaluate_ClassifierOnSquad_IsRefused() => AssertRefused(
        Evaluate("--model", TinyModel.Write(_folder, ["no", "yes"]), "--task", "SQuAD-1.1", "--questions", _folder.Write("q.json", Squad)),
        1, "marks no answers: it has no qa_outputs");

    // The answer is always the word before "film".
    [Test]
    public void FineTune_SquadWithSplitArticles_LearnsToAnswerAndSaysTheSplit()
    {
        string Article(string title, int from) =>
            $$$"""{"title":"{{{title}}}","paragraphs":[{{{string.Join(',', Enumerable.Range(from, 24).Select(Paragraph))}}}]}""";
        _folder.Write("SQuAD/dev-v1.1.json", $$$"""{"data":[{{{Article("A", 0)}}},{{{Article("B", 100)}}}]}""");
        _folder.Write("SQuAD/articles.json", """{"train":["A"],"evaluate":["B"]}""");
        var target = _folder.File("trained");

        var call = _session.Run(
            "finetune", "--model", TinyModel.WriteMaskedLM(_folder), "--task", "SQuAD-1.1", "--data", _folder.Path, "--output", target,
            "--precision", "fp32", "--threads", "1",
            "--epochs", "20", "--learning-rate", "1e-2", "--batch-size", "8");

        Assert.That(call.Exit, Is.Zero, call.Error);
        Assert.That(call.Output, Does.Contain("dev's articles").Or.Contain("the dev set's articles are split"));
        Assert.That(call.Output, Does.Contain("SQuAD-1.1 dev: exact match 100.00, f1 100.00"));
        Assert.That(ModelFolder.ReadHead(target), Is.EqualTo(ModelHead.QuestionAnswering));
        Assert.That(File.Exists(Path.Combine(target, "vocab.txt")), Is.True);

        string Paragraph(int i)
        {
            var (songs, start) = i % 3 == 0 ? ("with songs ", 13) : ("", 2);
            var word = i % 2 == 0 ? "good" : "bad";
            return $$$"""
                {"context":"{{{songs}}}a {{{word}}} film .",
                "qas":[{"id":"q{{{i}}}","question":"film","answers":[{"text":"{{{word}}}","answer_start":{{{start}}}}]}]}
                """;
        }
    }

    // The right option is "good", wherever it is.
    [Test]
    public void FineTune_Race_LearnsToChoose()
    {
        string Passage(int i)
        {
            var (first, second, right) = i % 2 == 0 ? ("good", "bad", "A") : ("bad", "good", "B");
            return $$"""
                {"article":"a film","questions":["a _ film"],
                "options":[["{{first}}","{{second}}","songs","with"]],"answers":["{{right}}"]}
                """;
        }
        for (var i = 0; i < 32; i++)
            _folder.Write($"RACE/train/middle/{i}.txt", Passage(i));
        _folder.Write("RACE/dev/middle/1.txt", Passage(0));
        _folder.Write("RACE/dev/high/2.txt", Passage(1));

        var call = _session.Run(
            "finetune", "--model", TinyModel.Write(_folder, ["a", "b"]), "--task", "RACE", "--data", _folder.Path, "--output",
            _folder.File("trained"), "--precision", "fp32", "--threads", "1",
            "--epochs", "12", "--learning-rate", "1e-2", "--batch-size", "8");

        Assert.That(call.Exit, Is.Zero, call.Error);
        Assert.That(call.Output, Does.Contain(
            "RACE dev: accuracy 100.00").And.Contain("RACE dev-high: accuracy 100.00").And.Contain("RACE dev-middle: accuracy 100.00"));
        Assert.That(ModelFolder.ReadHead(_folder.File("trained")), Is.EqualTo(ModelHead.MultipleChoice));
    }

    [Test]
    public void Predict_QuestionAnswering_GivesThePieceOfEachPassage()
    {
        using var session = new Session { Input = "a film\ta  good film\nsongs\t\n" };
        var call = session.Run("predict", "--model", TinyModel.WriteQuestionAnswering(_folder), "--threads", "1");
        Assert.That(call.Exit, Is.Zero, call.Error);
        Assert.That(call.Lines[0], Is.EqualTo("probability\tstart\tanswer"));
        Assert.That(call.Lines[1], Does.Match(@"^[01]\.\d{4}\t\d\t(a|good|film|a  good|good film|a  good film)$"));
        Assert.That(call.Lines[2], Is.EqualTo("1.0000\t\t"), "an empty passage has no answer");
    }

    [Test]
    public void Predict_QuestionWithoutPassage_NamesTheLine()
    {
        using var session = new Session { Input = "a film\n" };
        AssertRefused(session.Run("predict", "--model", TinyModel.WriteQuestionAnswering(_folder)), 1, "Line 1: no tab");
    }

    [Test]
    public void Predict_MultipleChoice_GivesAProbabilityAnOption()
    {
        using var session = new Session { Input = "a good film\tit was _\tgood\tbad\nbad songs\tsongs\tgood\tbad\ta film\n" };
        var call = session.Run("predict", "--model", TinyModel.WriteMultipleChoice(_folder), "--threads", "1");
        Assert.That(call.Exit, Is.Zero, call.Error);
        Assert.That(call.Lines[1], Does.Match(@"^[AB](\t0\.\d{4}){2}$"));
        Assert.That(call.Lines[2], Does.Match(@"^[ABC](\t0\.\d{4}){3}$"));
    }

    [Test]
    public void Evaluate_Race_ScoresBothSchoolsAndAll()
    {
        const string Passage = """
            {"article":"a good film","questions":["it was _","songs"],
            "options":[["good","bad","a","film"],["a","b","c","d"]],"answers":["A","B"]}
            """;
        _folder.Write("RACE/dev/middle/1.txt", Passage);
        _folder.Write("RACE/dev/high/1.txt", Passage);
        var call = Evaluate(
            "--model", TinyModel.WriteMultipleChoice(_folder), "--task", "race", "--data", _folder.Path, "--predictions",
            _folder.File("p.tsv"));
        Assert.That(call.Exit, Is.Zero, call.Error);
        Assert.That(call.Lines.TakeLast(3).Select(line => line.Split(':')[0]),
            Is.EqualTo(new[] { "RACE dev", "RACE dev-high", "RACE dev-middle" }));
        Assert.That(File.ReadLines(_folder.File("p.tsv")).Count(), Is.EqualTo(5));
    }

    [TestCase("positive", "negative", TestName = "Evaluate_LabelsInAnotherOrder_CountByTheirNames")]
    [TestCase("NEGATIVE", "POSITIVE", TestName = "Evaluate_LabelsInCapitals_CountByTheirNames")]
    public void Evaluate_NamedLabels_ScoreDoesNotDependOnTheirOrder(string first, string second)
    {
        var (data, model) = (TinyModel.WriteData(_folder), TinyModel.Write(_folder, ["negative", "positive"]));
        var reference = Evaluate("--model", model, "--task", "SST-2", "--data", data, "--predictions", _folder.File("reference.tsv"));
        var renamed = TinyModel.Write(_folder, ["negative", "positive"], "renamed");
        Rename(renamed, first, second);
        if (first == "positive")
            SwapOutputs(renamed);

        var call = Evaluate("--model", renamed, "--task", "SST-2", "--data", data, "--predictions", _folder.File("predictions.tsv"));

        Assert.That(call.Exit, Is.Zero, call.Error);
        Assert.That(call.Lines[^1], Is.EqualTo(reference.Lines[^1]));
        Assert.That(File.ReadAllText(_folder.File("predictions.tsv")), Is.EqualTo(File.ReadAllText(_folder.File("reference.tsv"))));
    }

    [Test]
    public void Evaluate_LabelsWithoutNames_SaysWhatIsAssumed()
    {
        var call = Evaluate(
            "--model", TinyModel.Write(_folder, ["LABEL_0", "LABEL_1"]), "--task", "SST-2", "--data", TinyModel.WriteData(_folder));
        Assert.That(call.Exit, Is.Zero, call.Error);
        Assert.That(call.Error, Does.Contain("names no classes; SST-2's order was assumed: negative, positive"));
    }

    [Test]
    public void Evaluate_MnliSubmission_HoldsTheDiagnosticSetToo()
    {
        const string Header = "index\tsentence1\tsentence2";
        foreach (var (name, rows) in new[] { ("MNLI/test_matched", 9796), ("MNLI/test_mismatched", 9847), ("diagnostic/diagnostic", 1104) })
            _folder.Write($"{name}.tsv", Header + "\n" + string.Concat(Enumerable.Range(0, rows).Select(row => $"{row}\ta film\tgood\n")));
        foreach (var name in new[] { "dev_matched", "dev_mismatched" })
            _folder.Write($"MNLI/{name}.tsv", Header + "\tgold_label\n0\ta film\tgood\tneutral\n");
        var zip = _folder.File("mnli.zip");

        var call = Evaluate(
            "--model", TinyModel.Write(_folder, ["contradiction", "neutral", "entailment"]), "--task", "MNLI", "--data", _folder.Path,
            "--submission", zip);

        Assert.That(call.Exit, Is.Zero, call.Error);
        Assert.That(call.Output, Does.Contain("holds the predictions for MNLI and AX; the server also wants CoLA.tsv"));
        using var entries = System.IO.Compression.ZipFile.OpenRead(zip);
        Assert.That(entries.Entries.Select(entry => entry.Name), Is.EquivalentTo(new[] { "MNLI-m.tsv", "MNLI-mm.tsv", "AX.tsv" }));
    }

    [Test]
    public void Evaluate_OtherLabels_IsRefused() => AssertRefused(
        Evaluate("--model", TinyModel.Write(_folder, ["good", "bad"]), "--task", "SST-2", "--data", TinyModel.WriteData(_folder)), 1,
        "has the labels good, bad where SST-2 has negative, positive");

    [Test]
    public void Evaluate_MapsThatContradict_IsRefused()
    {
        var model = TinyModel.Write(_folder, ["negative", "positive"]);
        var config = Path.Combine(model, "config.json");
        File.WriteAllText(
            config, File.ReadAllText(config).Replace("\"negative\": 0", "\"negative\": 1", StringComparison.Ordinal)
            .Replace("\"positive\": 1", "\"positive\": 0", StringComparison.Ordinal));
        AssertRefused(
            Evaluate("--model", model, "--task", "SST-2", "--data", TinyModel.WriteData(_folder)), 1,
            "'negative' is 0 in id2label and 1 in label2id");
    }

    [Test, Category("Golden")]
    public void Evaluate_CaseOfTextAsItStands_IsRight()
    {
        var folder = GoldenFiles.Require("../cases/qa-text-as-it-stands");
        var call = Evaluate("--model", folder, "--task", "SQuAD-1.1", "--data", folder, "--predictions", _folder.File("answers.json"));
        Assert.That(call.Exit, Is.Zero, call.Error);
        Assert.That(call.Lines[^1], Is.EqualTo("SQuAD-1.1 dev: exact match 100.00, f1 100.00"));
        using var right = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "right.json")));
        var answers = SquadPredictions.Read(_folder.File("answers.json"));
        var predict = _session.Run("predict", "--model", folder, "--input", Path.Combine(folder, "dev-v1.1.json"), "--json");
        var starts = predict.Lines.Select(line => JsonDocument.Parse(line).RootElement)
            .ToDictionary(row => row.GetProperty("id").GetString()!, row => row.GetProperty("start").GetInt32());
        foreach (var row in right.RootElement.GetProperty("predictions").EnumerateObject())
            Assert.That(answers[row.Name], Is.EqualTo(row.Value.GetString()), row.Name);
        foreach (var row in right.RootElement.GetProperty("detail").EnumerateObject())
            Assert.That(starts[row.Name], Is.EqualTo(row.Value.GetProperty("answer_start (code points)").GetInt32()), row.Name);
    }

    [Test, Category("Golden")]
    public void Evaluate_CaseOfLongPassages_IsRight()
    {
        var folder = GoldenFiles.Require("../cases/race-long");
        var call = Evaluate("--model", folder, "--task", "RACE", "--data", folder);
        Assert.That(call.Lines.TakeLast(3), Is.EqualTo(
            new[] { "RACE dev: accuracy 25.00", "RACE dev-high: accuracy 0.00", "RACE dev-middle: accuracy 40.00" }), call.Error);
        foreach (var bad in Directory.GetDirectories(folder, "bad-*"))
            AssertRefused(Evaluate("--model", folder, "--task", "RACE", "--data", bad), 1, "1.txt");
        AssertRefused(
            Evaluate("--model", folder, "--task", "RACE", "--data", Path.Combine(folder, "question-too-long")), 1, "9.txt, question 1");
    }

    [TestCase("upper-case-names", "100.00")]
    [TestCase("entailment-first", "100.00")]
    [TestCase("no-names", "16.67")]
    [Category("Golden")]
    public void Evaluate_CaseOfLabelOrder_IsRight(string name, string accuracy)
    {
        var folder = GoldenFiles.Require($"../cases/mnli-label-order/{name}");
        foreach (var data in new[] { "data", "hub" })
        {
            var call = Evaluate("--model", folder, "--task", "MNLI", "--data", GoldenFiles.Require($"../cases/mnli-label-order/{data}"));
            Assert.That(call.Exit, Is.Zero, call.Error);
            Assert.That(call.Output, Does.Contain($"MNLI dev: accuracy {accuracy}"));
            Assert.That(call.Error.Contains("MNLI's order was assumed", StringComparison.Ordinal), Is.EqualTo(name == "no-names"));
        }
    }

    [TestCase("contradicting-maps", "id2label and")]
    [TestCase("other-words", "contradictory, unrelated, entails")]
    [Category("Golden")]
    public void Evaluate_CaseOfUnknownLabelOrder_IsRefused(string name, string message) => AssertRefused(
        Evaluate("--model", GoldenFiles.Require($"../cases/mnli-label-order/{name}"), "--task", "MNLI", "--data",
            GoldenFiles.Require("../cases/mnli-label-order/data")), 1, message);

    private Call Evaluate(params string[] words) => _session.Run(["evaluate", "--threads", "1", .. words]);

    private static void AssertRefused(Call call, int exit, string message)
    {
        var errors = call.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.StartsWith("warning: ", StringComparison.Ordinal)).ToList();
        Assert.That(errors, Has.Count.EqualTo(1), "one sentence");
        Assert.That(errors[0], Does.StartWith("error: ").And.Contain(message));
        Assert.That(call.Exit, Is.EqualTo(exit));
    }

    private static void Rename(string model, string first, string second)
    {
        var config = Path.Combine(model, "config.json");
        var text = File.ReadAllText(config);
        File.WriteAllText(
            config, text.Replace("\"negative\"", "\"FIRST\"", StringComparison.Ordinal)
            .Replace("\"positive\"", $"\"{second}\"", StringComparison.Ordinal)
            .Replace("\"FIRST\"", $"\"{first}\"", StringComparison.Ordinal));
    }

    private static void SwapOutputs(string folder)
    {
        var tensors = GoldenModel.Read(Path.Combine(folder, "model.safetensors"));
        foreach (var name in new[] { "classifier.weight", "classifier.bias" })
            tensors[name] = tensors[name].flip(0);
        SafetensorsWriter.Write(Path.Combine(folder, "model.safetensors"), tensors.Select(t => (t.Key, t.Value)));
    }
}
