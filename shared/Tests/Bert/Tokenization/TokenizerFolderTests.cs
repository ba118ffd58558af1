using Replication.Bert;
using Replication.Bert.Tokenization;
using Replication.Tests.CommandLine;

namespace Replication.Tests.Bert.Tokenization;

/// <summary>The settings that people's tokenizers have, as transformers takes them.</summary>
public sealed class TokenizerFolderTests
{
    private static readonly string[] Specials = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];

    private static readonly string[] Words =
        ["Apple", "apple", "café", "cafe", "É", "é", "e", "电", "影", "电影", "##影", "film", "##s", "😀", "##😀", "a", "##a", "i", "##i",
            "\u0307", "##\u0307", "foo"];

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void CreateFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    private string Model => _folder.File("model");

    private void WriteVocabulary(params string[] more) =>
        _folder.Write("model/vocab.txt", string.Join('\n', [.. Specials, .. Words, .. more]) + "\n");

    private void WriteSettings(string json) => _folder.Write("model/tokenizer_config.json", json);

    private void WriteWhole(string parts = "", string model = "", IReadOnlyList<string>? tokens = null)
    {
        var ids = string.Join(", ", (tokens ?? [.. Specials, .. Words]).Select((token, id) => $"\"{token}\": {id}"));
        _folder.Write(
            "model/tokenizer.json", $$"""{ {{parts}} "model": { "type": "WordPiece", {{model}} "vocab": { {{ids}} } } }""");
    }

    private string Pieces(string text)
    {
        var pieces = WordPieceFolder.Open(Model);
        var ids = pieces.Encode(text);
        Assert.That(pieces.Locate(text).Select(token => token.Id), Is.EqualTo(ids), "with places");
        return string.Join(' ', ids.Select(pieces.Token));
    }

    [TestCase("{}", "Apple CAFÉ İ", "apple cafe i")]
    [TestCase("{\"do_lower_case\": true}", "Apple É", "apple e")]
    [TestCase("{\"do_lower_case\": false}", "Apple apple café É", "Apple apple café É")]
    [TestCase("{\"do_lower_case\": false}", "APPLE", "[UNK]")]
    [TestCase("{\"do_lower_case\": false, \"strip_accents\": true}", "Apple café", "Apple cafe")]
    [TestCase("{\"do_lower_case\": true, \"strip_accents\": false}", "É CAFÉ", "é café")]
    [TestCase("{\"do_lower_case\": true, \"strip_accents\": false}", "İ", "i ##\u0307")]
    [TestCase("{\"do_lower_case\": true, \"strip_accents\": null}", "É", "e")]
    [TestCase("{}", "电影films", "电 影 film ##s")]
    [TestCase("{\"tokenize_chinese_chars\": false}", "电影 电影影", "电影 电影 ##影")]
    [TestCase("{\"tokenizer_class\": \"BertTokenizerFast\", \"do_lower_case\": false}", "Apple", "Apple")]
    [TestCase("{\"tokenizer_class\": \"DistilBertTokenizer\"}", "Apple", "apple")]
    public void Encode_SettingsOfTokenizerConfig_AreHeeded(string settings, string text, string pieces)
    {
        WriteVocabulary();
        WriteSettings(settings);
        Assert.That(Pieces(text), Is.EqualTo(pieces));
    }

    [TestCase("{\"do_lower_case\": \"no\"}", "do_lower_case")]
    [TestCase("{\"do_basic_tokenize\": false}", "do_basic_tokenize")]
    [TestCase("{\"never_split\": [\"foo\"]}", "never_split")]
    [TestCase("{\"truncation_side\": \"left\"}", "truncation_side")]
    [TestCase("{\"tokenizer_class\": \"BertJapaneseTokenizer\"}", "BertJapaneseTokenizer")]
    [TestCase("{\"additional_special_tokens\": [\"<nowhere>\"]}", "'<nowhere>', which has no id")]
    [TestCase("{\"added_tokens_decoder\": {\"x\": {\"content\": \"foo\"}}}", "the id of the added token 'foo'")]
    [TestCase("{\"added_tokens_decoder\": {\"3\": {\"content\": \"foo\"}}}", "'foo' has the id 3 and another")]
    [TestCase("{\"unk_token\": \"<unk>\"}", "has no <unk>")]
    [TestCase("[]", "holds no JSON object")]
    public void Open_SettingsThatAreNotDone_AreRefusedByKey(string settings, string message)
    {
        WriteVocabulary();
        WriteSettings(settings);
        Assert.That(() => WordPieceFolder.Open(Model),
            Throws.TypeOf<ReplicationException>().With.Message.Contains(message).And.Message.Contains(Model));
    }

    [Test]
    public void Encode_SpecialTokensOfOtherNames_AreFound()
    {
        _folder.Write("model/vocab.txt", "<pad>\n<unk>\n<s>\n</s>\n<mask>\na\n");
        WriteSettings(
            """{"pad_token": "<pad>", "unk_token": {"content": "<unk>", "special": true}, "cls_token": "<s>", "sep_token": "</s>"}""");
        _folder.Write("model/special_tokens_map.json", """{"mask_token": "<mask>"}""");
        Assert.That(Pieces("a <mask> b</s>"), Is.EqualTo("a <mask> <unk> </s>"));
    }

    [Test]
    public void Encode_AddedTokens_AreFoundBeforeTheTextIsSplit()
    {
        WriteVocabulary("[unused]");
        _folder.Write("model/added_tokens.json", """{"Foo-Bar": 28}""");
        WriteSettings("""
            {"added_tokens_decoder": {
                "29": {"content": "<USER>", "special": true, "normalized": false},
                "30": {"content": "cat", "single_word": true, "normalized": true}}}
            """);
        Assert.That(Pieces("<USER>apple FOO-BARfilm <user>"), Does.StartWith("<USER> apple Foo-Bar film [UNK]"));
        Assert.That(Pieces("cat Cat, cats"), Is.EqualTo("cat cat [UNK] [UNK]"));
        Assert.That(WordPieceFolder.Open(Model).VocabularySize, Is.EqualTo(31));
    }

    [Test]
    public void Encode_WholeWithAddedTokens_IsReadWithoutAVocabulary()
    {
        WriteWhole("""
            "added_tokens": [
                {"id": 0, "content": "[PAD]", "special": true, "normalized": false},
                {"id": 27, "content": "<b>", "special": false, "normalized": false}],
            "normalizer": {
                "type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true, "strip_accents": null, "lowercase": true},
            "pre_tokenizer": {"type": "BertPreTokenizer"},
            "post_processor": {
                "type": "TemplateProcessing",
                "single": [
                    {"SpecialToken": {"id": "[CLS]", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
                    {"SpecialToken": {"id": "[SEP]", "type_id": 0}}],
                "pair": [
                    {"SpecialToken": {"id": "[CLS]", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
                    {"SpecialToken": {"id": "[SEP]", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}},
                    {"SpecialToken": {"id": "[SEP]", "type_id": 1}}]},
            """);
        Assert.That(Pieces("Apple<b>films"), Is.EqualTo("apple <b> film ##s"));
    }

    [TestCase("\"normalizer\": {\"type\": \"BertNormalizer\", \"lowercase\": false},", "", "{\"tokenizer_class\": \"BertTokenizer\"}",
        "do_lower_case")]
    [TestCase("\"normalizer\": {\"type\": \"BertNormalizer\", \"lowercase\": true, \"strip_accents\": false},", "", "{}", "strip_accents")]
    [TestCase("\"normalizer\": {\"type\": \"BertNormalizer\", \"clean_text\": false},", "", "{}", "clean_text")]
    [TestCase("\"normalizer\": {\"type\": \"NFC\"},", "", "{}", "normalizer is NFC")]
    [TestCase("\"pre_tokenizer\": {\"type\": \"Whitespace\"},", "", "{}", "pre_tokenizer is Whitespace")]
    [TestCase("\"post_processor\": {\"type\": \"TemplateProcessing\", \"single\": [{\"Sequence\": {\"id\": \"A\", \"type_id\": 0}}], "
        + "\"pair\": []},", "", "{}", "post_processor")]
    [TestCase("", "\"max_input_chars_per_word\": 20,", "{}", "max_input_chars_per_word")]
    [TestCase("", "\"unk_token\": \"<unk>\",", "{}", "unk_token")]
    [TestCase("\"normalizer\": null,", "", "{\"tokenizer_class\": \"PreTrainedTokenizerFast\"}", "normalizer is null")]
    public void Open_WholeThatMeansSomethingElse_IsRefused(string parts, string model, string settings, string message)
    {
        WriteWhole(parts, model);
        WriteSettings(settings);
        Assert.That(() => WordPieceFolder.Open(Model), Throws.TypeOf<ReplicationException>().With.Message.Contains(message));
    }

    [Test]
    public void Encode_SettingsAndWholeDiffer_TheSettingsCountForABertClassAndTheWholeForOthers()
    {
        WriteWhole("\"normalizer\": {\"type\": \"BertNormalizer\", \"lowercase\": false}, \"pre_tokenizer\": {\"type\": "
            + "\"BertPreTokenizer\"},");
        WriteSettings("{\"tokenizer_class\": \"BertTokenizer\", \"do_lower_case\": true}");
        Assert.That(Pieces("Apple"), Is.EqualTo("apple"));
        WriteSettings("{\"tokenizer_class\": \"PreTrainedTokenizerFast\"}");
        Assert.That(Pieces("Apple"), Is.EqualTo("Apple"));
    }

    [Test]
    public void Open_NeitherVocabularyNorWhole_NamesTheFolderAndBoth()
    {
        WriteSettings("{}");
        Assert.That(() => WordPieceFolder.Open(Model),
            Throws.TypeOf<ReplicationException>().With.Message.StartsWith($"{Model} holds neither vocab.txt nor tokenizer.json"));
    }

    [Test]
    public void Open_VocabulariesThatDiffer_AreRefused()
    {
        WriteVocabulary();
        WriteWhole(tokens: [.. Specials, .. Words.Reverse()]);
        Assert.That(() => WordPieceFolder.Open(Model),
            Throws.TypeOf<ReplicationException>().With.Message.Contains("vocab.txt, line 6: 'Apple' has another id"));
    }

    [TestCase("a", 100, false)]
    [TestCase("a", 101, true)]
    [TestCase("😀", 51, false)]
    [TestCase("😀", 100, false)]
    [TestCase("😀", 101, true)]
    public void Encode_LongWord_IsUnknownAboveAHundredCodePoints(string letter, int count, bool isUnknown)
    {
        WriteVocabulary();
        Assert.That(WordPieceFolder.Open(Model).Encode(string.Concat(Enumerable.Repeat(letter, count))),
            Has.Length.EqualTo(isUnknown ? 1 : count));
    }

    [TestCase(27, true)]
    [TestCase(32, true)]
    [TestCase(64, true)]
    [TestCase(28, true)]
    [TestCase(26, false)]
    [TestCase(36, false)]
    [TestCase(30522, false)]
    public void Open_EmbeddingsOfAnotherNumberThanWords_AreRefusedUnlessRoundedUp(int embeddings, bool fits)
    {
        WriteVocabulary();
        var config = new BertConfig { VocabSize = embeddings };
        if (fits)
            Assert.That(TokenizerFolder.Open(Model, config).VocabularySize, Is.EqualTo(27));
        else
            Assert.That(() => TokenizerFolder.Open(Model, config),
                Throws.TypeOf<ReplicationException>().With.Message.Contains($"has 27 words where its model knows {embeddings}"));
    }

    [Test]
    public void Save_OfACasedModel_KeepsItCased()
    {
        var source = TinyModel.Write(_folder, ["a", "b"], "source");
        File.WriteAllText(Path.Combine(source, "tokenizer_config.json"), "{\"do_lower_case\": false}");
        using var model = ModelFolder.OpenClassifier(source, 2);
        ModelFolder.Save(model, _folder.File("saved"), ["a", "b"], source);
        Assert.That(ModelFolder.OpenTokenizer(_folder.File("saved")).Encode("Good"), Is.EqualTo(new[] { 1 }));
        Assert.That(ModelFolder.OpenTokenizer(_folder.File("saved")).Encode("good"), Is.EqualTo(new[] { 5 }));
    }

    [TestCase("cased", 0, 0.5433)]
    [TestCase("cased", 4, 0.8187)]
    [TestCase("chinese", -1, 0.0009)]
    [Category("Cases")]
    public void Predict_Case_AnswersAsTransformersDoes(string name, int line, double negative)
    {
        var text = line < 0 ? "电影" : File.ReadAllLines(CaseFiles.Require("tokenizer/lines.txt"))[line];
        using var classifier = Classifier.Open(CaseFiles.Require($"tokenizer/{name}"));
        Assert.That(classifier.Predict(text).Probabilities[0], Is.EqualTo(negative).Within(1e-4));
    }
}
