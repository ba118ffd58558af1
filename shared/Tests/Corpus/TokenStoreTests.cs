using System.IO.Compression;
using System.Text;
using Replication.Corpus;

namespace Replication.Tests.Corpus;

[TestFixture]
internal sealed class TokenStoreTests
{
    [Test]
    public void OpenOrTokenize_Text_HoldsDocumentsSentencesAndTokens()
    {
        using var corpus = new SampleCorpus();
        using var store = corpus.Open();
        Assert.That(store.Read(0, (int)store.Tokens), Is.EqualTo(corpus.Tokens));
        Assert.That(store.Documents, Is.EqualTo(corpus.Text.Count));
        var sentence = 0L;
        for (var document = 0; document < corpus.Text.Count; document++)
        {
            Assert.That(store.FirstSentence(document), Is.EqualTo(sentence));
            sentence += corpus.Text[document].Count;
        }
        Assert.That(store.Sentences, Is.EqualTo(sentence));
        Assert.That(store.FirstSentence(store.Documents), Is.EqualTo(sentence));
        Assert.That(store.SentenceStart(1), Is.EqualTo(corpus.Text[0][0].Split(' ').Length + (corpus.Text[0].Count == 1 ? 1 : 0)));
    }

    [Test]
    public void OpenOrTokenize_Stopped_GoesOnToTheSameStore()
    {
        using var corpus = new SampleCorpus(documents: 30);
        using var whole = new SampleCorpus(documents: 30);
        using var expected = whole.Open();
        using var stop = new CancellationTokenSource();
        Assert.That(
            () => corpus.Open(progress: done => { if (done > 20) stop.Cancel(); }, cancellation: stop.Token),
            Throws.InstanceOf<OperationCanceledException>());
        var resumed = new List<long>();
        using var store = corpus.Open(progress: resumed.Add);
        Assert.That(store.Read(0, (int)store.Tokens), Is.EqualTo(expected.Read(0, (int)expected.Tokens)));
        Assert.That(resumed[0], Is.GreaterThan(20), "what was done is not done again");
    }

    [Test]
    public void OpenOrTokenize_Gzip_IsTheSameText()
    {
        using var corpus = new SampleCorpus();
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(File.ReadAllBytes(corpus.File));
        using var store = corpus.Open(corpus.Write("text.txt.gz", packed.ToArray()));
        Assert.That(store.Read(0, (int)store.Tokens), Is.EqualTo(corpus.Tokens));
    }

    [Test]
    public void CountTokens_Store_CountsEachId()
    {
        using var corpus = new SampleCorpus();
        using var store = corpus.Open();
        var counts = store.CountTokens();
        Assert.That(counts[3], Is.EqualTo(corpus.Text.Count));
        Assert.That(counts[7], Is.EqualTo(corpus.Tokens.Count(id => id == 7)));
    }

    [TestCase("tokens.u16")]
    [TestCase("sentences.i64")]
    [TestCase("documents.i64")]
    [TestCase("store.json")]
    [TestCase("sequences-12.i64")]
    public void Open_OneBitOfAFileIsFlipped_IsMadeAgain(string name)
    {
        using var corpus = new SampleCorpus();
        int[][] Sequences()
        {
            using var store = corpus.Open();
            using var stream = new SequenceStream(store, 12, 1, seed: 3);
            return [.. Enumerable.Range(0, (int)stream.Sequences).Select(step => stream.Batch(step)[0])];
        }
        var expected = Sequences();
        var file = Directory.GetFiles(corpus.Cache, name, SearchOption.AllDirectories).Single();
        var bytes = File.ReadAllBytes(file);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(file, bytes);

        Assert.That(Sequences(), Is.EqualTo(expected));
    }

