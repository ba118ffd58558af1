using Replication.Bert;
using static TorchSharp.torch;

namespace Replication.Tests.Bert;

/// <summary>Heads beside the classifier: question answering and multiple choice, as transformers writes and computes them.</summary>
[Category("Golden")]
public sealed class HeadGoldenTests
{
    [Test]
    public void QuestionAnswering_ReferenceFolder_LogitsAgree()
    {
        using var scope = NewDisposeScope();
        var expected = GoldenModel.Read(GoldenFiles.Require("bert_question_answering/expected.safetensors"));
        using var model = ModelFolder.OpenQuestionAnswering(GoldenFiles.Require("bert_question_answering"));

        var output = model.call(GoldenModel.Batch(expected), EncoderOutputs.None);

        GoldenModel.AssertClose(output.Start, expected["start_logits"], 1e-4, "start logits");
        GoldenModel.AssertClose(output.End, expected["end_logits"], 1e-4, "end logits");
    }

    [Test]
    public void MultipleChoice_ReferenceFolder_LogitsAndLossAgree()
    {
        using var scope = NewDisposeScope();
        var expected = GoldenModel.Read(GoldenFiles.Require("bert_multiple_choice/expected.safetensors"));
        using var model = ModelFolder.OpenClassifier(GoldenFiles.Require("bert_multiple_choice"), 4, choices: 4);

        var output = model.call(
            new TokenBatch(
                expected["input_ids"].flatten(0, 1), expected["token_type_ids"].flatten(0, 1), expected["attention_mask"].flatten(0, 1)),
                EncoderOutputs.None);

        GoldenModel.AssertClose(output.Logits, expected["logits"], 1e-4, "logits");
        GoldenModel.AssertClose(nn.functional.cross_entropy(output.Logits, expected["labels"]).reshape(1), expected["loss"], 1e-4, "loss");
    }

    [TestCase("bert_question_answering", ModelHead.QuestionAnswering)]
    [TestCase("bert_multiple_choice", ModelHead.MultipleChoice)]
    [TestCase("roberta_mlm", ModelHead.MaskedLM)]
    [TestCase("roberta_classification", ModelHead.SequenceClassification)]
    public void Save_OpenedFolder_EqualsTheReferenceFolder(string name, ModelHead head)
    {
        var source = GoldenFiles.Require(name);
        var folder = Path.Combine(TestFolder.Create(), "saved");
        Assert.That(ModelFolder.ReadHead(source), Is.EqualTo(head));

        SaveAgain(source, folder, head);

        Assert.That(Digest.OfFile(Path.Combine(folder, "model.safetensors")),
            Is.EqualTo(Digest.OfFile(Path.Combine(source, "model.safetensors"))));
        var written = Json.Read<Dictionary<string, System.Text.Json.JsonElement>>(Path.Combine(folder, "config.json"));
        var reference = Json.Read<Dictionary<string, System.Text.Json.JsonElement>>(Path.Combine(source, "config.json"));
        Assert.That(written.Keys, Is.EqualTo(reference.Keys));
        foreach (var (key, value) in reference)
            Assert.That(System.Text.Json.JsonElement.DeepEquals(written[key], value), Is.True, key);
    }

    private static void SaveAgain(string source, string folder, ModelHead head)
    {
        switch (head)
        {
            case ModelHead.QuestionAnswering:
                using (var model = ModelFolder.OpenQuestionAnswering(source))
                    ModelFolder.Save(model, folder, tokenizer: null);
                break;
            case ModelHead.MultipleChoice:
                using (var model = ModelFolder.OpenClassifier(source, 4, choices: 4))
                    ModelFolder.Save(model, folder, ["A", "B", "C", "D"], tokenizer: null);
                break;
            case ModelHead.MaskedLM:
                using (var model = ModelFolder.OpenMaskedLM(source))
                    ModelFolder.Save(model, folder, tokenizer: null);
                break;
            default:
                using (var model = ModelFolder.OpenClassifier(source, 3))
                    ModelFolder.Save(model, folder, ModelFolder.ReadLabels(source)!, tokenizer: null);
                break;
        }
    }
}
