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
    /// <param name="form">Its form, in fp32 or with scales found for each token.</param>
    public static void Write(string path, BertForSequenceClassification model, OnnxForm form) =>
        Write(path, model, form.Fused, Products.Of(form));

    /// <summary>Writes a classifier whose products are written in some way.</summary>
    public static void Write(string path, BertForSequenceClassification model, bool fused, Products products) =>
        AtomicFile.Write(path, Graph(model, model.Config, fused, products).Classifier(model.Outputs).WriteTo);

    /// <summary>Writes a model for question answering, in fp32 or with scales found for each token.</summary>
    public static void Write(string path, BertForQuestionAnswering model, OnnxForm form) =>
        Write(path, model, form.Fused, Products.Of(form));

    /// <summary>Writes a model for question answering whose products are written in some way.</summary>
    public static void Write(string path, BertForQuestionAnswering model, bool fused, Products products) =>
        AtomicFile.Write(path, Graph(model, model.Config, fused, products).QuestionAnswering().WriteTo);

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
