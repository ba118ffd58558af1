using System.IO.MemoryMappedFiles;
using Replication.Bert;
using Replication.Glue;
using Replication.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace Replication.Training;

/// <summary>
/// A teacher's logits and [CLS] states for every row of a data set, computed once with dropout off and kept in a
/// memory-mapped file whose name is the digest of teacher and data, and which is held to its own digest before it is used.
/// </summary>
/// <remarks>
/// The teacher computes in fp32 whatever its precision was. Device, threads and libtorch's version are part of the name too,
/// so that a run that finds the file ends with the same bits as one that has to compute it.
/// </remarks>
public sealed class TeacherOutputs : IDisposable
{
    private const string FileName = "outputs.bin";

    private readonly TeacherOutputsFormat _format;
    private readonly int _choices;
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly Device _device;

    private TeacherOutputs(TeacherOutputsFormat format, int choices, FileStream stream, Device device)
    {
        (_format, _choices, _device) = (format, choices, device);
        _file = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
        _view = _file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
    }

    /// <summary>Opens or computes the outputs of a fine-tuned teacher for a task's training rows; the run shows how far it is.</summary>
    /// <param name="context">The run that learns from them.</param>
    /// <param name="folder">The teacher's folder, known to be made for the task.</param>
    /// <param name="data">The task's data.</param>
    /// <param name="layers">Layers whose [CLS] state is kept; may be empty.</param>
    /// <param name="cancellation">Stops the computation.</param>
    /// <exception cref="ReplicationException">As for <see cref="OpenOrCompute"/>.</exception>
    public static TeacherOutputs OfTraining(
        RunContext context, string folder, TaskData data, IReadOnlyList<int> layers, CancellationToken cancellation) => OpenOrCompute(
        context.Workspace.CacheFolder,
        context.Workspace.DigestOfFile(Path.Combine(folder, "model.safetensors"), "Cannot read the teacher"),
        () =>
        {
            context.Progress.Begin($"{context.Label}: teacher outputs", data.Train.Examples.Count, 0, "rows");
            return data.Task.OpenClassifier(folder);
        },
        data.Train,
        layers,
        context.Workspace.Device,
        context.Workspace.Digests,
        context.Workspace.Processor,
        rows => context.Progress.Advance(rows),
        context.Progress.Note,
        cancellation);

    /// <summary>
    /// Opens the file, or computes it first. Of two processes that ask for one file, the second waits and reads what the first wrote.
    /// </summary>
    /// <param name="cacheFolder">Where such files are.</param>
    /// <param name="teacherDigest">sha256 of the teacher's weights.</param>
    /// <param name="openTeacher">Opens the teacher; called only if the file is not there. Disposed of afterwards.</param>
    /// <param name="data">The rows.</param>
    /// <param name="layers">Layers whose [CLS] state is kept, counted from 1 (0: the embedding output); may be empty.</param>
    /// <param name="device">Device that computes and receives.</param>
    /// <param name="digests">Knows which files were already read and found sound.</param>
    /// <param name="processor">The processor, whose instruction sets decide the last bits.</param>
    /// <param name="progress">Called with the number of rows done; may be null.</param>
    /// <param name="note">Called where a damaged file is made again; may be null.</param>
    /// <param name="cancellation">Stops the computation; nothing half-written stays.</param>
    /// <exception cref="ReplicationException">The teacher has no such layer, or the folder cannot be written to.</exception>
    public static TeacherOutputs OpenOrCompute(
        string cacheFolder,
        string teacherDigest,
        Func<BertForSequenceClassification> openTeacher,
        EncodedDataset data,
        IReadOnlyList<int> layers,
        Device device,
        FileDigests digests,
        Processor processor,
        Action<int>? progress,
        Action<string>? note,
        CancellationToken cancellation)
    {
        var computer =
            FormattableString.Invariant($"{device.type}, {get_num_threads()} threads, libtorch {Libtorch.Version()}, {processor.Kernels}");
        var key = new TeacherOutputsKey(teacherDigest, data.Sha256, data.Examples.Count, layers, computer) { Choices = data.Task.Choices };
        var folder = Path.Combine(cacheFolder, key.Name());
        if (TryOpen(folder, key, device, digests, null) is { } found)
            return found;
        using var held =
            FolderLock.Acquire(folder, "The teacher's outputs", Timeout.InfiniteTimeSpan, null, TimeProvider.System, cancellation);
        if (TryOpen(folder, key, device, digests, note) is { } written)
            return written;
        AtomicFile.DiscardLeftovers(folder);
        using var teacher = openTeacher();
        CheckLayers(layers, teacher.Config.NumHiddenLayers);
        teacher.to(device);
        SealedFile.Write(
            Path.Combine(folder, FileName), file => TeacherOutputsWriter.Write(file, key, teacher, data, device, progress, cancellation));
        return TryOpen(folder, key, device, digests, null)
            ?? throw new ReplicationException(
                $"The teacher's outputs in {folder} cannot be read back; check the disk and run the same command again.");
    }

    /// <summary>Logits of rows, [rows, classes].</summary>
    public Tensor Logits(int[] rows) => Gather(rows, 0, [_format.Classes]);

    /// <summary>
    /// [CLS] states of the texts of rows, [texts, layers, hidden], layers in the order asked for; a multiple choice has several texts a
    /// row.
    /// </summary>
    public Tensor ClsStates(int[] rows)
    {
        using var scope = NewDisposeScope();
        var states = Gather(rows, _format.Classes, [_format.Layers, _choices, _format.Hidden / _choices]);
        return (_choices == 1 ? states.squeeze(2) : states.transpose(1, 2).flatten(0, 1)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }

    private static TeacherOutputs? TryOpen(string folder, TeacherOutputsKey key, Device device, FileDigests digests, Action<string>? note)
    {
        var path = Path.Combine(folder, FileName);
        if (!SealedFile.IsSound(path, digests, out var isDamaged))
        {
            if (isDamaged)
                note?.Invoke($"the teacher's outputs {path} are not as they were written and are computed again");
            return null;
        }
        return StorageFailure.Explain("Cannot read", path, () =>
        {
            var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            if (TeacherOutputsFormat.Of(stream, key) is { } format)
                return new TeacherOutputs(format, key.Choices, stream, device);
            stream.Dispose();
            return null;
        });
    }

    private static void CheckLayers(IReadOnlyList<int> layers, int last)
    {
        foreach (var layer in layers.Where(l => l < 0 || l > last))
            throw new ReplicationException(FormattableString.Invariant(
                $"Layer {layer} of the teacher was asked for; it has layers 1 to {last}; choose another layer map or a deeper teacher."));
    }

    private Tensor Gather(int[] rows, int first, int[] shape)
    {
        var width = shape.Aggregate(1, (a, b) => a * b);
        var values = new float[rows.Length * width];
        for (var i = 0; i < rows.Length; i++)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(rows[i]);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(rows[i], _format.Rows);
            var offset = _format.RowOffset(rows[i]) + (first * sizeof(float));
            _view.SafeMemoryMappedViewHandle.ReadSpan((ulong)offset, values.AsSpan(i * width, width));
        }
        return tensor(values, [rows.Length, .. shape], device: _device);
    }
}
