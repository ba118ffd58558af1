using System.Text.Json;
using Replication.Bert.Tokenization;
using Replication.Glue;
using Replication.Glue.Race;
using Replication.Tests.Glue.Squad;

namespace Replication.Tests.Glue.Race;

public sealed class RaceTests
{
    private const string Passage =
        """{"article":"It rained.","questions":["The boy went _ .","Why ?"],"""
        + """ "options":[["home","out","up","in"],["a","b","c","d"]],"answers":["B","D"],"id":"x"}""";

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void CreateFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [Test]
    public void Race_Folder_HasTheQuestionsOfBothSchools()
    {
        _folder.Write("RACE/dev/middle/1.txt", Passage);
        _folder.Write("RACE/dev/high/2.txt", Passage);
        _folder.Write("RACE/dev/high/._2.txt", "left by an archiver");

        var questions = Source.Race(RaceSplit.Dev).Questions;

        Assert.That(questions.Select(q => (q.File, q.Number, q.Level, q.Answer)), Is.EqualTo(new[]
        {
            ("dev/high/2.txt", 0, RaceLevel.High, 1), ("dev/high/2.txt", 1, RaceLevel.High, 3),
            ("dev/middle/1.txt", 0, RaceLevel.Middle, 1), ("dev/middle/1.txt", 1, RaceLevel.Middle, 3),
        }));
        Assert.That(questions.Take(2).Select(q => q.WithOption(0)), Is.EqualTo(new[] { "The boy went home .", "Why ? a" }));
    }

    [Test]
    public void Race_Archive_HasWhatTheFolderHas()
    {
        _folder.Write("made/dev/middle/1.txt", Passage);
        _folder.Write("made/train/high/2.txt", Passage);
        TestArchive.Write(_folder.File("made"), "RACE", _folder.File("given/RACE.tar.gz"));
        Directory.Move(_folder.File("made"), _folder.File("RACE"));

        var (ofFolder, ofArchive) =
            (Source.Race(RaceSplit.Dev), new TaskSource(DataFolders.Of(_folder.Path, _folder.File("given"))).Race(RaceSplit.Dev));

        Assert.That(ofArchive.Sha256, Is.EqualTo(ofFolder.Sha256));
        Assert.That(ofArchive.Questions[0].Place, Does.Contain("RACE.tar.gz, RACE/dev/middle/1.txt, question 1"));
    }

    [Test]
    public void Race_ArchiveCutOff_IsRefused([Values(0.3, 0.6, 0.97)] double share)
    {
        for (var i = 0; i < 20; i++)
            _folder.Write($"made/dev/middle/{i}.txt", Passage.Replace("rained", Digest.OfText($"{i}"), StringComparison.Ordinal));
        var archive = _folder.File("RACE.tar.gz");
        TestArchive.Write(_folder.File("made"), "RACE", archive);
        var bytes = File.ReadAllBytes(archive);
        File.WriteAllBytes(archive, bytes[..(int)(bytes.Length * share)]);

        Assert.That(() => Source.Race(RaceSplit.Dev),
            Throws.TypeOf<ReplicationException>().With.Message.EqualTo(
                $"{archive} is no whole tar.gz: it is cut off or damaged, so get it again."));
    }

    [TestCase("""{"article":"It rai""", "1.txt: not JSON", TestName = "Race_CutOff_NamesTheFile")]
    [TestCase("""{"article":"x","questions":["?"],"options":[["a","b","c"]],"answers":["A"]}""", "1.txt, question 1: 3 options where 4",
        TestName = "Race_ThreeOptions_NamesTheQuestion")]
    [TestCase("""{"article":"x","questions":["?"],"options":[["a","b","c","d"]],"answers":["E"]}""", "1.txt, question 1: the answer is 'E'",
        TestName = "Race_OtherLetter_NamesTheQuestion")]
    [TestCase("""{"article":"x","questions":["?","!"],"options":[["a","b","c","d"],["a","b","c","d"]],"answers":["A"]}""",
        "2 questions with 2 lists of options and 1 answers", TestName = "Race_FewerAnswers_AreRefused")]
    [TestCase("""{"article":"x","questions":[],"options":[],"answers":[]}""", "a passage without questions",
        TestName = "Race_NoQuestions_IsRefused")]
    public void Race_Malformed_NamesThePlace(string text, string what)
    {
        _folder.Write("RACE/dev/middle/1.txt", text);
        Assert.That(() => Source.Race(RaceSplit.Dev),
            Throws.TypeOf<ReplicationException>().With.Message.Contains(what).And.Message.Contains("1.txt"));
    }

