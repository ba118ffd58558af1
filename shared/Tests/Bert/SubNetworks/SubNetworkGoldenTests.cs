using Replication.Bert;
using Replication.Bert.SubNetworks;
using static TorchSharp.torch;

namespace Replication.Tests.Bert.SubNetworks;

/// <summary>All twelve sub-networks, by both rules of kept layers, and both kinds of importance, against PyTorch's values.</summary>
[Category("Golden")]
public sealed class SubNetworkGoldenTests
{
    [OneTimeSetUp]
    public void UseOneThread() => set_num_threads(1);

    [Test]
    public void Forward_EachSubNetwork_HasTheReferencesLogitsAndStates(
        [Values(1.0, 0.75, 0.5, 0.25)] double width, [Values(1.0, 0.75, 0.5)] double depth, [Values] DepthRule rule)
    {
        using var scope = NewDisposeScope();
        var expected = GoldenModel.Read(GoldenFiles.Require("dynabert.safetensors"));
        using var model = Open(expected);
        model.SubNetwork = SubNetwork.Of(model.Config, width, depth, rule);

        var output = model.call(Batch(expected, 0), EncoderOutputs.HiddenStates);

        var name = FormattableString.Invariant(
            $"width{width}.depth{depth:0.0#}{(depth == 1 ? "" : rule == DepthRule.Paper ? ".paper" : ".official_code")}");
        GoldenModel.AssertClose(output.Logits, expected["logits." + name], 1e-4, "logits");
        GoldenModel.AssertClose(output.Encoder.LastHiddenState, expected["last_hidden." + name], 1e-4, "last hidden state");
        Assert.That(output.Encoder.HiddenStates, Has.Count.EqualTo(model.SubNetwork.Layers.Count + 1));
    }

    [TestCase(ImportanceGradients.ZeroedEachBatch, "gradients_zeroed_each_batch")]
    [TestCase(ImportanceGradients.CarriedOver, "official_code_gradients_carried")]
    public void Importance_AllBatches_IsTheReferences(ImportanceGradients gradients, string name)
    {
        using var scope = NewDisposeScope();
        var expected = GoldenModel.Read(GoldenFiles.Require("dynabert.safetensors"));
        using var model = Open(expected);
        using var meter = new ImportanceMeter(model, gradients);
        for (var i = 0; expected.ContainsKey($"batch{i}.labels"); i++)
        {
            var (batch, labels) = (Batch(expected, i), expected[$"batch{i}.labels"]);
            meter.Add(() => nn.functional.cross_entropy(model.call(batch, EncoderOutputs.None).Logits, labels));
        }

        var importance = meter.Result();

        AssertRows(importance.Heads, expected["head_importance." + name]);
        AssertRows(importance.Neurons, expected["neuron_importance." + name]);
    }

    // The file says how many classes there are.
    private static BertForSequenceClassification Open(Dictionary<string, Tensor> expected)
    {
        var model = ModelFolder.OpenClassifier(
            GoldenModel.TinyFolder("tiny_bert_weights.safetensors", "model.safetensors"),
            (int)expected["logits.width1.depth1.0"].shape[^1]);
        model.eval();
        return model;
    }

    private static TokenBatch Batch(Dictionary<string, Tensor> tensors, int batch) =>
        new(tensors[$"batch{batch}.input_ids"], tensors[$"batch{batch}.token_type_ids"], tensors[$"batch{batch}.attention_mask"]);

    private static void AssertRows(IReadOnlyList<float[]> rows, Tensor expected) =>
        GoldenModel.AssertClose(
            stack([.. rows.Select(row => tensor(row))]), expected, 1e-4 * Math.Max(1, expected.max().item<float>()), "importance");
}
