using Replication.Glue.Squad;

namespace Replication.Tests.Glue.Squad;

public sealed class AnswerSpansTests
{
    private const string Context = "old  mill";

    // [CLS] ? [SEP] old mill [SEP]
    private static readonly AnswerWindow Window = new(0, [1, 9, 2, 7, 8, 2], 3, 3, [(0, 3), (5, 9)], 0, 0);

    [Test]
    public void Find_BestSpan_IsTheUntouchedPieceOfThePassage()
    {
        var found = Find(SquadVersion.V1, [0, 0, 0, 5, 1, 0], [0, 0, 0, 1, 4, 0]);
        Assert.That((found.Text, found.Best[0].Start, found.Best[0].Score), Is.EqualTo((Context, 0, 9.0)));
        Assert.That(found.Best.Sum(span => span.Probability), Is.EqualTo(1).Within(1e-9));
    }

    [Test]
    public void Find_NullScoreAboveTheBest_IsNoAnswerIn20Alone()
    {
        float[] starts = [6, 0, 0, 5, 1, 0], ends = [6, 0, 0, 1, 4, 0];
        Assert.That(Find(SquadVersion.V2, starts, ends).Text, Is.Empty);
        Assert.That(Find(SquadVersion.V1, starts, ends).Text, Is.EqualTo(Context));
        Assert.That(Find(SquadVersion.V2, starts, ends, new AnswerSearch(NullThreshold: 3.5)).Text, Is.EqualTo(Context));
    }

    [Test]
    public void Find_NoAdmissibleSpan_IsNoAnswer([Values] SquadVersion version)
    {
        var found = Find(version, [0, 9, 8, 0, 0, 0], [0, 9, 8, 0, 0, 0], new AnswerSearch(Candidates: 2));
        Assert.That((found.Text, found.Best.Count, found.NullProbability), Is.EqualTo(("", 0, 1.0)));
    }

    [Test]
    public void Find_SpanInTwoWindows_IsListedOnceWithItsBestScore()
    {
        float[] low = [0, 0, 0, 1, 0, 0], high = [0, 0, 0, 3, 0, 0];
        var found = AnswerSpans.Find(Context, [Window, Window], [low, high], [low, high], new AnswerSearch());
        Assert.That(found.Best.Select(span => span.Text), Is.EqualTo(new[] { "old", "old  mill", "mill" }));
        Assert.That(found.Best[0].Score, Is.EqualTo(6));
    }

    [TestCase("The Cat's a-hat, an  apple!", "cats ahat apple", TestName = "Normalize_ArticlesAndMarks_AreDropped")]
    [TestCase("a\u0301 b", "\u0301 b", TestName = "Normalize_ArticleBeforeAMark_StandsAlone")]
    [TestCase("x\u001Fy\u00A0z", "x y z", TestName = "Normalize_BlanksOfPython_PartWords")]
    [TestCase("ΟΔΟΣ Σ", "οδος σ", TestName = "Normalize_LastSigma_HasItsForm")]
    [TestCase("İ", "i\u0307", TestName = "Normalize_DottedCapital_BecomesTwo")]
    [TestCase("a_1 theѢ", "a1 theѣ", TestName = "Normalize_InsideWords_NothingIsDropped")]
    public void Normalize_Text_IsPythons(string text, string expected) => Assert.That(AnswerText.Normalize(text), Is.EqualTo(expected));

    private static AnswerPrediction Find(SquadVersion version, float[] starts, float[] ends, AnswerSearch? search = null) =>
        AnswerSpans.Find(Context, [Window], [starts], [ends], search ?? version.Search());
}