    [Test]
    public void Race_NothingThere_SaysWhatItWouldTake() =>
        Assert.That(() => Source.Race(RaceSplit.Dev),
            Throws.TypeOf<ReplicationException>().With.Message.Contains("data fetch RACE").And.Message.Contains("--data"));

    [Test]
    public void Encode_QuestionThatLeavesNoRoom_NamesFileAndQuestion()
    {
        _folder.Write("RACE/dev/middle/1.txt", Passage);
        Assert.That(() => RaceEncoder.Encode(Source.Race(RaceSplit.Dev).Questions, GlueFiles.Tokenizer(), 8),
            Throws.TypeOf<ReplicationException>().With.Message.Contains("1.txt, question 1: question and option A have 5 tokens"));
    }

    [Test]
    public void Encode_LongPassage_OnlyItsEndIsCut()
    {
        _folder.Write("RACE/dev/middle/1.txt", Passage);
        var pieces = GlueFiles.Tokenizer();
        var row = RaceEncoder.Encode(Source.Race(RaceSplit.Dev).Questions, pieces, 10).Examples[0];
        Assert.That(row.Texts.Select(text => string.Join(' ', text.InputIds.Select(pieces.Token))),
            Is.EqualTo(new[] { "home", "out", "up", "in" }
            .Select(option => $"[CLS] it rained [SEP] the boy went {option} . [SEP]")));
        Assert.That(row.Texts[0].FirstLength, Is.EqualTo(4));
    }

    [Test, Category("Golden")]
    public void Encode_ReferenceQuestions_TokensAreTheReferences()
    {
        var pieces = SquadGolden.Tokenizer();
        var questions = SquadGolden.Data().Race(RaceSplit.Dev).Questions.ToDictionary(q => (q.File, q.Number));
        Assert.That(questions, Has.Count.EqualTo(4887));
        Assert.Multiple(() =>
        {
            foreach (var row in SquadGolden.Part("choices").EnumerateArray())
            {
                var question = questions[(row.GetProperty("file").GetString()!["RACE/".Length..], row.GetProperty("question").GetInt32())];
                Assert.That("ABCD"[question.Answer].ToString(), Is.EqualTo(row.GetProperty("answer").GetString()));
                foreach (var (index, choice) in row.GetProperty("choices").EnumerateArray().Index())
                {
                    var text = RaceEncoder.Encode(
                        [question], pieces, choice.GetProperty("max_length").GetInt32()).Examples[0].Texts[index / 2];
                    Assert.That(question.WithOption(index / 2), Is.EqualTo(choice.GetProperty("second").GetString()));
                    Assert.That(text.InputIds, Is.EqualTo(SquadGolden.Integers(choice, "input_ids")));
                }
            }
        });
    }

    [Test, Category("Golden")]
    public void Encode_CaseOfLongPassages_TokensAreTheReferences()
    {
        var folder = GoldenFiles.Require("../cases/race-long");
        using var right = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "right.json")));
        var questions = new TaskSource(DataFolders.Of(folder, folder)).Race(RaceSplit.Dev).Questions.ToDictionary(q => (q.File, q.Number));
        var pieces = WordPiece.FromVocabulary(Path.Combine(folder, "vocab.txt"));
        foreach (var file in right.RootElement.GetProperty("questions").EnumerateObject())
        {
            foreach (var (number, row) in file.Value.EnumerateArray().Index())
            {
                var question = questions[(file.Name, number)];
                Assert.That(Enumerable.Range(0, 4).Select(question.WithOption),
                    Is.EqualTo(row.GetProperty("second text of each choice").EnumerateArray().Select(t => t.GetString())));
                if (row.GetProperty("input_ids").ValueKind != JsonValueKind.Array)
                    continue;
                var texts = RaceEncoder.Encode([question], pieces, 64).Examples[0].Texts;
                foreach (var (ids, text) in row.GetProperty("input_ids").EnumerateArray().Zip(texts))
                    Assert.That(text.InputIds, Is.EqualTo(ids.EnumerateArray().Select(id => id.GetInt32()).Take(text.InputIds.Length)));
            }
        }
    }

    private TaskSource Source => new(DataFolders.Of(_folder.Path, _folder.Path));
}
