using System.Text.Json;
using Replication.Glue;
using TorchSharp;

namespace Replication.Tests.CommandLine;

public sealed class AugmentVerbTests
{
    private int _threads;

    [SetUp]
    public void RememberThreads() => _threads = torch.get_num_threads();

    [TearDown]
    public void RestoreThreads() => torch.set_num_threads(_threads);

    [TestCase("rows.tsv")]
    [TestCase("rows.parquet")]
    public void Augment_WithOutput_WritesTheOriginalRowsAndTheNewOnesWithTheirLabels(string name)
    {
        using var folder = new TemporaryFolder();
        using var session = new Session();
        var call = Run(session, folder, "--rows", "10", "--new-rows", "3", "--output", folder.File(name), "--quiet");

        Assert.That(call.Exit, Is.Zero, call.Error);
        var task = GlueTasks.Parse("SST-2");
        var rows = name.EndsWith("tsv", StringComparison.Ordinal)
            ? TsvReader.Read(task, GlueSplit.Train, folder.File(name), 40)
            : [.. ParquetSplitReader.Read(task, GlueSplit.Train, [folder.File(name)])];
        Assert.That(rows, Has.Count.EqualTo(40));
        Assert.That(rows[0].Sentence1, Is.EqualTo("a bad film with songs"));
        Assert.That(rows.Skip(10).Chunk(3).Select(made => made.Select(r => r.Label).Distinct().Single()),
            Is.EqualTo(rows.Take(10).Select(r => r.Label)));
        Assert.That(rows.Skip(10).Select(r => r.Sentence1).Distinct().Count(), Is.GreaterThan(5));
    }

    [Test]
    public void Augment_Shown_IsWhatIsWritten()
    {
        using var folder = new TemporaryFolder();
        using var session = new Session();
        var call = Run(session, folder, "--rows", "4", "--new-rows", "2", "--show", "2", "--json");

        Assert.That(call.Exit, Is.Zero, call.Error);
        var shown = call.Lines.Select(l => JsonDocument.Parse(l).RootElement).ToList();
        Assert.That(call.Error, Does.StartWith("warning: ").And.Contains("train.tsv holds 64 rows where SST-2's training set has 67349"));
        Assert.That(shown.Select(s => s.GetProperty("sentence1").GetString()),
            Is.EqualTo((string[])["a bad film with songs", "a good film"]));
        Run(session, folder, "--rows", "4", "--new-rows", "2", "--output", folder.File("rows.tsv"));
        var written =
            TsvReader.Read(GlueTasks.Parse("SST-2"), GlueSplit.Train, folder.File("rows.tsv"), 12).Skip(4).Take(4).Select(r => r.Sentence1);
        Assert.That(shown.SelectMany(s => s.GetProperty("made").EnumerateArray()).Select(m => m.GetProperty("sentence1").GetString()),
            Is.EqualTo(written));
    }

    [Test]
    public void Augment_Measure_FindsTheSameWordsInEachWay()
    {
        using var folder = new TemporaryFolder();
        using var session = new Session();
        var call = Run(session, folder, "--rows", "20", "--measure");

        Assert.That(call.Exit, Is.Zero, call.Error);
        Assert.That(call.Output, Does.StartWith("20 rows: ").And.Contains("100.0 % of the candidates are the same"));
    }

    [TestCase("good 1 0\nbad 1\n", "line 2: 1 numbers after the word where 2 were expected")]
    [TestCase("", "are empty")]
    public void Augment_WordVectorsThatCannotBeUsed_AreRefusedBeforeTheModelIsOpened(string text, string message)
    {
        using var folder = new TemporaryFolder();
        using var session = new Session();
        var call = Run(session, folder, "--glove", folder.Write("glove.txt", text));

        Assert.That(call.Exit, Is.EqualTo(1));
        Assert.That(call.Error, Does.Contain(message));
    }

    [Test]
    public void Augment_ModelWithoutHead_IsRefused()
    {
        using var folder = new TemporaryFolder();
        using var session = new Session();
        var call = session.Run(
            "augment", "--task", "SST-2", "--data", TinyModel.WriteData(folder), "--model",
            TinyModel.Write(folder, ["negative", "positive"]));

        Assert.That(call.Exit, Is.EqualTo(1));
        Assert.That(call.Error, Does.Contain("no masked-language-model head").And.Contains("--model"));
    }

    private static Call Run(Session session, TemporaryFolder folder, params string[] words) => session.Run(
        ["augment", "--task", "SST-2", "--data", TinyModel.WriteData(folder), "--model", TinyModel.WriteMaskedLM(folder), "--candidates",
            "4", "--max-length", "16", "--threads", "1", .. words]);
}
