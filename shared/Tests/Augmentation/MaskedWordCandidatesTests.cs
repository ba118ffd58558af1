using Replication.Augmentation;
using Replication.Bert;
using Replication.Bert.Tokenization;
using Replication.Tests.Glue;
using static TorchSharp.torch;

namespace Replication.Tests.Augmentation;

[TestFixture]
[Category("Slow")]
internal sealed class MaskedWordCandidatesTests
{
    // A pass in bfloat16 is filled up to as many: all of these sentences' places of one length are one pass.
    private const int TokensPerPass = 128;

    private static readonly string Folder = Path.Combine(GlueFiles.Root, "data", "models", "minilm-l6");
    private static readonly string[] Film = ["this", "is", "a", "good", "film", "."];
    private static readonly string[] Other =
        ["the", "president", "spoke", "antidisestablishmentarianismly", "to", "congress", "yesterday", "evening"];

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

    [TestCase(Precision.Fp32)]
    [TestCase(Precision.Bf16)]
    public void Of_SentenceAmongOthers_IsWhatItIsAlone(Precision precision)
    {
        var settings = new AugmentationSettings { Precision = precision };
        var together = Of(settings, Film, Other, [.. Film.Reverse()], ["an", "odd", "and", "lovely", "story"]);
        Assert.That(together[0], Is.EqualTo(Of(settings, Film)[0]));
        Assert.That(together[1], Is.EqualTo(Of(settings, Other)[0]));
    }

    [Test]
    public void Of_MoreThreads_GivesTheSame()
    {
        var settings = new AugmentationSettings { Precision = Precision.Bf16 };
        var alone = Of(settings, Film, Other);
        set_num_threads(2);
        try
        {
            Assert.That(Of(settings, Film, Other), Is.EqualTo(alone));
        }
        finally
        {
            set_num_threads(1);
        }
    }

    [Test]
    public void Of_WordThatIsNotWanted_HasNoneAndLeavesTheOthersAsTheyAre()
    {
        using var candidates = new MaskedWordCandidates(_model, _pieces, new AugmentationSettings(), 64, CPU);
        var found = candidates.Of([new SentenceWords(Film, [true, false, true, true, false, true])])[0];
        var all = Of(new AugmentationSettings(), Film)[0];
        Assert.That(found[1].Concat(found[4]), Is.Empty);
        Assert.That((found[0], found[2], found[3], found[5]), Is.EqualTo((all[0], all[2], all[3], all[5])));
    }

    [Test]
    public void Measure_Fp32_FindsTheSameWordsInBothWays()
    {
        using var candidates = new MaskedWordCandidates(_model, _pieces, new AugmentationSettings(), 64, CPU);
        var speed = AugmentationSpeed.Measure(
            candidates, [string.Join(' ', Film), string.Join(' ', Other), "an odd and lovely story of two sisters"], TimeProvider.System,
            default);
        Assert.That(speed.Common, Is.EqualTo(1));
        // Which way is faster is the machine's to say.
        Assert.That(speed.BySentence, Is.Positive);
        Assert.That(speed.ByWord, Is.Positive);
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

    [Test]
    public void Of_OfficialForm_ReadsTheOriginalSentenceAsTheSecond()
    {
        Assert.That(Of(new AugmentationSettings { OfficialCode = true }, Film)[0][3], Is.EqualTo(Predicted(secondType: 1)));
        Assert.That(Predicted(secondType: 0), Is.Not.EqualTo(Predicted(secondType: 1)), "token types tell nothing here");

        // [CLS] this is a [MASK] film . [SEP] this is a good film . [SEP]
        string[] Predicted(long secondType)
        {
            using var scope = NewDisposeScope();
            var film = Film.SelectMany(_pieces.Encode).Select(id => (long)id).ToArray();
            long[] masked = [.. film[..3], _pieces.Ids.Mask, .. film[4..]];
            long[] ids = [_pieces.Ids.Classification, .. masked, _pieces.Ids.Separator, .. film, _pieces.Ids.Separator];
            long[] types = [.. Enumerable.Repeat(0L, 8), .. Enumerable.Repeat(secondType, 7)];
            var tokens = new TokenBatch(tensor(ids, [1, 15]), tensor(types, [1, 15]), ones([1, 15], ScalarType.Int64));
            using var noGrad = no_grad();
            var (_, best) = _model.call(tokens, tensor((long[])[4]), EncoderOutputs.None).Logits.topk(15);
            return [.. best.data<long>()
                .ToArray().Select(id => _pieces.Token((int)id)).Where(word => !word.StartsWith("##", StringComparison.Ordinal))];
        }
    }

    private IReadOnlyList<IReadOnlyList<string>[]> Of(AugmentationSettings settings, params string[][] sentences)
    {
        using var candidates = new MaskedWordCandidates(
            _model, _pieces, settings, 64, CPU, TokensPerPass, new PlacePredictor(_model, settings.Precision));
        return candidates.Of([.. sentences.Select(SentenceWords.All)]);
    }
}
