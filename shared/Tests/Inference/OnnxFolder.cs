using Replication.Bert;
using Replication.Export;
using Replication.Tests.CommandLine;

namespace Replication.Tests.Inference;

/// <summary>A tiny model in an exported folder.</summary>
internal static class OnnxFolder
{
    /// <summary>Writes it, with nothing compared.</summary>
    public static string Write(
        TemporaryFolder folder, IReadOnlyList<string> labels, Quantization quantization = Quantization.None, bool fused = false)
    {
        var source = TinyModel.Write(folder, labels, "source", positions: 128);
        var target = folder.File("onnx");
        Directory.CreateDirectory(target);
        foreach (var name in (string[])["config.json", "vocab.txt"])
            File.Copy(Path.Combine(source, name), Path.Combine(target, name));
        using var model = ModelFolder.OpenClassifier(source, labels.Count);
        OnnxFile.Write(Path.Combine(target, "model.onnx"), model, new OnnxForm(quantization, fused));
        return target;
    }
}
