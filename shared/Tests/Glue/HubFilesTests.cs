using Parquet;
using Parquet.Schema;
using Parquet.Serialization;
using Replication.Glue;
using Replication.Glue.Race;
using Replication.Glue.Squad;

namespace Replication.Tests.Glue;

/// <summary>The hub's Parquet of tasks beside GLUE, with lists and a column inside another.</summary>
public sealed class HubFilesTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void CreateFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [Test]
    public async Task Squad_HubsFolder_HasAnswersAndQuestionsWithout()
    {
        SquadRow<string> Row(string id, string[] texts, int[] starts) =>
            new() { id = id, title = "T", context = "old mill", question = $"{id}?",
                answers = new Answers<string> { text = [.. texts], answer_start = [.. starts] } };
        using var content = new MemoryStream();
        await ParquetSerializer.SerializeAsync([Row("a", ["old", "mill"], [0, 4]), Row("b", [], []), Row("c", ["old mill"], [0])], content);
        _folder.Write("squad_v2/squad_v2/validation-00000-of-00001.parquet", content.ToArray());

        var data = new TaskSource(DataFolders.Of(_folder.Path, _folder.Path)).Squad(SquadVersion.V2, SquadSplit.Dev);

        Assert.That(data.Questions.Select(q => (q.Id, q.Question)), Is.EqualTo(new[] { ("a", "a?"), ("b", "b?"), ("c", "c?") }));
        Assert.That(data.Questions[0].Answers, Is.EqualTo(new[] { new SquadAnswer("old", 0), new SquadAnswer("mill", 4) }));
        Assert.That(data.Questions[1].Answers, Is.Empty);
        Assert.That(data.Questions[2].Answers, Is.EqualTo(new[] { new SquadAnswer("old mill", 0) }));
        Assert.That(ReferenceEquals(data.Questions[0].Context, data.Questions[2].Context), Is.True);
    }

    [Test]
    public async Task Race_HubsFolder_HasOptionsAndSchools()
    {
        var schema = new ParquetSchema(
            new DataField<string>("example_id"), new DataField<string>("article"), new DataField<string>("answer"),
            new DataField<string>("question"),
            new ListField("options", new DataField<string>("element")));
        await WriteAsync("race/middle/validation-00000-of-00001.parquet", schema,
            [new[] { "middle1.txt", "middle1.txt" }, new[] { "x", "x" }, new[] { "A", "D" }, new[] { "1?", "2?" },
                (new[] { "a", "b", "c", "d", "e", "f", "g", "h" }, new[] { 0, 1, 1, 1, 0, 1, 1, 1 })]);

        var questions = new TaskSource(DataFolders.Of(_folder.Path, _folder.Path)).Race(RaceSplit.Dev).Questions;

        Assert.That(questions.Select(q => (q.Number, q.Level, q.Answer, string.Concat(q.Options))),
            Is.EqualTo(new[] { (0, RaceLevel.Middle, 0, "abcd"), (1, RaceLevel.Middle, 3, "efgh") }));
    }

    [Test]
    public async Task Squad_AnswersThatAreNumbers_AreNamedAsWhatTheyAre()
    {
        using var content = new MemoryStream();
        await ParquetSerializer.SerializeAsync(
            [new SquadRow<int> { id = "a", answers = new Answers<int> { text = [1], answer_start = [0] } }], content);
        _folder.Write("squad_v2/squad_v2/validation-00000-of-00001.parquet", content.ToArray());

        Assert.That(() => new TaskSource(DataFolders.Of(_folder.Path, _folder.Path)).Squad(SquadVersion.V2, SquadSplit.Dev),
            Throws.TypeOf<ReplicationException>().With.Message.EndsWith(
                ", column answers.text.list.element: its elements are whole numbers of 32 bits where text was expected; write the column "
                + "anew as that."));
    }

    [Test]
    public async Task Imdb_HubsFolder_HasReviews()
    {
        var schema = new ParquetSchema(new DataField<string>("text"), new DataField<long>("label"));
        await WriteAsync(
            "imdb/plain_text/train-00000-of-00001.parquet", schema, [new[] { "Bad.", "Dull.", "Good." }, new long[] { 0, 0, 1 }]);

        var rows = new GlueSource(DataFolders.Of(_folder.Path, _folder.Path)).Load(GlueTasks.Imdb, GlueSplit.Train).Examples;

        Assert.That(rows.Select(e => (e.Sentence1, e.Label)), Is.EqualTo(new[] { ("Bad.", (float?)0), ("Good.", 1), ("Dull.", 0) }));
    }

    // The names are the columns'.
#pragma warning disable IDE1006
    private sealed class SquadRow<T>
    {
        public string id { get; set; } = "";

        public string title { get; set; } = "";

        public string context { get; set; } = "";

        public string question { get; set; } = "";

        public Answers<T> answers { get; set; } = new();
    }

    private sealed class Answers<T>
    {
        public List<T> text { get; set; } = [];

        public List<int> answer_start { get; set; } = [];
    }
#pragma warning restore IDE1006

    // A list is its elements with their repetition levels.
    private async Task WriteAsync(string name, ParquetSchema schema, object[] columns)
    {
        using var content = new MemoryStream();
        await using (var writer = await ParquetWriter.CreateAsync(schema, content))
        {
            using var group = writer.CreateRowGroup();
            foreach (var (field, column) in schema.GetDataFields().Zip(columns))
            {
                switch (column)
                {
                    case string[] texts: await group.WriteAsync(field, texts); break;
                    case long[] numbers: await group.WriteAsync<long>(field, numbers); break;
                    case (string[] texts, int[] levels): await group.WriteAsync(field, texts, levels); break;
                }
            }
        }
        _folder.Write(name, content.ToArray());
    }
}
