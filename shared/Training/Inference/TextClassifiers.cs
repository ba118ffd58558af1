using Replication.Inference;

namespace Replication;

/// <summary>Opens a model's folder with what it needs: ONNX Runtime for an exported model, TorchSharp for a trained one.</summary>
public static class TextClassifiers
{
    /// <summary>Whether a folder holds an exported model.</summary>
    public static bool IsOnnx(string folder) => File.Exists(Path.Combine(folder, BertClassifier.FileName));

    /// <summary>Opens a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="maxLength">Longest text in tokens; longer ones are cut.</param>
    /// <param name="device">cpu or cuda; an exported model runs on the CPU.</param>
    /// <param name="threads">Threads that compute; null for one a core, or fewer where there is little to do.</param>
    /// <exception cref="ReplicationException">A file is missing or damaged, or the model has no classifier.</exception>
    public static ITextClassifier Open(string folder, int maxLength, string device, int? threads)
    {
        if (!IsOnnx(folder))
            return Classifier.Open(folder, maxLength, device, threads);
        if (device != "cpu")
            throw new ReplicationException(
                $"The exported model in {folder} runs on the CPU; leave --device out.", ReplicationException.UsageError);
        return BertClassifier.Open(folder, new BertClassifierOptions { MaxLength = maxLength, Threads = threads ?? 0 });
    }
}
