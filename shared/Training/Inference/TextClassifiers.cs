using Replication.Inference;

namespace Replication;

/// <summary>Opens a model's folder with what it needs: ONNX Runtime for an exported model, TorchSharp for a trained one.</summary>
public static class TextClassifiers
{
    /// <summary>Whether a folder holds an exported model.</summary>
    public static bool IsOnnx(string folder) => File.Exists(Path.Combine(folder, TextModel.FileName));

    /// <summary>Opens a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="maxLength">Longest text in tokens; longer ones are cut.</param>
    /// <param name="device">cpu or cuda; an exported model runs on the CPU.</param>
    /// <param name="threads">Threads that compute; null for one per core, or fewer where there is little to do.</param>
    /// <exception cref="ReplicationException">A file is missing or damaged, or the model has no classifier.</exception>
    public static ITextClassifier Open(string folder, int maxLength, string device, int? threads)
    {
        if (!IsOnnx(folder))
            return Classifier.Open(folder, maxLength, device, threads);
        return BertClassifier.Open(OnCpu(folder, device), new BertClassifierOptions { MaxLength = maxLength, Threads = threads ?? 0 });
    }

    /// <summary>Opens a folder whose model answers questions.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="windowing">How long passages are cut.</param>
    /// <param name="device">cpu or cuda; an exported model runs on the CPU.</param>
    /// <param name="threads">Threads that compute an exported model; null for one per core.</param>
    /// <inheritdoc cref="Open" path="/exception"/>
    public static IQuestionAnswerer OpenAnswerer(string folder, Windowing windowing, string device, int? threads) => !IsOnnx(folder)
        ? QuestionAnswerer.Open(folder, windowing, device)
        : BertAnswerer.Open(OnCpu(folder, device), new BertAnswererOptions { Windowing = windowing, Threads = threads ?? 0 });

    /// <summary>Opens a folder whose model chooses among options.</summary>
    /// <inheritdoc cref="Open"/>
    public static IChoiceClassifier OpenChooser(string folder, int? maxLength, string device, int? threads) => !IsOnnx(folder)
        ? ChoiceClassifier.Open(folder, maxLength, device)
        : BertChoiceClassifier.Open(OnCpu(folder, device), new BertClassifierOptions { MaxLength = maxLength, Threads = threads ?? 0 });

    /// <summary>An exported model's folder, where it is not asked to run elsewhere than on the CPU.</summary>
    /// <exception cref="ReplicationException">It is.</exception>
    internal static string OnCpu(string folder, string device) => device == "cpu" ? folder : throw new ReplicationException(
        $"The exported model in {folder} runs on the CPU; leave --device out.", ReplicationException.UsageError);
}
