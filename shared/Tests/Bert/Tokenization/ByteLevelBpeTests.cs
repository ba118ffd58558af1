using System.Text.Json;
using Replication.Bert.Tokenization;

namespace Replication.Tests.Bert.Tokenization;

public sealed class ByteLevelBpeTests
{
    private const string Vocabulary =
        """{"<s>":0,"<pad>":1,"</s>":2,"<unk>":3,"a":4,"b":5,"Ġ":6,"#":7,"ab":8,"Ġab":9,"##":10,"Ã":11,"©":12,"<mask>":13}""";
    private const string Merges = "#version: 0.2\na b\nĠ ab\n# #\n";

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void CreateFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [TestCase(Merges, TestName = "Open_UsualMerges_Encodes")]
    [TestCase("a b\nĠ ab\n# #", TestName = "Open_MergesWithoutVersion_Encodes")]
    [TestCase("#version: 0.2\r\na b\r\nĠ ab\r\n# #\r\n\r\n", TestName = "Open_MergesWithReturns_Encodes")]
    public void Open_MergesInAnyForm_Encodes(string merges)
    {
        var bpe = Open(Vocabulary, merges);
        Assert.That(bpe.Encode("ab ab##"), Is.EqualTo(new[] { 8, 9, 10 }));
    }

    [TestCase("""["a b","Ġ ab","# #"]""", TestName = "Open_OneFileOldMerges_Encodes")]
    [TestCase("""[["a","b"],["Ġ","ab"],["#","#"]]""", TestName = "Open_OneFileNewMerges_Encodes")]
    public void Open_OneFile_Encodes(string merges)
    {
        _folder.Write("tokenizer.json", $$$"""{"model":{"type":"BPE","vocab":{{{Vocabulary}}},"merges":{{{merges}}}}}""");
        Assert.That(ByteLevelBpe.Open(_folder.Path).Encode("ab ab##"), Is.EqualTo(new[] { 8, 9, 10 }));
    }

    [Test]
    public void EncodePair_TwoTexts_HaveTwoSeparatorsAndOneType()
    {
        var (ids, firstLength) = Open(Vocabulary, Merges).EncodePair("ab", "a<mask> b", 16);
        Assert.That(ids, Is.EqualTo(new[] { 0, 8, 2, 2, 4, 13, 6, 5, 2 }));
        Assert.That(firstLength, Is.EqualTo(ids.Length));
    }

    [Test]
    public void Encode_BlanksBeforeTheMask_BelongToIt() =>
        Assert.That(Open(Vocabulary, Merges).Encode("a <mask>b"), Is.EqualTo(new[] { 4, 13, 5 }));

    [Test]
    public void Locate_Words_LeaveBlanksOutAndKeepCharactersWhole()
    {
        const string Text = "a ab  é";
        var bpe = Open(Vocabulary, Merges);
        Assert.That(bpe.Locate(Text).Select(token => token.Id), Is.EqualTo(bpe.Encode(Text)));
        Assert.That(bpe.Locate(Text).Select(token => Text[token.Start..token.End]),
            Is.EqualTo(new[] { "a", "ab", " ", "é", "é" }).Or.EqualTo(new[] { "a", "ab", " ", " ", "é", "é" }));
    }

    [TestCase("1")]
    [TestCase("[1,2]")]
    [TestCase("null")]
    [TestCase("{}")]
    public void Open_MergeThatIsNoText_NamesIt(string merge)
    {
        _folder.Write(
            "tokenizer.json",
            $$$"""{"added_tokens":[{"content":1,"id":"x"}],"model":{"type":"BPE","vocab":{{{Vocabulary}}},"merges":[{{{merge}}}]}}""");
        Assert.That(() => ByteLevelBpe.Open(_folder.Path), Throws.TypeOf<ReplicationException>().With.Message.Contains("merge 1"));
    }

    [TestCase(Vocabulary, "a b\na c\n", "merges.txt, line 2: 'c' is not in the vocabulary",
        TestName = "Open_MergeOfAnotherModel_NamesTheLine")]
    [TestCase(Vocabulary, "a b\nab\n", "merges.txt, line 2: 'ab' where two tokens", TestName = "Open_MergeOfOneToken_NamesTheLine")]
    [TestCase(Vocabulary, "a b\na b\n", "merges.txt, line 2: 'a b' appears twice", TestName = "Open_MergeTwice_NamesTheLine")]
    [TestCase("""{"a":4,"b":5}""", "", "vocab.json has no <pad>", TestName = "Open_NoSpecialTokens_IsRefused")]
    [TestCase("""{"a":"x"}""", "", "vocab.json: the id of 'a' is \"x\"", TestName = "Open_IdThatIsNone_IsRefused")]
    [TestCase("""{"a":1,"b":1}""", "", "'b' or its id 1 appears twice", TestName = "Open_IdTwice_IsRefused")]
    public void Open_Malformed_NamesThePlace(string vocabulary, string merges, string what) =>
        Assert.That(() => Open(vocabulary, merges), Throws.TypeOf<ReplicationException>().With.Message.Contains(what));

    [Test]
    public void Open_MergesCutOffAtALinesEnd_AreRefused()
    {
        string[] words = [.. Enumerable.Range(0, 40).Select(i => $"{(char)('c' + (i % 20))}{(char)('C' + (i / 20))}")];
        var letters = words.SelectMany(word => word.Select(letter => $"{letter}")).Distinct(StringComparer.Ordinal);
        var vocabulary = Vocabulary[..^1] + string.Concat(letters.Concat(words).Select((token, i) => $",\"{token}\":{14 + i}")) + "}";
        string Merging(int count) => Merges + string.Concat(words.Take(count).Select(word => $"{word[0]} {word[1]}\n"));

        Assert.That(Open(vocabulary, Merging(40)).Encode("ab ab##"), Is.EqualTo(new[] { 8, 9, 10 }));
        Assert.That(() => Open(vocabulary, Merging(10)),
            Throws.TypeOf<ReplicationException>().With.Message.Contains("merges.txt: no merge makes 35 of the vocabulary's 48 tokens"));
    }

    [Test]
    public void Open_NoMerges_NamesTheFile()
    {
        _folder.Write("vocab.json", Vocabulary);
        Assert.That(() => ByteLevelBpe.Open(_folder.Path),
            Throws.TypeOf<ReplicationException>().With.Message.Contains("merges.txt is missing"));
    }

    [Test, Category("Golden")]
    public void EncodePair_TrickyTexts_EqualsTransformers()
    {
        var bpe = ByteLevelBpe.Open(GoldenFiles.Require("../roberta"));
        using var golden = JsonDocument.Parse(File.ReadAllText(GoldenFiles.Require("roberta_tokens_tricky.json")));
        Assert.That(golden.RootElement.GetArrayLength(), Is.GreaterThan(50));
        Assert.Multiple(() =>
        {
            foreach (var row in golden.RootElement.EnumerateArray())
            {
                var text = row.GetProperty("text").GetString()!;
                var (ids, _) = bpe.EncodePair(text, row.GetProperty("pair").GetString(), row.GetProperty("max_length").GetInt32());
                Assert.That(ids, Is.EqualTo(row.GetProperty("input_ids").EnumerateArray().Select(id => id.GetInt32())), text);
                Assert.That(bpe.Locate(text).Select(token => token.Id), Is.EqualTo(bpe.Encode(text)), text);
            }
        });
    }

    private ByteLevelBpe Open(string vocabulary, string merges)
    {
        _folder.Write("vocab.json", vocabulary);
        _folder.Write("merges.txt", merges);
        return ByteLevelBpe.Open(_folder.Path);
    }
}