    // Digests tell what a disk has done; a file that was made to fit them says so itself.
    [TestCase("tokens.u16", "it holds the token")]
    [TestCase("sentences.i64", "sentence 0 goes from token")]
    [TestCase("sequences-12.i64", "sequence")]
    public void Read_DamagedAndSealedAgain_IsRefusedInASentence(string name, string sentence)
    {
        using var corpus = new SampleCorpus();
        using (var store = corpus.Open())
            new SequenceStream(store, 12, 1, seed: 3).Dispose();
        var file = Directory.GetFiles(corpus.Cache, name, SearchOption.AllDirectories).Single();
        var folder = Path.GetDirectoryName(file)!;
        var bytes = File.ReadAllBytes(file);
        bytes.AsSpan(0, 8).Fill(0x7f);
        File.WriteAllBytes(file, bytes);
        var header = Path.Combine(folder, "store.json");
        var text = Json.Text(
            Json.Read<TokenStoreHeader>(
            header) with { Files = TokenStoreFiles.All.ToDictionary(n => n, n => Digest.OfFile(Path.Combine(folder, n))) });
        SealedFile.Write(header, stream => stream.Write(Encoding.UTF8.GetBytes(text)));
        if (name.StartsWith("sequences", StringComparison.Ordinal))
            SealedFile.Write(file, stream => stream.Write(bytes));
        else
            File.Delete(Path.Combine(folder, "sequences-12.i64"));

        using var damaged = corpus.Open();
        Assert.That(() => Use(damaged), Throws.TypeOf<ReplicationException>().With.Message.Contains(
            sentence).And.Message.EndsWith("delete the folder and run the same command again."));

        static void Use(TokenStore store)
        {
            store.CountTokens();
            using var stream = new SequenceStream(store, 12, 1, seed: 3);
            for (var step = 0L; step < stream.StepsPerEpoch; step++)
                stream.Batch(step);
        }
    }

    [TestCase("tokens.u16", 0)]
    [TestCase("sentences.i64", 8)]
    [TestCase("progress.json", 30)]
    public void OpenOrTokenize_StoppedAndDamagedMeanwhile_BeginsAnew(string name, int place)
    {
        using var corpus = new SampleCorpus(documents: 30);
        using var stop = new CancellationTokenSource();
        Assert.That(
            () => corpus.Open(progress: done => { if (done > 20) stop.Cancel(); }, cancellation: stop.Token),
            Throws.InstanceOf<OperationCanceledException>());
        var file = Directory.GetFiles(corpus.Cache, name, SearchOption.AllDirectories).Single();
        var bytes = File.ReadAllBytes(file);
        bytes[place] ^= 1;
        File.WriteAllBytes(file, bytes);
        using var store = corpus.Open();

        Assert.That(store.Read(0, (int)store.Tokens), Is.EqualTo(corpus.Tokens));
    }

    [TestCase("", "is empty")]
    [TestCase("\n\n\n", "is empty")]
    public void OpenOrTokenize_NoText_SaysSo(string text, string message)
    {
        using var corpus = new SampleCorpus();
        var file = corpus.Write("bad.txt", text);
        Assert.That(() => corpus.Open(file), Throws.InstanceOf<ReplicationException>().With.Message.Contains(message));
    }

    [Test]
    public void OpenOrTokenize_LineOfTenMegabytes_NamesTheLine()
    {
        using var corpus = new SampleCorpus();
        var file = corpus.Write("bad.txt", "w1 w2\n" + new string('a', 10_000_000));
        Assert.That(() => corpus.Open(file),
            Throws.InstanceOf<ReplicationException>().With.Message.Contains("bad.txt, line 2: longer than"));
    }

    [Test]
    public void OpenOrTokenize_InvalidUtf8_NamesLineAndByte()
    {
        using var corpus = new SampleCorpus();
        var file = corpus.Write("bad.txt", [.. Encoding.UTF8.GetBytes("w1\nw2\nw3 "), 0xff, (byte)'\n']);
        Assert.That(() => corpus.Open(file),
            Throws.InstanceOf<ReplicationException>().With.Message.Contains("bad.txt, line 3, byte 4 (0xFF): not UTF-8"));
    }

    [Test]
    public void OpenOrTokenize_DamagedGzip_SaysSo()
    {
        using var corpus = new SampleCorpus();
        var file = corpus.Write("bad.txt.gz", "this was never packed");
        Assert.That(() => corpus.Open(file), Throws.InstanceOf<ReplicationException>().With.Message.Contains("not a sound gzip file"));
    }

    [TestCase(-1)]
    [TestCase(4)]
    public void TryResume_LengthThatTheFileCannotHave_BeginsAnew(long length)
    {
        using var folder = new TemporaryFolder();

        using var resumed = HashedFile.TryResume(folder.Write("tokens", "abc"), length, null);

        Assert.That(resumed, Is.Null);
    }
}
