using Replication.Bert;
using static TorchSharp.torch;

namespace Replication.Tests.Bert;

/// <summary>Reference tensors and model folders for the tests of this room.</summary>
internal static class GoldenModel
{
    /// <summary>All tensors of a safetensors file, by name.</summary>
    public static Dictionary<string, Tensor> Read(string path)
    {
        using var file = SafetensorsFile.Open(path);
        return file.Tensors.Keys.ToDictionary(name => name, file.Read, StringComparer.Ordinal);
    }

    /// <summary>The encoder input among reference tensors.</summary>
    public static TokenBatch Batch(Dictionary<string, Tensor> tensors) =>
        new(tensors["input_ids"], tensors["token_type_ids"], tensors["attention_mask"]);

    /// <summary>A folder with the tiny model's config.json and weights from the given file.</summary>
    public static string TinyFolder(string weights, string name)
    {
        var folder = TestFolder.Create();
        File.Copy(GoldenFiles.Require("tiny_bert_config.json"), Path.Combine(folder, "config.json"));
        File.Copy(GoldenFiles.Require(weights), Path.Combine(folder, name));
        return folder;
    }

    /// <summary>Whether two tensors have one shape and the same elements.</summary>
    public static bool AreEqual(Tensor one, Tensor other) => one.shape.SequenceEqual(other.shape) && one.eq(other).all().item<bool>();

    /// <summary>Fails unless the tensors have one shape and differ by at most <paramref name="tolerance"/>.</summary>
    public static void AssertClose(Tensor actual, Tensor expected, double tolerance, string what)
    {
        Assert.That(actual.shape, Is.EqualTo(expected.shape), what);
        var difference = (actual.to(ScalarType.Float64) - expected.to(ScalarType.Float64)).abs().max().item<double>();
        Assert.That(difference, Is.LessThanOrEqualTo(tolerance), what);
    }
}
