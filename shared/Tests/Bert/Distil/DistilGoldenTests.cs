using System.Text.Json;
using Replication.Bert;
using TorchSharp;
using static TorchSharp.torch;

namespace Replication.Tests.Bert.Distil;

/// <summary>DistilBERT's folders as transformers writes them, both ways.</summary>
[Category("Golden")]
public sealed class DistilGoldenTests
{
    [Test]
    public void MaskedLM_AllPositions_LogitsAgree()
    {
        using var scope = NewDisposeScope();
        var expected = GoldenModel.Read(GoldenFiles.Require("distilbert_mlm/expected.safetensors"));
        using var model = ModelFolder.OpenMaskedLM(GoldenFiles.Require("distilbert_mlm"));

        var output = model.call(Batch(expected), null, EncoderOutputs.None);

        GoldenModel.AssertClose(output.Logits, expected["logits"], 1e-4, "logits");
        Assert.That(output.Encoder.PoolerOutput, Is.Null);
    }

    [Test]
    public void Classifier_EachClass_LogitsAgree()
    {
        using var scope = NewDisposeScope();
        var expected = GoldenModel.Read(GoldenFiles.Require("distilbert_classification/expected.safetensors"));
        using var model = OpenClassifier(GoldenFiles.Require("distilbert_classification"));

        GoldenModel.AssertClose(model.forward(Batch(expected), EncoderOutputs.None).Logits, expected["logits"], 1e-4, "logits");
    }

    // DistilBERT takes no types, whatever is there.
    [Test]
    public void Classifier_OtherTokenTypes_SameLogits()
    {
        using var scope = NewDisposeScope();
        var tensors = GoldenModel.Read(GoldenFiles.Require("distilbert_classification/expected.safetensors"));
        using var model = OpenClassifier(GoldenFiles.Require("distilbert_classification"));
        var batch = Batch(tensors);
        var typed = batch with { TokenTypeIds = ones_like(batch.InputIds) };

        Assert.That(GoldenModel.AreEqual(
            model.forward(batch, EncoderOutputs.None).Logits, model.forward(typed, EncoderOutputs.None).Logits), Is.True);
    }

    [Test]
    public void SaveMaskedLM_OpenedFolder_EqualsTheReferenceFolder()
    {
        var source = GoldenFiles.Require("distilbert_mlm");
        var folder = Path.Combine(TestFolder.Create(), "saved");
        using var model = ModelFolder.OpenMaskedLM(source);

        ModelFolder.Save(model, folder, tokenizer: null);

        // The reference's config.json names labels, which a model without classifier has not.
        AssertSameFolder(folder, source, except: ["id2label", "label2id"]);
    }

    [Test]
    public void SaveClassifier_OpenedFolder_EqualsTheReferenceFolder()
    {
        var source = GoldenFiles.Require("distilbert_classification");
        var folder = Path.Combine(TestFolder.Create(), "saved");
        using var model = OpenClassifier(source);

        ModelFolder.Save(model, folder, ModelFolder.ReadLabels(source)!, tokenizer: null);

        AssertSameFolder(folder, source, except: []);
    }

    private static BertForSequenceClassification OpenClassifier(string folder) =>
        ModelFolder.OpenClassifier(folder, ModelFolder.ClassifierOutputs(folder)!.Value);

    private static TokenBatch Batch(Dictionary<string, Tensor> tensors) =>
        new(tensors["input_ids"], zeros_like(tensors["input_ids"]), tensors["attention_mask"]);

    private static void AssertSameFolder(string written, string reference, string[] except)
    {
        Assert.That(Digest.OfFile(Path.Combine(written, "model.safetensors")),
            Is.EqualTo(Digest.OfFile(Path.Combine(reference, "model.safetensors"))));
        var here = Json.Read<Dictionary<string, JsonElement>>(Path.Combine(written, "config.json"));
        var there = Json.Read<Dictionary<string, JsonElement>>(Path.Combine(reference, "config.json"));
        Assert.That(here.Keys, Is.EqualTo(there.Keys.Except(except)));
        foreach (var (key, value) in here)
            Assert.That(JsonElement.DeepEquals(value, there[key]), Is.True, key);
    }
}
