using Replication.Augmentation;
using Replication.Glue;

namespace Replication.Tests.Augmentation;

[TestFixture]
internal sealed class AugmenterTests
{
    private static readonly AugmentationSettings Paper = new() { RowsPerRow = 50, Candidates = 2 };

    [Test]
    public void Augment_Row_ReplacesTheShareOfWordsThatWasAsked()
    {
        var words = Variants(Paper with { RowsPerRow = 400 }, Single).SelectMany(row => row.Sentence1.Split(' ')).ToList();
        Assert.That(words.Count(w => w.StartsWith('x')) / (double)words.Count, Is.EqualTo(0.4).Within(0.04));
        Assert.That(words.Distinct(), Is.SupersetOf((string[])["good", "x-good-0", "x-good-1"]));
    }

    [Test]
    public void Augment_RowAmongOthers_IsWhatItIsAlone()
    {
        GlueExample[] rows = [Single, Pair with { Index = 8 }, new(9, "more words here", null, 0)];
        var together = Make(Paper).Augment(rows);
        for (var i = 0; i < rows.Length; i++)
            Assert.That(together[i], Is.EqualTo(Make(Paper).Augment([rows[i]])[0]));
    }

    [Test]
    public void Augment_AnotherSeed_MakesOtherRows() =>
        Assert.That(Make(Paper, seed: 2).Augment([Single])[0], Is.Not.EqualTo(Make(Paper, seed: 1).Augment([Single])[0]));

    [Test]
    public void Augment_PairInThePapersForm_VariesBothSentencesAndKeepsTheLabel()
    {
        var made = Variants(Paper, Pair);
        Assert.That(made, Has.Count.EqualTo(50));
        Assert.That(made, Has.All.Matches<GlueExample>(row => row.Label == 1));
        Assert.That(made.Select(row => row.Sentence1).Distinct().Count(), Is.GreaterThan(5));
        Assert.That(made.Select(row => row.Sentence2).Distinct().Count(), Is.GreaterThan(5));
    }

    [Test]
    public void Augment_PairInTheOfficialForm_KeepsTheLastFirstSentenceWhileTheSecondVaries()
    {
        var made = Variants(Paper with { OfficialCode = true }, Pair);
        var first = made.Where(row => row.Sentence2 == Pair.Sentence2).ToList();
        var second = made.Where(row => row.Sentence2 != Pair.Sentence2).ToList();
        Assert.That(first.Select(row => row.Sentence1).Distinct().Count(), Is.EqualTo(first.Count), "no row twice");
        Assert.That(second.Select(row => row.Sentence1).Distinct().Count(), Is.EqualTo(1));
        Assert.That(second, Is.Not.Empty);
    }

    [Test]
    public void Augment_PapersForm_KeepsRowsThatComeTwice()
    {
        var made = Variants(Paper, new GlueExample(3, "good", null, 1));
        Assert.That(made, Has.Count.EqualTo(50));
        Assert.That(made.Distinct().Count(), Is.LessThanOrEqualTo(3));
    }

    [Test]
    public void Augment_OfficialForm_LeavesStopWordsAndNumbersAlone()
    {
        var made = Variants(
            Paper with { OfficialCode = true, ReplaceProbability = 1 }, new GlueExample(3, "the good 42 film", null, 1), all: false);
        Assert.That(made.Select(row => row.Sentence1),
            Has.All.Matches<string>(text => text.StartsWith("the ", StringComparison.Ordinal) && text.Contains(" 42 ")));
    }

    [Test]
    public void Augment_NoCandidatesButNeighbours_TakesThose()
    {
        var augmenter = new Augmenter(
            Paper with { ReplaceProbability = 1 }, sentences => [
                .. sentences.Select(s => Array.ConvertAll(s.Words, _ => (IReadOnlyList<string>)[]))], word => ["near-" + word], 1);
        Assert.That(augmenter.Augment([Single])[0][0].Sentence1, Does.StartWith("near-a near-good"));
    }

