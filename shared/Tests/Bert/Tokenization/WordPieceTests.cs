using System.Text;
using Replication.Bert.Tokenization;
using Replication.Glue;
using Replication.Tests.Glue;

namespace Replication.Tests.Bert.Tokenization;

public class WordPieceTests
{
    private WordPiece _tokenizer = null!;

    [OneTimeSetUp]
    public void Open() => _tokenizer = GlueFiles.Tokenizer();

    private string Text(string text) => string.Join(' ', _tokenizer.Encode(text).Select(_tokenizer.Token));

    [TestCase("Naïve CAFÉ", "naive cafe")]
    [TestCase("a$b+c=d<e>f^g`h|i~j", "a $ b + c = d < e > f ^ g ` h | i ~ j")]
    [TestCase("unaffable", "una ##ffa ##ble")]
    [TestCase("tab\tand\u0085next", "tab and ##ne ##xt")]
    [TestCase("€5", "€ ##5")]
    [TestCase("北京is", "北 京 is")]
    [TestCase("a[SEP]b [sep]", "a [SEP] b [ sep ]")]
    [TestCase("\ud800lone", "lone")]
    [TestCase("non\uFFFEchar", "[UNK]")]
    public void Encode_Text_GivesThesePieces(string text, string pieces) => Assert.That(Text(text), Is.EqualTo(pieces));

    [Test]
    public void Encode_RandomUnicode_KeepsIdsInRangeAndEveryWord()
    {
        var random = new RandomStream(1, "unicode");
        for (var k = 0; k < 3000; k++)
        {
            var text = new StringBuilder();
            for (var i = random.NextInt32(40); i > 0; i--)
                text.Append(RandomText(random));
            var words = random.NextInt32(5) + 1;
            var ids = _tokenizer.Encode(text.ToString());
            var more = _tokenizer.Encode(text + string.Concat(Enumerable.Repeat(" word", words)));
            Assert.That(ids, Has.All.InRange(0, _tokenizer.VocabularySize - 1));
            // Words added after a blank are always found again, whatever came before them.
            Assert.That(more.Skip(ids.Length), Is.EqualTo(Enumerable.Repeat(_tokenizer.Encode("word")[0], words)), text.ToString());
        }
    }

    private static string RandomText(RandomStream random) => random.NextInt32(4) switch
    {
        0 => ((char)random.NextInt32(0x10000)).ToString(), // a lone surrogate now and then
        1 => ((char)random.NextInt32(0x80)).ToString(),
        2 => " ",
        _ => Rune.TryCreate(random.NextInt32(0x110000), out var rune) ? rune.ToString() : "",
    };

    [Test]
    public void EncodePair_AnyLength_FillsTheRoomAndKeepsTheStartOfBoth()
    {
        var first = string.Join(' ', Enumerable.Repeat("one", 20));
        for (var words = 0; words < 30; words++)
            for (var room = 3; room < 60; room++)
            {
                var second = string.Join(' ', Enumerable.Repeat("two", words));
                var (ids, firstLength) = _tokenizer.EncodePair(first, second, room);
                Assert.That(ids, Has.Length.EqualTo(Math.Min(room, 20 + words + 3)));
                var (kept, other) = (firstLength - 2, ids.Length - firstLength - 1);
                Assert.That((ids[0], ids[firstLength - 1], ids[^1]),
                    Is.EqualTo((_tokenizer.Ids.Classification, _tokenizer.Ids.Separator, _tokenizer.Ids.Separator)));
                Assert.That(kept == 20 || other == words || Math.Abs(kept - other) <= 1, $"{kept} and {other} of 20 and {words} in {room}");
            }
    }

    [Test]
    public void EncodePair_NoRoomForSpecialTokens_IsRefused() =>
        Assert.That(() => _tokenizer.EncodePair("a", "b", 2), Throws.TypeOf<ArgumentOutOfRangeException>());

    [Test, Explicit("The rate is the processor's too.")]
    public void Encode_AThread_IsFastEnough()
    {
        var texts = GlueFiles.Embedded().Load(GlueTasks.Sst2, GlueSplit.Train).Examples.Take(20_000).Select(e => e.Sentence1).ToArray();
        var rate = Enumerable.Range(0, 3).Max(_ => TokensPerSecond(texts));
        TestContext.Out.WriteLine(FormattableString.Invariant($"{rate / 1e6:0.0} M tokens a second"));
        Assert.That(rate, Is.GreaterThan(300_000));
    }

    // By processor time, so that other work on the machine does not count.
    private double TokensPerSecond(string[] texts)
    {
        var start = Environment.CpuUsage.TotalTime;
        var tokens = texts.Sum(text => (long)_tokenizer.Encode(text).Length);
        return tokens / (Environment.CpuUsage.TotalTime - start).TotalSeconds;
    }

    [TestCase("[PAD]\n[UNK]\n[CLS]\n[SEP]\na\n", "has no [MASK]")]
    [TestCase("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\nb\na\n", "line 8: the token 'a' is on line 6 already")]
    public void FromVocabulary_Malformed_SaysWhatIsWrong(string text, string message)
    {
        using var folder = new TemporaryFolder();
        Assert.That(() => WordPiece.FromVocabulary(folder.Write("vocab.txt", text)),
            Throws.TypeOf<ReplicationException>().With.Message.Contains(message));
    }

    [Test]
    public void FromVocabulary_NotUtf8OrMissing_SaysSo()
    {
        using var folder = new TemporaryFolder();
        Assert.That(() => WordPiece.FromVocabulary(folder.Write("vocab.txt", [0x61, 0xFF])),
            Throws.TypeOf<ReplicationException>().With.Message.Contains("not UTF-8"));
        Assert.That(() => WordPiece.FromVocabulary(Path.Combine(folder.Path, "none.txt")),
            Throws.TypeOf<ReplicationException>().With.Message.Contains("none.txt"));
    }
}
