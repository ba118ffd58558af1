using Google.Protobuf;
using Replication.Bert;
using TorchSharp;

namespace Replication.Export;

/// <summary>Writes a trained model as an ONNX file.</summary>
internal static class OnnxFile
{
    /// <summary>Writes a classifier.</summary>
    /// <param name="path">The file.</param>
    /// <param name="model">The model.</param>
    /// <param name="form">Its form.</param>
    /// <param name="ranges">The ranges of all products' inputs by name, for <see cref="Quantization.Static"/>.</param>
    public static void Write(
        string path, BertForSequenceClassification model, OnnxForm form, IReadOnlyDictionary<string, ValueRange>? ranges = null) =>
        Write(path, model, form.Fused, form.Quantization switch
        {
            Quantization.None => new FloatProducts(),
            Quantization.Dynamic => new DynamicProducts(form.Fused),
            _ => new StaticProducts(ranges ?? throw new ArgumentNullException(nameof(ranges)), form.Fused),
        });

    /// <summary>Writes a classifier whose products are written in some way.</summary>
    public static void Write(string path, BertForSequenceClassification model, bool fused, Products products) =>
        AtomicFile.Write(path, Graph(model, model.Config, fused, products).Classifier(model.Outputs).WriteTo);

    /// <summary>Writes a model for question answering, in fp32 or with scales found for each token.</summary>
    public static void Write(string path, BertForQuestionAnswering model, OnnxForm form) => AtomicFile.Write(
        path, Graph(model, model.Config, form.Fused,
            form.Quantization == Quantization.None ? new FloatProducts() : new DynamicProducts(form.Fused)).QuestionAnswering().WriteTo);

    private static BertGraph Graph(torch.nn.Module model, BertConfig config, bool fused, Products products)
    {
        var weights = model.named_parameters().ToDictionary(p => p.name, p => p.parameter, StringComparer.Ordinal);
        return new BertGraph(config, Read, products, fused ? new FusedParts() : new StandardParts());

        Weight Read(string name)
        {
            using var values = weights[name].detach().to(torch.CPU).contiguous();
            return new Weight(name, values.shape, values.data<float>().ToArray());
        }
    }
}