    // Candidates that tell what stood before the word.
    private static IReadOnlyList<IReadOnlyList<string>[]> AfterWhat(IReadOnlyList<SentenceWords> sentences) =>
        [.. sentences.Select(s => s.Words.Select(
            (word, i) => (IReadOnlyList<string>)(s.Wanted[i] ? [$"{word}<{(i == 0 ? "" : s.Words[i - 1])}"] : [])).ToArray())];

    [TestCase(false, "a< b<a c<b")]
    [TestCase(true, "a< b<a< c<b<a<")]
    public void Augment_WordByWord_LooksAtWhatTheSentenceHasBecome(bool inTurn, string expected)
    {
        var settings = Paper with { ReplaceProbability = 1, IsInTurn = inTurn, RowsPerRow = 2 };
        var made = new Augmenter(settings, AfterWhat, null, 1).Augment([new GlueExample(3, "a b c", null, 1), new(4, "d", "e f", 0)]);
        Assert.That(made[0].Select(row => row.Sentence1), Is.EqualTo((string[])[expected, expected]));
        Assert.That(made[1].Select(row => row.Sentence2), Has.All.EqualTo(inTurn ? "e< f<e<" : "e< f<e"));
    }

    [TestCase("MNLI", 10)]
    [TestCase("QQP", 10)]
    [TestCase("SST-2", 20)]
    [TestCase("QNLI", 20)]
    [TestCase("RTE", 30)]
    [TestCase("STS-B", 30)]
    public void AsTheCode_Task_HasTheNewRowsOfTheAuthorsProgram(string task, int rows)
    {
        Assert.That(new AugmentationSettings().AsTheCode(task, keepsRows: false).RowsPerRow, Is.EqualTo(rows));
        Assert.That((Paper with { RowsPerRow = 1 }).AsTheCode(task, keepsRows: true).RowsPerRow, Is.EqualTo(1));
    }

    [Test]
    public void Augment_WordThatNoVariantReplaces_IsNotLookedUp()
    {
        var asked = new List<SentenceWords>();
        var augmenter = new Augmenter(
            Paper with { RowsPerRow = 1 },
            sentences =>
            {
                asked.AddRange(sentences);
                return [.. sentences.Select(s => Array.ConvertAll(s.Words, word => (IReadOnlyList<string>)["x-" + word]))];
            },
            neighbours: null, seed: 1);
        var rows = Enumerable.Range(0, 100).Select(i => Single with { Index = i }).ToList();
        var made = augmenter.Augment(rows).Select(variants => variants[0].Sentence1.Split(' ')).ToList();
        Assert.That(asked.SelectMany(s => s.Wanted),
            Is.EqualTo(made.SelectMany(words => words).Select(w => w.StartsWith("x-", StringComparison.Ordinal))));
        Assert.That(asked.SelectMany(s => s.Wanted).Count(w => w), Is.InRange(180, 300), "of 600 words");
    }

    [TestCase(1.5, 20, 15)]
    [TestCase(0.4, 0, 15)]
    [TestCase(0.4, 20, 0)]
    public void Validate_OutOfRange_IsRefused(double probability, int rows, int candidates) => Assert.That(
        () => new AugmentationSettings { ReplaceProbability = probability, RowsPerRow = rows, Candidates = candidates }.Validate(),
        Throws.InstanceOf<ReplicationException>().With.Message.Contains("must be from"));

    private static GlueExample Single { get; } = new(4, "A good film, really.", null, 1);

    private static GlueExample Pair { get; } = new(5, "one nice day", "another bad night falls", 1);

    private static IReadOnlyList<GlueExample> Variants(AugmentationSettings settings, GlueExample row, bool all = true) =>
        Make(settings, all: all).Augment([row])[0];

    // Two candidates for each word; without "all", none for the words that the authors' program passes over.
    private static Augmenter Make(AugmentationSettings settings, long seed = 1, bool all = true) => new(
        settings,
        sentences => [.. sentences.Select(sentence => Array.ConvertAll(
            sentence.Words, word => (IReadOnlyList<string>)(all || Words.IsContent(word) ? [$"x-{word}-0", $"x-{word}-1"] : [])))],
        neighbours: null,
        seed);
}
