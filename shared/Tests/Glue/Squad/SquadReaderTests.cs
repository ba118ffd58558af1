using Replication.Glue;
using Replication.Glue.Squad;

namespace Replication.Tests.Glue.Squad;

public sealed class SquadReaderTests
{
    private const string Passage = "The 😀 mill stands by the river.";
    private const string Hub =
        """{"id":"q1","title":"Mills","context":"C","question":"What?","answers":{"text":["mill"],"answer_start":[6]}}""";
    private const string Official = "\"qas\":" + """[{"id":"q1","question":"What?","answers":[{"text":"mill","answer_start":6}]}]""";
    private const string Question = "\"id\":\"q\",\"question\":\"?\"";

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void CreateFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [TestCase("""{"version":"1.1","data":[{"title":"Mills","paragraphs":[{"context":"C",""" + Official + "}]}]}",
        TestName = "Read_OfficialForm_HasTheQuestion")]
    [TestCase("\uFEFF" + """{"data":[{"title":"Mills","paragraphs":[{"context":"C","plausible_answers":1,""" + Official + "}]}]}",
        TestName = "Read_MarkAndOtherKeys_AreLeftAlone")]
    [TestCase("""{"data":[""" + Hub + "]}", TestName = "Read_HubsFormUnderData_HasTheQuestion")]
    [TestCase("[" + Hub + "]", TestName = "Read_HubsFormAsArray_HasTheQuestion")]
    [TestCase(Hub + "\n", TestName = "Read_HubsFormByLine_HasTheQuestion")]
    public void Read_AnyForm_HasTheQuestion(string json)
    {
        var question = Read(json.Replace("\"C\"", $"\"{Passage}\"", StringComparison.Ordinal)).Questions.Single();
        Assert.That((question.Id, question.Title, question.Context, question.Question, question.Answers.Single()),
            Is.EqualTo(("q1", "Mills", Passage, "What?", new SquadAnswer("mill", 6))));
        Assert.That(SquadChecks.Start(question, question.Answers[0]), Is.EqualTo(Passage.IndexOf("mill", StringComparison.Ordinal)));
    }

    [Test]
    public void Read_Lines_HasAQuestionEach() =>
        Assert.That(Read(Hub + "\n" + Hub.Replace("q1", "q2", StringComparison.Ordinal)).Questions.Select(q => q.Id),
            Is.EqualTo(new[] { "q1", "q2" }));

    [TestCase("""{"context":"x","qas":[{"id":"q","question":"?","answ""", "line 1", "cut off", TestName = "Read_CutOff_NamesTheLine")]
    [TestCase("""{"context":"x","qas":[]}""", "article 1 ('T'), paragraph 1", "a passage without questions",
        TestName = "Read_PassageWithoutQuestions_NamesIt")]
    [TestCase("""{"qas":[{""" + Question + ""","answers":[]}]}""", "article 1 ('T'), paragraph 1", "lacks the key 'context'",
        TestName = "Read_NoContext_NamesThePlace")]
    [TestCase("""{"context":"x","qas":[{"question":"?","answers":[]}]}""", "question 1", "lacks the key 'id'",
        TestName = "Read_NoId_NamesThePlace")]
    [TestCase("""{"context":"x","qas":[{""" + Question + "}]}", "(id q)", "lacks the key 'answers'",
        TestName = "Read_NoAnswers_NamesThePlace")]
    [TestCase("""{"context":"x","qas":[{""" + Question + ""","is_impossible":true,"answers":[{"text":"x","answer_start":0}]}]}""", "(id q)",
        "plausible_answers", TestName = "Read_ImpossibleWithAnswers_IsRefused")]
    [TestCase("""{"context":"x","qas":[{""" + Question + ""","is_impossible":"true","answers":[]}]}""", "(id q)",
        "is_impossible is \"true\"; true or false", TestName = "Read_ImpossibleThatIsNoTruthValue_IsRefused")]
    [TestCase("""{"context":" ","qas":[{""" + Question + ""","answers":[]}]}""", "(id q)", "its passage is empty",
        TestName = "Read_PassageWithoutText_IsRefused")]
    [TestCase("""{"context":"x","qas":[{"id":7,"question":"?","answers":[]}]}""", "question 1", "its id is not a string",
        TestName = "Read_IdThatIsANumber_IsRefused")]
    [TestCase("""{"context":"x","qas":[{""" + Question + ""","answers":{"answer_start":[0]}}]}""", "(id q)",
        "its answers are neither a list nor an object", TestName = "Read_AnswersWithoutTexts_AreRefused")]
    [TestCase("""{"context":"x","qas":[{""" + Question + ""","answers":[{"text":"x","answer_start":-1}]}]}""", "(id q), answer 1",
        "answer_start is -1", TestName = "Read_StartBeforeThePassage_IsRefused")]
    [TestCase("""{"context":"x","qas":[{""" + Question + ""","answers":{"text":["x"],"answer_start":[]}}]}""", "(id q)",
        "1 texts of answers with 0 places", TestName = "Read_ListsOfTwoLengths_IsRefused")]
    [TestCase("""{"context":"\ud83d","qas":[{""" + Question + ""","answers":[]}]}""", "paragraph 1", "context is not a string",
        TestName = "Read_HalfASurrogatePair_IsRefused")]
    [TestCase("""{"context":"x","qas":[{""" + Question + ""","answers":[]},{""" + Question + ""","answers":[]}]}""", "question 2 (id q)",
        "question 1 (id q)", TestName = "Read_IdTwice_NamesBothPlaces")]
    public void Read_Malformed_NamesThePlace(string paragraph, string place, string what) =>
        Assert.That(() => Read("""{"data":[{"title":"T","paragraphs":[""" + paragraph + "]}]}"),
            Throws.TypeOf<ReplicationException>().With.Message.Contains(place).And.Message.Contains(what));

