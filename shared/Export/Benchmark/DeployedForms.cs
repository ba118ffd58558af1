using Replication.Bert;
using Replication.Inference;

namespace Replication.Export.Benchmark;

/// <summary>A model open in every form that it is measured in.</summary>
internal sealed class DeployedForms : IDisposable
{
    // The longest text that is measured, and what a text of int8 is compared beside.
    private const int MaxLength = 128, NeighbourTexts = 24;

    private readonly Dictionary<DeploymentForm, string> _folders;

    private DeployedForms(Dictionary<DeploymentForm, string> folders, int threads)
    {
        _folders = folders;
        var models = new Dictionary<DeploymentForm, ITextClassifier>();
        try
        {
            foreach (var (form, folder) in folders)
                models[form] = TextClassifiers.Open(folder, MaxLength, "cpu", threads);
        }
        catch
        {
            foreach (var model in models.Values)
                model.Dispose();
            throw;
        }
        Models = models;
    }

    /// <summary>The forms with the model in each.</summary>
    public IReadOnlyDictionary<DeploymentForm, ITextClassifier> Models { get; }

    /// <summary>Exports a model and opens it in every form. What is compared is left to the caller.</summary>
    /// <param name="subject">The model.</param>
    /// <param name="scratch">A folder for the exported ones.</param>
    /// <param name="threads">Threads that compute a call.</param>
    public static DeployedForms Write(DeploymentSubject subject, string scratch, int threads)
    {
        var folders = new Dictionary<DeploymentForm, string> { [DeploymentForm.TorchSharp] = subject.Folder };
        foreach (var (form, quantization) in (ReadOnlySpan<(DeploymentForm, Quantization)>)
            [(DeploymentForm.Fp32, Quantization.None), (DeploymentForm.Int8, Quantization.Dynamic)])
        {
            var folder = folders[form] = Path.Combine(scratch, form.ToString());
            Directory.CreateDirectory(folder);
            OnnxExport.CopyTokenizer(subject.Folder, folder);
            using var model = ModelFolder.OpenClassifier(subject.Folder, ModelFolder.ClassifierOutputs(subject.Folder)!.Value);
            OnnxFile.Write(Path.Combine(folder, TextModel.FileName), model, new OnnxForm(quantization, Fused: true));
        }
        return new DeployedForms(folders, threads);
    }

    /// <summary>The folder of a form.</summary>
    public string Folder(DeploymentForm form) => _folders[form];

    /// <summary>The largest difference of an output of ONNX in fp32 to TorchSharp's.</summary>
    /// <param name="texts">Number of made-up texts of all lengths.</param>
    /// <param name="cancellation">Stops between two batches.</param>
    public double Difference(int texts, CancellationToken cancellation)
    {
        var all = Texts(texts);
        return OnnxExport.Difference(
            Models[DeploymentForm.TorchSharp].Logits(all, cancellation), Models[DeploymentForm.Fp32].Logits(all, cancellation));
    }

    /// <summary>The largest difference of an output in int8 when a text runs alone and in a batch with others of all lengths.</summary>
    /// <param name="cancellation">Stops between two batches.</param>
    public double NeighbourDifference(CancellationToken cancellation)
    {
        var (int8, all) = (Models[DeploymentForm.Int8], Texts(NeighbourTexts));
        return OnnxExport.Difference([.. all.Select(text => int8.Logits([text], cancellation)[0])], int8.Logits(all, cancellation));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var model in Models.Values)
            model.Dispose();
    }

    private IReadOnlyList<TextInput> Texts(int count) =>
        VerificationTexts.Of([], ModelFolder.OpenTokenizer(_folders[DeploymentForm.TorchSharp]), MaxLength, pairs: false, count);
}
