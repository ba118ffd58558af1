using Replication.Bert;
using Replication.Glue;
using static TorchSharp.torch;

namespace Replication.Training;

/// <summary>
/// A teacher's logits and [CLS] states for every row of a data set, computed once with dropout off and kept in a
/// memory-mapped file whose name is the digest of teacher and data.
/// </summary>
public sealed class TeacherOutputs : IDisposable
{
    /// <summary>Opens the file, or computes it first.</summary>
    /// <param name="cacheFolder">Where such files lie.</param>
    /// <param name="teacherDigest">sha256 of the teacher's weights.</param>
    /// <param name="openTeacher">Opens the teacher; called only if the file is not there.</param>
    /// <param name="data">The rows.</param>
    /// <param name="layers">Layers whose [CLS] state is kept, counted from 1 (0: the embedding output); may be empty.</param>
    /// <param name="device">Device that computes and receives.</param>
    /// <param name="progress">Hears of rows done; may be null.</param>
    /// <param name="cancellation">Stops the computation; nothing half-written stays.</param>
    public static TeacherOutputs OpenOrCompute(
        string cacheFolder,
        string teacherDigest,
        Func<BertForSequenceClassification> openTeacher,
        EncodedDataset data,
        IReadOnlyList<int> layers,
        Device device,
        Action<int>? progress,
        CancellationToken cancellation) => throw new NotImplementedException();

    /// <summary>Logits of rows, [rows, classes].</summary>
    public Tensor Logits(int[] rows) => throw new NotImplementedException();

    /// <summary>[CLS] states of rows, [rows, layers, hidden], layers in the order asked for.</summary>
    public Tensor ClsStates(int[] rows) => throw new NotImplementedException();

    /// <inheritdoc/>
    public void Dispose() => throw new NotImplementedException();
}