    // Its answers would be right for no model.
    [Test]
    public void Read_PlausibleAnswers_AreNoAnswers()
    {
        const string Asked = ""","is_impossible":true,"answers":[],"plausible_answers":[{"text":"x","answer_start":0}]}]}]}]}""";
        var question = Read("""{"data":[{"title":"T","paragraphs":[{"context":"x","qas":[{""" + Question + Asked).Questions.Single();
        Assert.That(question.Answers, Is.Empty);
        Assert.That(() => SquadChecks.Answers([question], SquadVersion.V2), Throws.Nothing);
    }

    [TestCase("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", "a git-LFS pointer", TestName = "Read_Pointer_IsNamed")]
    [TestCase("<!DOCTYPE html><html></html>", "an HTML page", TestName = "Read_WebPage_IsNamed")]
    public void Read_AnotherFile_IsNamed(string content, string what) =>
        Assert.That(() => Read(content), Throws.TypeOf<ReplicationException>().With.Message.Contains(what));

    [TestCase("", true)]
    [TestCase(" ", false)]
    public void Answers_WithoutText_AreRefused(string text, bool inPassage) => Assert.That(
        () => SquadChecks.Answers([Asked(new SquadAnswer(text, 0))], SquadVersion.V2, inPassage),
        Throws.TypeOf<ReplicationException>().With.Message.Contains("here: an answer without text").And.Message.Contains("empty list"));

    [Test]
    public void Read_NoArticles_IsRefused() =>
        Assert.That(() => Read("""{"data":[]}"""), Throws.TypeOf<ReplicationException>().With.Message.Contains("holds no questions"));

    [Test]
    public void Answers_OneThatIsNotInItsPassage_IsRefused() => Assert.That(
        () => SquadChecks.Answers([Asked(new SquadAnswer("windmill", 6))], SquadVersion.V1),
        Throws.TypeOf<ReplicationException>().With.Message.EqualTo("here: the answer 'windmill' is not in its passage."));

    [Test]
    public void Answers_NoneIn11_IsRefused() =>
        Assert.That(() => SquadChecks.Answers([Asked()], SquadVersion.V1),
            Throws.TypeOf<ReplicationException>().With.Message.Contains("SQuAD-2.0"));

    [Test]
    public void Start_InUtf16Units_NamesBothPlaces() => Assert.That(
        () => SquadChecks.Start(Asked(), new SquadAnswer("mill", 7)),
        Throws.TypeOf<ReplicationException>().With.Message.Contains(
            "is not at 7, where answer_start says, but at 6").And.Message.Contains("code points"));

    private static SquadQuestion Asked(params SquadAnswer[] answers) => new("here", "q", "", Passage, "?", answers);

    private SquadDataset Read(string json) => TaskSource.Squad(SquadVersion.V2, _folder.Write("questions.json", json));
}
