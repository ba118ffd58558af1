using Replication.Augmentation;
using Replication.Bert;
using Replication.Bert.Tokenization;
using Replication.Tests.Glue;
using static TorchSharp.torch;

namespace Replication.Tests.Augmentation;

[TestFixture]
internal sealed class MaskedWordCandidatesTests
{
    private static readonly string Folder = Path.Combine(GlueFiles.Root, "data", "models", "minilm-l6");
    private static readonly string[] Film = ["this", "is", "a", "good", "film", "."];
    private static readonly string[] Other = ["the", "president", "spoke", "antidisestablishmentarianismly", "to", "congress", "yesterday", "evening"];

    private BertForMaskedLM _model = null!;
    private WordPiece _pieces = null!;

    [OneTimeSetUp]
    public void Open()
    {
        set_num_threads(1);
        _model = ModelFolder.OpenMaskedLM(Folder);
        _pieces = WordPiece.FromVocabulary(Path.Combine(Folder, "vocab.txt"));
    }

    [OneTimeTearDown]
    public void Close() => _model.Dispose();

    [Test]
    public void Of_Sentence_GivesKWholeWordsThatFit()
    {
        var found = Of(new AugmentationSettings(), Film)[0];
        Assert.That(found, Has.All.Count.EqualTo(15));
        Assert.That(found.SelectMany(words => words), Has.None.StartsWith("##").And.None.StartsWith("[UNK"));
        Assert.That(found[4], Does.Contain("movie").Or.Contain("film").Or.Contain("book"));
    }

    [Test]
    public void Of_SentenceAmongOthers_IsWhatItIsAlone()
    {
        var together = Of(new AugmentationSettings(), Film, Other);
        Assert.That(together[0], Is.EqualTo(Of(new AugmentationSettings(), Film)[0]));
        Assert.That(together[1], Is.EqualTo(Of(new AugmentationSettings(), Other)[0]));
    }

    [Test]
    public void Measure_Sentences_FindsTheSameWordsInThreeWays()
    {
        var speed = AugmentationSpeed.Measure(
            _model, _pieces, new AugmentationSettings(), 64, CPU, [string.Join(' ', Film), string.Join(' ', Other), "an odd and lovely story of two sisters"], TimeProvider.System, default);
        Assert.That((speed.Sentences, speed.AreEqual), Is.EqualTo((3, true)));
        Assert.That(speed.Words, Is.GreaterThan(15));
    }

    [Test]
    public void Of_WordOfSeveralPieces_HasNone()
    {
        var found = Of(new AugmentationSettings(), Other)[0];
        Assert.That(found[3], Is.Empty);
        Assert.That(found[4], Is.Not.Empty);
    }

    [Test]
    public void Of_OfficialForm_PassesOverStopWordsAndPunctuation()
    {
        var found = Of(new AugmentationSettings { OfficialCode = true }, Film)[0];
        Assert.That(Array.ConvertAll(found, words => words.Count > 0), Is.EqualTo((bool[])[false, false, false, true, true, false]));
        Assert.That(found[3], Has.Count.LessThanOrEqualTo(15));
    }

    private IReadOnlyList<IReadOnlyList<string>[]> Of(AugmentationSettings settings, params string[][] sentences)
    {
        using var candidates = new MaskedWordCandidates(_model, _pieces, settings, 64, CPU);
        return candidates.Of(sentences);
    }
}
