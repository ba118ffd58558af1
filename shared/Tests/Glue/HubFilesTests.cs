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
        await WriteSquadAsync(Row("a", ["old", "mill"], [0, 4]), Row("b", [], []), Row("c", ["old mill"], [0]));

        var data = Squad();

        Assert.That(data.Questions.Select(q => (q.Id, q.Question)), Is.EqualTo(new[] { ("a", "a?"), ("b", "b?"), ("c", "c?") }));
        Assert.That(data.Questions[0].Answers, Is.EqualTo(new[] { new SquadAnswer("old", 0), new SquadAnswer("mill", 4) }));
        Assert.That(data.Questions[1].Answers, Is.Empty);
        Assert.That(data.Questions[2].Answers, Is.EqualTo(new[] { new SquadAnswer("old mill", 0) }));
        Assert.That(ReferenceEquals(data.Questions[0].Context, data.Questions[2].Context), Is.True);
    }

    [Test]
    public async Task Squad_IdTwice_NamesBothRows()
    {
        await WriteSquadAsync(Row("a", ["old"], [0]), Row("b", [], []), Row("a", ["mill"], [4]));
        Assert.That(Squad, Throws.TypeOf<ReplicationException>().With.Message.Contains(
            "row 3 (id a): this id is used at").And.Message.Contains("row 1 (id a) already"));
    }

    [Test]
    public async Task Squad_MorePlacesThanTexts_NamesTheRow()
    {
        await WriteSquadAsync(Row("a", ["old"], [0]), Row("b", ["mill"], [4, 5]));
        Assert.That(Squad, Throws.TypeOf<ReplicationException>().With.Message.Contains(
            "row 2 (id b): 1 texts of answers with 2 places"));
    }

    [Test]
    public async Task Squad_PassageWithoutText_NamesTheRow()
    {
        await WriteSquadAsync(Row("a", ["old"], [0]), Row("b", [], [], context: " "));
        Assert.That(Squad, Throws.TypeOf<ReplicationException>().With.Message.Contains("row 2 (id b): its passage is empty"));
    }

    [Test]
    public async Task Squad_ColumnMissing_IsNamedWithThoseThatAreThere()
    {
        var schema = new ParquetSchema(new DataField<string>("id"), new DataField<string>("context"));
        await WriteAsync(SquadFile, schema, [new[] { "a" }, new[] { "old mill" }]);
        Assert.That(Squad, Throws.TypeOf<ReplicationException>().With.Message.Contains(
            "has no column of lists 'answers.text'; the hub's layout was expected"));
    }

    [Test]
    public async Task Race_HubsFolder_HasOptionsAndSchools()
    {
        await WriteRaceAsync("middle1.txt", "D", 4);

        var questions = Race();

        Assert.That(questions.Select(q => (q.Number, q.Level, q.Answer, string.Concat(q.Options))),
            Is.EqualTo(new[] { (0, RaceLevel.Middle, 0, "abcd"), (1, RaceLevel.Middle, 3, "efgh") }));
    }

    [TestCase("middle1.txt", "D", 3, "row 2: 3 options where 4 were expected")]
    [TestCase("middle1.txt", "b", 4, "row 2: the answer is 'b'; one of A, B, C or D")]
    [TestCase("1.txt", "D", 4, "row 2: example_id is '1.txt'; it should begin with middle or high")]
    public async Task Race_RowThatIsNoQuestion_IsNamed(string id, string answer, int options, string what)
    {
        await WriteRaceAsync(id, answer, options);
        Assert.That(Race, Throws.TypeOf<ReplicationException>().With.Message.Contains(what));
    }

    [Test]
    public async Task Squad_AnswersThatAreNumbers_AreNamedAsWhatTheyAre()
    {
        await WriteSquadAsync(new SquadRow<int> { id = "a", answers = new Answers<int> { text = [1], answer_start = [0] } });

        Assert.That(Squad, Throws.TypeOf<ReplicationException>().With.Message.EndsWith(
            ", column answers.text.list.element: its elements are whole numbers of 32 bits where text was expected; write the column "
            + "anew as that."));
    }

    [Test]
    public async Task Imdb_HubsFolder_HasReviews()
    {
        await WriteImdbAsync("Bad.", "Dull.", 1);

        var rows = Imdb();

        Assert.That(rows.Select(e => (e.Sentence1, e.Label)), Is.EqualTo(new[] { ("Bad.", (float?)0), ("Good.", 1), ("Dull.", 0) }));
    }

    // On the hub the reviews that nobody rated have -1.
    [TestCase("Dull.", -1, "row 3, column label: -1 is not a label of IMDb")]
    [TestCase(" ", 1, "row 2: a review without text")]
    public async Task Imdb_RowThatIsNoReview_IsNamed(string second, long label, string what)
    {
        await WriteImdbAsync("Bad.", second, label);
        Assert.That(Imdb, Throws.TypeOf<ReplicationException>().With.Message.Contains(what));
    }

    private const string SquadFile = "squad_v2/squad_v2/validation-00000-of-00001.parquet";

    private TaskSource Source => new(DataFolders.Of(_folder.Path, _folder.Path));

    private SquadDataset Squad() => Source.Squad(SquadVersion.V2, SquadSplit.Dev);

    private IReadOnlyList<RaceQuestion> Race() => Source.Race(RaceSplit.Dev).Questions;

    private IReadOnlyList<GlueExample> Imdb() =>
        new GlueSource(DataFolders.Of(_folder.Path, _folder.Path)).Load(GlueTasks.Imdb, GlueSplit.Train).Examples;

    private static SquadRow<string> Row(string id, string[] texts, int[] starts, string context = "old mill") =>
        new() { id = id, title = "T", context = context, question = $"{id}?",
            answers = new Answers<string> { text = [.. texts], answer_start = [.. starts] } };

    private async Task WriteSquadAsync<T>(params SquadRow<T>[] rows)
    {
        using var content = new MemoryStream();
        await ParquetSerializer.SerializeAsync(rows, content);
        _folder.Write(SquadFile, content.ToArray());
    }

    // The second of two questions.
    private Task WriteRaceAsync(string id, string answer, int options)
    {
        var schema = new ParquetSchema(
            new DataField<string>("example_id"), new DataField<string>("article"), new DataField<string>("answer"),
            new DataField<string>("question"),
            new ListField("options", new DataField<string>("element")));
        return WriteAsync("race/middle/validation-00000-of-00001.parquet", schema,
            [new[] { "middle1.txt", id }, new[] { "x", "x" }, new[] { "A", answer }, new[] { "1?", "2?" },
                (((string[])["a", "b", "c", "d", "e", "f", "g", "h"])[..(4 + options)],
                    ((int[])[0, 1, 1, 1, 0, 1, 1, 1])[..(4 + options)])]);
    }

    private Task WriteImdbAsync(string first, string second, long label) => WriteAsync(
        "imdb/plain_text/train-00000-of-00001.parquet", new ParquetSchema(new DataField<string>("text"), new DataField<long>("label")),
        [new[] { first, second, "Good." }, new long[] { 0, 0, label }]);

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
