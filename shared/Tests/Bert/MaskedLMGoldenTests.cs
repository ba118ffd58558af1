using Replication.Bert;
using TorchSharp;
using static TorchSharp.torch;

namespace Replication.Tests.Bert;

[Category("Golden")]
public sealed class MaskedLMGoldenTests
{
    [Test]
    public void Forward_AllPositions_LogitsAgree()
    {
        using var scope = NewDisposeScope();
        var expected = GoldenModel.Read(GoldenFiles.Require("bert_mlm/expected.safetensors"));
        using var model = ModelFolder.OpenMaskedLM(GoldenFiles.Require("bert_mlm"));

        var output = model.call(GoldenModel.Batch(expected), null, EncoderOutputs.None);

        GoldenModel.AssertClose(output.Logits, expected["logits"], 1e-4, "logits");
        Assert.That(output.Encoder.PoolerOutput, Is.Null);
    }

    [Test]
    public void Forward_ChosenPositions_AreRowsOfAllLogits()
    {
        using var scope = NewDisposeScope();
        var expected = GoldenModel.Read(GoldenFiles.Require("bert_mlm/expected.safetensors"));
        using var model = ModelFolder.OpenMaskedLM(GoldenFiles.Require("bert_mlm"));
        var count = expected["input_ids"].numel();
        var positions = tensor(new[] { 0, count / 2, count - 1 });

        var output = model.call(GoldenModel.Batch(expected), positions, EncoderOutputs.None);

        GoldenModel.AssertClose(output.Logits, expected["logits"].flatten(0, 1).index_select(0, positions), 1e-4, "logits");
    }

    // A conversion replaces parameters; the forward pass must use those that named_parameters gives out afterwards.
    [Test]
    public void To_AnotherNumberFormatAndBack_ParametersStayTheModels()
    {
        using var scope = NewDisposeScope();
        var expected = GoldenModel.Read(GoldenFiles.Require("bert_mlm/expected.safetensors"));
        using var model = ModelFolder.OpenMaskedLM(GoldenFiles.Require("bert_mlm"));

        model.to(ScalarType.Float64);
        model.to(ScalarType.Float32);
        using (no_grad())
            model.get_parameter("cls.predictions.bias")!.add_(1);
        var output = model.call(GoldenModel.Batch(expected), null, EncoderOutputs.None);

        GoldenModel.AssertClose(output.Logits, expected["logits"] + 1, 1e-4, "logits");
    }

    [Test]
    public void Save_OpenedFolder_EqualsTheReferenceFolder()
    {
        using var scope = NewDisposeScope();
        var source = GoldenFiles.Require("bert_mlm");
        var folder = Path.Combine(TestFolder.Create(), "saved");
        using var model = ModelFolder.OpenMaskedLM(source);

        ModelFolder.Save(model, folder, tokenizer: null);

        Assert.That(Digest.OfFile(Path.Combine(folder, "model.safetensors")),
            Is.EqualTo(Digest.OfFile(Path.Combine(source, "model.safetensors"))));
        var written = Json.Read<Dictionary<string, System.Text.Json.JsonElement>>(Path.Combine(folder, "config.json"));
        var reference = Json.Read<Dictionary<string, System.Text.Json.JsonElement>>(Path.Combine(source, "config.json"));
        Assert.That(written.Keys, Is.EqualTo(reference.Keys));
        foreach (var (key, value) in reference)
            Assert.That(System.Text.Json.JsonElement.DeepEquals(written[key], value), Is.True, key);
    }
}
