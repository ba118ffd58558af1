using Replication.Bert;
using Replication.Export;
using Replication.Inference;
using Replication.Tests.CommandLine;

namespace Replication.Tests.Export;

/// <summary>Models for question answering and multiple choice as ONNX, of every kind that is read.</summary>
[Category("Slow")]
public sealed class HeadExportTests
{
    [Test]
    [Pairwise]
    public void Write_EitherHead_IsEqualToTorchSharp(
        [Values] bool answers, [Values] bool distil, [Values] bool fused,
        [Values] Quantization form)
    {
        using var folder = new TemporaryFolder();
        BertConfig Geometry(BertConfig config) => distil ? config.ToDistil(2) : config with { NumHiddenLayers = 2 };
        var source = answers ? TinyModel.WriteQuestionAnswering(folder, Geometry) : TinyModel.WriteMultipleChoice(folder, Geometry);

        Hold(Write(source, folder.File("onnx"), new OnnxForm(form, fused), maxLength: 16));
    }

    [Test]
    public void Write_QuestionAnsweringOfRoberta_IsEqualToTorchSharp()
    {
        using var folder = new TemporaryFolder();
        var config = ModelFolder.ReadConfig(GoldenFiles.Require("roberta_classification"));
        var source = folder.File("source");
        using (var model = new BertForQuestionAnswering(config, seed: 3))
            ModelFolder.Save(model, source, tokenizer: null);
        foreach (var name in (string[])["vocab.json", "merges.txt"])
            File.Copy(Path.Combine(GoldenFiles.Require("../roberta"), name), Path.Combine(source, name));

        Hold(Write(source, folder.File("onnx"), new OnnxForm(Quantization.Dynamic, Fused: true), maxLength: 32));
    }

    [Test]
    [Category("Golden")]
    public void QuestionAnswering_ReferenceFolder_LogitsAreThoseOfPyTorch([Values] bool fused)
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("model.onnx");
        using (var model = ModelFolder.OpenQuestionAnswering(GoldenFiles.Require("bert_question_answering")))
            OnnxFile.Write(path, model, new OnnxForm(Quantization.None, fused));

        AssertEqual(path, "bert_question_answering", BertAnswerer.Outputs, perToken: true);
    }

    [Test]
    [Category("Golden")]
    public void MultipleChoice_ReferenceFolder_LogitsAreThoseOfPyTorch([Values] bool fused)
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("model.onnx");
        using (var model = ModelFolder.OpenClassifier(GoldenFiles.Require("bert_multiple_choice"), outputs: 1))
            OnnxFile.Write(path, model, new OnnxForm(Quantization.None, fused));

        AssertEqual(path, "bert_multiple_choice", [BertClassifier.Output], perToken: false);
    }

    private static void Hold(ExportReport report)
    {
        Assert.That(report.Texts, Is.EqualTo(500));
        Assert.That(report.Difference, Is.LessThan(1e-4));
        if (report.Quantized is not { } quantized)
            return;
        Assert.That(quantized.SameLabels, Is.GreaterThan(0.8));
        Assert.That(quantized.NeighbourDifference, Is.LessThan(1e-2));
    }

    private static ExportReport Write(string source, string target, OnnxForm form, int maxLength)
    {
        TextInput[] train = [.. Enumerable.Range(0, 64).Select(row => new TextInput(
            row % 2 == 0 ? "a good film" : "bad songs", string.Join(' ', Enumerable.Repeat("film with songs .", 1 + (row % 4)))))];
        var request = new OnnxExportRequest
        {
            Source = source, Form = form, MaxLength = maxLength, Clock = TimeProvider.System, IsTimed = false,
            Train = form.Quantization == Quantization.Static ? train : null,
        };
        return HeadExport.Write(request, target, _ => "", CancellationToken.None);
    }

    // Runs the reference's own ids and compares what is no padding.
    private static void AssertEqual(string path, string name, string[] outputs, bool perToken)
    {
        var expected = Bert.GoldenModel.Read(GoldenFiles.Require($"{name}/expected.safetensors"));
        long[][] Rows(string tensor)
        {
            var length = (int)expected[tensor].shape[^1];
            return [.. expected[tensor].data<long>().ToArray().Chunk(length)];
        }

        var (ids, types) = (Rows("input_ids"), Rows("token_type_ids"));
        int[] lengths = [.. Rows("attention_mask").Select(mask => (int)mask.Sum())];
        (int[], int)[] texts = [.. lengths.Select((length, row) => (
            Array.ConvertAll(ids[row][..length], id => (int)id), types[row][..length].Count(type => type == 0)))];
        var width = perToken ? ids[0].Length : 1;
        using var model = OnnxModel.Open(path, threads: 1, outputs);

        model.Run(texts, ids[0].Length, padding: 0, Compare, CancellationToken.None);

        void Compare(int output, ReadOnlySpan<float> numbers)
        {
            var right = expected[outputs[output]].data<float>().ToArray();
            for (var row = 0; row < texts.Length; row++)
                for (var i = row * width; i < (row * width) + (perToken ? lengths[row] : 1); i++)
                    Assert.That(numbers[i], Is.EqualTo(right[i]).Within(1e-4), $"{outputs[output]}, number {i}");
        }
    }
}
