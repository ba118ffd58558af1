using System.Text;
using System.Text.Json;
using Replication.CommandLine;
using TorchSharp;

namespace Replication.Tests.CommandLine;

/// <summary>predict on the texts and with the labels that people have.</summary>
public sealed class PredictTests
{
    private int _threads;

    [SetUp]
    public void RememberThreads() => _threads = torch.get_num_threads();

    [TearDown]
    public void RestoreThreads() => torch.set_num_threads(_threads);

    private static Call Predict(Session session, string model, params string[] more) =>
        session.Run(["predict", "--model", model, "--max-length", "16", "--threads", "1", .. more]);

    private static IEnumerable<TestCaseData> Encodings() =>
        new Encoding[] { new UTF8Encoding(false), new UTF8Encoding(true), Encoding.Unicode, Encoding.BigEndianUnicode, Encoding.UTF32 }
        .Select(encoding => new TestCaseData(encoding).SetArgDisplayNames($"{encoding.WebName}, mark of {encoding.Preamble.Length}"));

    [TestCaseSource(nameof(Encodings))]
    public void Predict_TextInAnyEncodingWithAMark_GivesARowALine(Encoding encoding)
    {
        const string text = "a good film\r\nbad film\nwith songs";
        byte[] bytes = [.. encoding.Preamble, .. encoding.GetBytes(text)];
        using var folder = new TemporaryFolder();
        var model = TinyModel.Write(folder, ["no", "yes"]);
        using var plain = new Session { Input = text };
        using var piped = new Session { Stream = new MemoryStream(bytes) };

        var expected = Predict(plain, model);
        var fromPipe = Predict(piped, model);
        var fromFile = Predict(plain, model, "--input", folder.Write("lines.txt", bytes));

        Assert.That(expected.Lines, Has.Length.EqualTo(4), expected.Error);
        Assert.That(fromPipe.Output, Is.EqualTo(expected.Output), fromPipe.Error);
        Assert.That(fromFile.Output, Is.EqualTo(expected.Output), fromFile.Error);
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Predict_BytesThatAreNoUtf8_AreRefusedWithLineAndByte(bool fromFile)
    {
        byte[] bytes = [.. "a film\n"u8, .. Encoding.Latin1.GetBytes("a naïve film\n")];
        using var folder = new TemporaryFolder();
        var model = TinyModel.Write(folder, ["no", "yes"]);
        using var session = new Session { Stream = new MemoryStream(bytes) };

        var call = fromFile ? Predict(session, model, "--input", folder.Write("lines.txt", bytes)) : Predict(session, model);

        Assert.That(call.Exit, Is.EqualTo(1));
        Assert.That(call.Error,
            Does.StartWith($"error: {(fromFile ? folder.File("lines.txt") : "standard input")}, line 2, byte 5 (0xEF): not UTF-8"));
    }

    [Test]
    public void Predict_NobodyReadsTheResults_StopsReadingLines()
    {
        var batches = 0;
        using var folder = new TemporaryFolder();
        var model = TinyModel.Write(folder, ["no", "yes"]);
        var text = string.Concat(Enumerable.Repeat("good\n", 3 * LineBatches.LinesAtOnce));
        var lines = folder.Write("lines.txt", Encoding.UTF8.GetBytes(text));
        using var session = new Session { HasReader = () => ++batches == 1 };

        var call = Predict(session, model, "--input", lines);

        Assert.That((call.Exit, call.Lines.Length, batches), Is.EqualTo((0, 1 + LineBatches.LinesAtOnce, 2)), call.Error);
    }

    [Test]
    public void Predict_LabelsThatSteerATerminal_AreWrittenOutAndBreakNoTable()
    {
        using var folder = new TemporaryFolder();
        var model = TinyModel.Write(folder, ["\u001b[31mred\u001b[0m", "two\tcells\nand lines\r"]);
        using var session = new Session { Input = "a good film\nbad\n" };

        var call = Predict(session, model);
        var json = Predict(new Session { Input = "bad\n" }, model, "--json");

        Assert.That(call.Lines[0], Is.EqualTo("label\t\\x1b[31mred\\x1b[0m\ttwo\\tcells\\nand lines\\r"));
        Assert.That(call.Lines.Select(line => line.Split('\t').Length), Is.EqualTo(new[] { 3, 3, 3 }));
        Assert.That(call.Output, Does.Not.Match("[\u001b\r]"));
        Assert.That(json.Output, Does.Not.Match("\u001b"));
        Assert.That(JsonDocument.Parse(json.Output).RootElement.GetProperty("probabilities").EnumerateObject().Select(p => p.Name),
            Does.Contain("two\tcells\nand lines\r"));
    }

    [Test]
    public void Predict_OutputsThatAreNotFinite_AreRefused()
    {
        using var folder = new TemporaryFolder();
        var model = TinyModel.Write(folder, ["no", "yes"], change: weights => weights.get_parameter("classifier.bias")!.fill_(float.NaN));
        using var session = new Session { Input = "a good film\n" };

        var call = Predict(session, model);

        Assert.That(call.Exit, Is.EqualTo(1));
        Assert.That(call.Error, Does.StartWith("error: The model answered NaN"));
        Assert.That(call.Lines, Has.Length.LessThan(2));
    }

    private static IEnumerable<TestCaseData> Failures() =>
    [
        new TestCaseData(new IOException("No space left on device")).SetArgDisplayNames("full"),
        new TestCaseData(new UnauthorizedAccessException("Access to the path is denied.")).SetArgDisplayNames("closed"),
    ];

    [TestCaseSource(nameof(Failures))]
    public void Predict_StandardOutputCannotBeWritten_SaysSo(Exception failure)
    {
        using var folder = new TemporaryFolder();
        using var full = new StreamWriter(new GuardedOutput(new FailingOutput(failure), StandardStreams.CannotWrite)) { AutoFlush = true };
        using var session = new Session { Input = "a good film\n", Writer = full };

        var call = Predict(session, TinyModel.Write(folder, ["no", "yes"]));

        Assert.That(call.Exit, Is.EqualTo(1));
        Assert.That(call.Error,
            Is.EqualTo($"error: Cannot write standard output: {failure.Message.TrimEnd('.')}; send it elsewhere, or make room.\n"));
    }

    [TestCase("utf8.txt")]
    [TestCase("short.txt")]
    [TestCase("utf16.txt")]
    [TestCase("short16.txt")]
    [TestCase("latin1.txt")]
    [Category("Cases")]
    public void Predict_Case_GivesARowALineOrIsRefused(string name)
    {
        var path = CaseFiles.Require($"encoding/{name}");
        using var folder = new TemporaryFolder();
        var model = TinyModel.Write(folder, ["no", "yes"]);
        var rows = name switch
        {
            "latin1.txt" => 0,
            "short.txt" or "short16.txt" => 3,
            _ => File.ReadAllText(CaseFiles.Require("encoding/utf8.txt")).TrimEnd('\n').Split('\n').Length,
        };
        foreach (var call in (Call[])[Predict(new Session(), model, "--input", path),
            Predict(new Session { Stream = File.OpenRead(path) }, model)])
        {
            Assert.That(call.Exit, Is.EqualTo(rows == 0 ? 1 : 0), call.Error);
            if (rows == 0)
                Assert.That(call.Error, Does.Contain("line 1, byte 5 (0xEF): not UTF-8"));
            else
                Assert.That(call.Lines, Has.Length.EqualTo(1 + rows));
        }
    }
}
