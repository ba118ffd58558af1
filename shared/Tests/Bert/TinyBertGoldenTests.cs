using Replication.Bert;
using static TorchSharp.torch;

namespace Replication.Tests.Bert;

[Category("Golden")]
public sealed class TinyBertGoldenTests
{
    private const EncoderOutputs All = EncoderOutputs.HiddenStates | EncoderOutputs.AttentionScores | EncoderOutputs.AttentionProbabilities;

    [Test]
    public void Forward_TinyClassifier_AllOutputsAgree()
    {
        using var scope = NewDisposeScope();
        var expected = GoldenModel.Read(GoldenFiles.Require("tiny_bert_outputs.safetensors"));
        using var model = ModelFolder.OpenClassifier(GoldenModel.TinyFolder("tiny_bert_weights.safetensors", "model.safetensors"), 3);

        var output = model.call(GoldenModel.Batch(expected), All);

        AssertOutputs(output, expected, 1e-4);
    }

    [Test]
    public void Forward_NothingRequested_LogitsAgreeAndListsAreEmpty()
    {
        using var scope = NewDisposeScope();
        var expected = GoldenModel.Read(GoldenFiles.Require("tiny_bert_outputs.safetensors"));
        using var model = ModelFolder.OpenClassifier(GoldenModel.TinyFolder("tiny_bert_weights.safetensors", "model.safetensors"), 3);

        var output = model.call(GoldenModel.Batch(expected), EncoderOutputs.None);

        GoldenModel.AssertClose(output.Logits, expected["logits"], 1e-4, "logits");
        Assert.That(output.Encoder.HiddenStates, Is.Empty);
        Assert.That(output.Encoder.AttentionScores, Is.Empty);
        Assert.That(output.Encoder.AttentionProbabilities, Is.Empty);
    }

    // The file's values are those of the tiny classifier, rounded; the reference outputs belong to the unrounded ones.
    [Test]
    public void OpenClassifier_WeightsInBFloat16_AreTheRoundedWeightsInFp32()
    {
        using var scope = NewDisposeScope();
        var exact = GoldenModel.Read(GoldenFiles.Require("tiny_bert_weights.safetensors"));
        using var model = ModelFolder.OpenClassifier(GoldenModel.TinyFolder("bert_bf16/model.safetensors", "model.safetensors"), 3);

        foreach (var (name, parameter) in model.named_parameters())
        {
            Assert.That(parameter.dtype, Is.EqualTo(ScalarType.Float32), name);
            Assert.That(GoldenModel.AreEqual(parameter, exact[name].to(ScalarType.BFloat16).to(ScalarType.Float32)), Is.True, name);
        }
    }

    private static void AssertOutputs(ClassifierOutput output, Dictionary<string, Tensor> expected, double tolerance)
    {
        GoldenModel.AssertClose(output.Logits, expected["logits"], tolerance, "logits");
        GoldenModel.AssertClose(output.Encoder.PoolerOutput!, expected["pooler_output"], tolerance, "pooler");
        Assert.That(output.Encoder.HiddenStates, Has.Count.EqualTo(5));
        Assert.That(output.Encoder.AttentionScores, Has.Count.EqualTo(4));
        Assert.That(output.Encoder.AttentionProbabilities, Has.Count.EqualTo(4));
        for (var state = 0; state < output.Encoder.HiddenStates.Count; state++)
            GoldenModel.AssertClose(
                output.Encoder.HiddenStates[state], expected[$"hidden_states.{state}"], tolerance, $"hidden state {state}");
        for (var layer = 0; layer < output.Encoder.AttentionScores.Count; layer++)
        {
            GoldenModel.AssertClose(
                output.Encoder.AttentionScores[layer], expected[$"attention_scores.{layer}"], tolerance, $"scores {layer}");
            GoldenModel.AssertClose(
                output.Encoder.AttentionProbabilities[layer], expected[$"attention_probs.{layer}"], tolerance, $"probabilities {layer}");
        }
    }
}
