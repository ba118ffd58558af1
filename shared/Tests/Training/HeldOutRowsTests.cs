using Replication.Glue;
using Replication.Training;

namespace Replication.Tests.Training;

public sealed class HeldOutRowsTests
{
    private static readonly string[] Phrases =
    [
        "a funny film", "funny", "a funny", "a dull and long film", "dull and long", "long", "film", "no end in sight", "in sight",
        "a dull and long film", "better than the book", "the book",
    ];

    private static IReadOnlyList<GlueExample> Rows(params IReadOnlyList<string> texts) =>
        [.. texts.Select((text, row) => new GlueExample(row, text, null, 0))];

    [Test]
    public void ByText_Phrases_AreWithEverySentenceThatContainsThem()
    {
        var groups = HeldOutRows.ByText(GlueTasks.Sst2, Rows(Phrases)).Select(group => string.Join(' ', group.Order()));
        Assert.That(groups, Is.EquivalentTo(new[] { "0 1 2 6", "3 4 5 6 9", "7 8", "10 11" }));
    }

    [Test]
    public void ByText_PartOfAWord_IsNoPhrase() =>
        Assert.That(HeldOutRows.ByText(GlueTasks.Sst2, Rows("a longing", "long")), Has.Count.EqualTo(2));

    [Test]
    public void ByText_PairsThatShareASentence_AreOneGroup()
    {
        GlueExample[] rows = [new(0, "a", "b", 0), new(1, "c", "d", 0), new(2, "a", "e", 0), new(3, "e", "f", 0), new(4, "g", "h", 0)];
        Assert.That(
            HeldOutRows.ByText(GlueTasks.Rte, rows).Select(group => string.Join(' ', group)), Is.EquivalentTo(new[] { "0 2 3", "1", "4" }));
    }

    [Test]
    public void OfGroups_OfPhrases_HoldsOutNoneThatIsAPartOfATrainingRowOrHasOneAsItsPart([Values(0.25, 0.5)] double share)
    {
        var rows = HeldOutRows.OfGroups(HeldOutRows.ByText(GlueTasks.Sst2, Rows(Phrases)), Phrases.Length, share);
        Assert.That(rows.HeldOut, Is.Not.Empty.And.Count.LessThanOrEqualTo((int)Math.Round(share * Phrases.Length)));
        Assert.That(rows.HeldOut.Intersect(rows.LeftOut), Is.Empty);
        var trained = Enumerable.Range(0, Phrases.Length).Except(rows.HeldOut).Except(rows.LeftOut).Select(row => $" {Phrases[row]} ");
        var heldOut = rows.HeldOut.Select(row => $" {Phrases[row]} ").ToList();
        Assert.That(
            trained.Where(row => heldOut.Any(
                held => held.Contains(row, StringComparison.Ordinal) || row.Contains(held, StringComparison.Ordinal))),
            Is.Empty);
    }

    [Test]
    public void OfGroups_GroupThatIsTooLarge_IsPassedOver()
    {
        var rows = HeldOutRows.OfGroups([[.. Enumerable.Range(0, 90)], [90], [91], [92], [.. Enumerable.Range(93, 7)]], 100, 0.03);
        Assert.That(rows.HeldOut, Is.EquivalentTo(new[] { 90, 91, 92 }));
    }

    [Test]
    public void OfGroups_RowsBeyondTheFirst_DoNotCount()
    {
        var rows = HeldOutRows.OfGroups([[0, 5], [1], [2, 7], [3]], total: 4, share: 0.5);
        Assert.That(rows.HeldOut.Concat(rows.LeftOut), Has.All.LessThan(4));
        Assert.That(rows.HeldOut, Has.Count.EqualTo(2));
    }

    [Test]
    public void OneByOne_AsInCommittedRuns_DrawsTheSameRows() =>
        Assert.That(HeldOutRows.OneByOne(20, 0.2).HeldOut.Order(), Is.EqualTo((int[])[8, 11, 13, 18]));
}
