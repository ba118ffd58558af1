using Google.Protobuf;
using Replication.Bert;
using Replication.Bert.Tokenization;
using Replication.Export;
using Replication.Glue;
using Replication.Inference;
using TorchSharp;

namespace Replication.Tests.Bert;

/// <summary>
/// Models whose pad token has an id that is neither BERT's 0 nor RoBERTa's 1: it pads batches everywhere, and what is padding is told by
/// the mask, not by the id, which a text may hold too.
/// </summary>
[TestFixture(EncoderKind.Bert, 5, "[PAD]")]
[TestFixture(EncoderKind.Roberta, 7, "<pad>")]
public sealed class PaddingIdTests(EncoderKind kind, int padding, string written)
{
    private static readonly string[] Pieces =
        ["ab", "a", "b", "c", "[UNK]", "[PAD]", "[CLS]", "[SEP]", "[MASK]"];

    private static readonly string[] Bytes = ["a", "b", "c", "Ġ", "ab", "Ġab", "<s>", "<pad>", "</s>", "<unk>", "<mask>"];

    private TemporaryFolder _folder = null!;
    private string _model = "";

    private string[] Texts => ["ab", $"ab {written} ab", "c ab c ab c"];

    [SetUp]
    public void WriteModel()
    {
        _folder = new TemporaryFolder();
        _model = _folder.File("model");
        var isBert = kind == EncoderKind.Bert;
        if (isBert)
            _folder.Write("tokenizer/vocab.txt", string.Join('\n', Pieces) + "\n");
        else
        {
            _folder.Write("tokenizer/vocab.json", Json.Text(Bytes.Index().ToDictionary(token => token.Item, token => token.Index)));
            _folder.Write("tokenizer/merges.txt", "a b\nĠ ab\n");
        }
        using var model = new BertForSequenceClassification(
            new BertConfig
            {
                Kind = kind, VocabSize = (isBert ? Pieces : Bytes).Length, HiddenSize = 16, NumHiddenLayers = 2, NumAttentionHeads = 2,
                IntermediateSize = 32, MaxPositionEmbeddings = 40, TypeVocabSize = isBert ? 2 : 1, PadTokenId = padding,
                InitializerRange = 0.5,
            },
            outputs: 2, seed: 3);
        ModelFolder.Save(
            model, _model, ["no", "yes"], isBert ? _folder.File("tokenizer/vocab.txt") : _folder.File("tokenizer"));
    }

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [Test]
    public void Collate_RowsOfUnequalLength_ArePaddedWithTheTokenizersId()
    {
        using var scope = torch.NewDisposeScope();
        var rows = Texts.Index().Select(text => new GlueExample(text.Index, text.Item, null, null));
        var tokenizer = ModelFolder.OpenTokenizer(_model);
        var data = Encoder.Encode(new GlueDataset(GlueTasks.Sst2, GlueSplit.Test, [.. rows], "", ""), tokenizer, maxLength: 16);

        var batch = GlueBatch.Collate(data, [0, 1, 2], torch.CPU).Tokens;

        Assert.That(tokenizer.Ids.Padding, Is.EqualTo(padding));
        Assert.That(data.Examples[1].InputIds, Does.Contain(padding), "written in the text");
        foreach (var (row, example) in data.Examples.Index())
        {
            var length = example.InputIds.Length;
            Assert.That(Row(batch.InputIds, row)[..length], Is.EqualTo(example.InputIds));
            Assert.That(Row(batch.InputIds, row)[length..], Has.All.EqualTo(padding));
            Assert.That(Row(batch.AttentionMask, row)[..length], Has.All.EqualTo(1));
            Assert.That(Row(batch.AttentionMask, row)[length..], Has.All.EqualTo(0));
        }
    }

    [TestCase("input_ids")]
    [TestCase("attention_mask")]
    public void Run_ExportedModel_IsGivenTheTokenizersId(string input)
    {
        // A model that gives back one of its inputs.
        var graph = new OnnxGraph("echo");
        string[] inputs = [graph.Input("input_ids", "batch", "length"), graph.Input("attention_mask", "batch", "length")];
        graph.Output(
            graph.Node("Cast", "float", [inputs.Single(name => name == input)], OnnxGraph.Whole("to", 1)), "logits", "batch", "length");
        using (var file = File.Create(Path.Combine(_model, TextModel.FileName)))
            graph.ToModel().WriteTo(file);
        using var model = TextModel.Open(_model, new BertClassifierOptions(), meters: null, "logits");
        var texts = Array.ConvertAll(Texts, text => model.Tokenizer.EncodePair(text, null, maxLength: 16));

        model.Run(texts, (row, _, numbers) =>
        {
            var length = texts[row].Ids.Length;
            Assert.That(numbers.Length, Is.GreaterThan(length));
            Assert.That(numbers[..length].ToArray(), input == "input_ids" ? Is.EqualTo(texts[row].Ids) : Has.All.EqualTo(1));
            Assert.That(numbers[length..].ToArray(), Has.All.EqualTo(input == "input_ids" ? padding : 0));
        }, CancellationToken.None);
    }

    [Test]
    public void Predict_AloneBesideOthersAndExported_IsTheSame()
    {
        using var trained = Classifier.Open(_model);
        OnnxFile.Write(Path.Combine(_model, TextModel.FileName), trained.Model, new OnnxForm(Quantization.None, Fused: false));
        using var exported = BertClassifier.Open(_model);
        TextInput[] texts = Array.ConvertAll(Texts, text => (TextInput)text);

        var (together, others) = (trained.PredictBatch(texts), exported.PredictBatch(texts));

        foreach (var (row, text) in texts.Index())
        {
            Assert.That(together[row].Probabilities, Is.EqualTo(trained.Predict(text.First).Probabilities).Within(1e-5), text.First);
            Assert.That(others[row].Probabilities, Is.EqualTo(together[row].Probabilities).Within(1e-5), text.First);
        }
        Assert.That(
            together[1].Probabilities, Is.Not.EqualTo(trained.Predict("ab ab").Probabilities).Within(1e-3), "a pad token in a text counts");
    }

    private static long[] Row(torch.Tensor tensor, int row) => [.. tensor[row].data<long>()];
}
