using System.Text.Json;
using Replication.Bert;
using Replication.Bert.SubNetworks;
using Replication.Bert.Tokenization;
using Replication.Glue;
using static TorchSharp.torch;

namespace Replication.Tests.Bert;

/// <summary>RoBERTa's positions, heads and sub-networks against transformers' values.</summary>
[Category("Golden")]
public sealed class RobertaGoldenTests
{
    [OneTimeSetUp]
    public void UseOneThread() => set_num_threads(1);

    [Test]
    public void Classifier_ReferenceFolder_StatesAndLogitsAgree()
    {
        using var scope = NewDisposeScope();
        var expected = GoldenModel.Read(GoldenFiles.Require("roberta_classification/expected.safetensors"));
        using var model = ModelFolder.OpenClassifier(GoldenFiles.Require("roberta_classification"), 3);

        var output = model.call(Batch(expected, ""), EncoderOutputs.HiddenStates | EncoderOutputs.AttentionProbabilities);

        GoldenModel.AssertClose(output.Logits, expected["logits"], 1e-4, "logits");
        for (var layer = 0; layer <= 4; layer++)
            GoldenModel.AssertClose(output.Encoder.HiddenStates[layer], expected[$"hidden_states.{layer}"], 1e-4, $"state {layer}");
        for (var layer = 0; layer < 4; layer++)
            GoldenModel.AssertClose(
                output.Encoder.AttentionProbabilities[layer], expected[$"attention_probs.{layer}"], 1e-4, $"attention {layer}");
    }

    [Test]
    public void Classifier_ReferenceTexts_IdsAndLogitsAgree()
    {
        using var scope = NewDisposeScope();
        var bpe = ByteLevelBpe.Open(GoldenFiles.Require("../roberta"));
        using var model = ModelFolder.OpenClassifier(GoldenFiles.Require("roberta_classification"), 3);
        using var golden = JsonDocument.Parse(File.ReadAllText(GoldenFiles.Require("roberta_classification/expected.json")));
        foreach (var row in golden.RootElement.GetProperty("pairs").EnumerateArray())
        {
            var (ids, firstLength) = bpe.EncodePair(row.GetProperty("text").GetString()!, row.GetProperty("pair").GetString(), 64);
            Assert.That(ids, Is.EqualTo(row.GetProperty("input_ids").EnumerateArray().Select(id => id.GetInt32())));
            // Longer than it is: the padding has RoBERTa's id and position.
            using var batch = GlueBatch.Tokenised([new(ids, firstLength)], bpe.Ids.Padding, CPU, ids.Length + 3);
            GoldenModel.AssertClose(
                model.call(batch, EncoderOutputs.None).Logits[0],
                tensor(row.GetProperty("logits").EnumerateArray().Select(n => n.GetSingle()).ToArray()), 1e-4, "logits");
        }
    }

    [Test]
    public void MaskedLM_ReferenceFolder_LogitsAgree()
    {
        using var scope = NewDisposeScope();
        var expected = GoldenModel.Read(GoldenFiles.Require("roberta_mlm/expected.safetensors"));
        using var model = ModelFolder.OpenMaskedLM(GoldenFiles.Require("roberta_mlm"));
        GoldenModel.AssertClose(model.call(Batch(expected, ""), null, EncoderOutputs.None).Logits, expected["logits"], 1e-4, "logits");
    }

    [Test]
    public void Forward_EachSubNetwork_HasTheReferencesLogits(
        [Values(1.0, 0.75, 0.5, 0.25)] double width, [Values(1.0, 0.75, 0.5)] double depth, [Values] DepthRule rule)
    {
        using var scope = NewDisposeScope();
        var expected = GoldenModel.Read(GoldenFiles.Require("dynaroberta.safetensors"));
        using var model = Tiny(expected);
        model.SubNetwork = SubNetwork.Of(model.Config, width, depth, rule);

        var logits = model.call(Batch(expected, "batch0."), EncoderOutputs.None).Logits;

        var name = FormattableString.Invariant(
            $"logits.width{width}.depth{depth:0.0#}{(depth == 1 ? "" : rule == DepthRule.Paper ? ".paper" : ".official_code")}");
        GoldenModel.AssertClose(logits, expected[name], 1e-4, name);
        using var extracted = SubNetworkExtraction.Extract(model, model.SubNetwork);
        GoldenModel.AssertClose(extracted.call(Batch(expected, "batch0."), EncoderOutputs.None).Logits, expected[name], 1e-4, "extracted");
    }

    [TestCase(ImportanceGradients.ZeroedEachBatch, "gradients_zeroed_each_batch")]
    [TestCase(ImportanceGradients.CarriedOver, "all_gradients_carried (official code, heads too)")]
    public void Importance_AllBatches_IsTheReferences(ImportanceGradients gradients, string name)
    {
        using var scope = NewDisposeScope();
        var expected = GoldenModel.Read(GoldenFiles.Require("dynaroberta.safetensors"));
        using var model = Tiny(expected);
        using var meter = new ImportanceMeter(model, gradients);
        for (var i = 0; expected.ContainsKey($"batch{i}.labels"); i++)
        {
            var (batch, labels) = (Batch(expected, $"batch{i}."), expected[$"batch{i}.labels"]);
            meter.Add(() => nn.functional.cross_entropy(model.call(batch, EncoderOutputs.None).Logits, labels));
        }

        var importance = meter.Result();

        AssertRows(importance.Heads, expected["head_importance." + name]);
        AssertRows(importance.Neurons, expected["neuron_importance." + name]);
    }

    // The weights are among the reference values, the geometry is that of the tiny masked language model.
    private static BertForSequenceClassification Tiny(Dictionary<string, Tensor> expected)
    {
        var model = new BertForSequenceClassification(ModelFolder.ReadConfig(GoldenFiles.Require("roberta_mlm")), 3, seed: 0);
        using var noGradient = no_grad();
        foreach (var (name, value) in model.named_parameters())
            value.copy_(expected["weights." + TensorNames.InFile(EncoderKind.Roberta, name)]);
        model.eval();
        return model;
    }

    private static TokenBatch Batch(Dictionary<string, Tensor> tensors, string prefix) =>
        new(tensors[prefix + "input_ids"], zeros_like(tensors[prefix + "input_ids"]), tensors[prefix + "attention_mask"]);

    private static void AssertRows(IReadOnlyList<float[]> rows, Tensor expected) =>
        GoldenModel.AssertClose(
            stack([.. rows.Select(row => tensor(row))]), expected, 1e-4 * Math.Max(1, expected.max().item<float>()), "importance");
}
