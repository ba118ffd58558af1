using Replication.Bert;
using static TorchSharp.torch;

namespace Replication.Tests.Bert;

[Category("Golden")]
public sealed class MiniLMGoldenTests
{
    private const string Folder = "../models/minilm-l6-h384-uncased";

    [Test]
    public void Forward_SixLayers_HiddenStatesAttentionAndPoolerAgree()
    {
        using var scope = NewDisposeScope();
        var expected = GoldenModel.Read(GoldenFiles.Require("minilm_outputs.safetensors"));
        using var model = ModelFolder.OpenEncoder(GoldenFiles.Require(Folder));

        using var noGradient = no_grad();
        var output = model.call(
            GoldenModel.Batch(expected),
            EncoderOutputs.HiddenStates | EncoderOutputs.AttentionScores | EncoderOutputs.AttentionProbabilities);

        for (var state = 0; state <= 6; state++)
            GoldenModel.AssertClose(output.HiddenStates[state], expected[$"hidden_states.{state}"], 1e-3, $"hidden state {state}");
        for (var layer = 0; layer < 6; layer++)
            GoldenModel.AssertClose(
                output.AttentionProbabilities[layer], expected[$"attention_probs.{layer}"], 1e-3, $"probabilities {layer}");
        GoldenModel.AssertClose(output.AttentionScores[5], expected["attention_scores.5"], 1e-3, "scores 5");
        GoldenModel.AssertClose(output.PoolerOutput!, expected["pooler_output"], 1e-3, "pooler");
    }

    [Test]
    public void Forward_MaskedWord_LogitsAndTop20Agree()
    {
        using var scope = NewDisposeScope();
        const long mask = 103;
        var expected = GoldenModel.Read(GoldenFiles.Require("minilm_outputs.safetensors"));
        using var model = ModelFolder.OpenMaskedLM(GoldenFiles.Require(Folder));
        var ids = expected["mask_input_ids"];
        var position = ids.flatten().eq(mask).nonzero().flatten();

        using var noGradient = no_grad();
        var logits = model.call(new TokenBatch(ids, zeros_like(ids), ones_like(ids)), position, EncoderOutputs.None).Logits;

        Assert.That(logits.shape, Is.EqualTo(new long[] { 1, 30522 }));
        GoldenModel.AssertClose(logits[0], expected["mask_logits"], 1e-3, "logits");
        Assert.That(logits[0].topk(20).indexes.data<long>(), Is.EqualTo(expected["mask_top20_ids"].data<long>()));
    }

    [Test]
    public void OpenClassifier_FirstLayers_AreTheModelsOwn()
    {
        using var scope = NewDisposeScope();
        var expected = GoldenModel.Read(GoldenFiles.Require("minilm_outputs.safetensors"));
        var folder = GoldenFiles.Require(Folder);
        using var model = ModelFolder.OpenClassifier(folder, 2, layers: 3);

        using var noGradient = no_grad();
        var output = model.call(GoldenModel.Batch(expected), EncoderOutputs.None);

        Assert.That(model.Config.NumHiddenLayers, Is.EqualTo(3));
        GoldenModel.AssertClose(output.Encoder.LastHiddenState, expected["hidden_states.3"], 1e-3, "hidden state 3");
        Assert.That(ModelFolder.ClassifierOutputs(folder), Is.Null);
    }
}
