using System.Buffers;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Replication.Inference;

/// <summary>An ONNX file open in ONNX Runtime, whose inputs and outputs are taken by name. Safe for use by several threads.</summary>
internal sealed class OnnxModel : IDisposable
{
    private const string Ids = "input_ids", Mask = "attention_mask", Types = "token_type_ids";
    private static readonly string[] Known = [Ids, Mask, Types];

    private readonly InferenceSession _session;
    private readonly string[] _inputs;
    private readonly string[] _outputs;

    private OnnxModel(InferenceSession session, string[] outputs)
    {
        _session = session;
        _inputs = [.. session.InputMetadata.Keys];
        _outputs = outputs;
    }

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="threads">Threads that compute a run.</param>
    /// <param name="outputs">The outputs that are read, by name.</param>
    /// <exception cref="ReplicationException">The file is missing, not a whole ONNX file, or has other inputs or outputs; the message names
    /// them.</exception>
    public static OnnxModel Open(string path, int threads, params string[] outputs)
    {
        if (!File.Exists(path))
            throw new ReplicationException($"There is no {path}; name a folder that 'export --format onnx' has written.");
        InferenceSession session;
        try
        {
            using var options = Options(threads);
            session = new InferenceSession(path, options);
        }
        catch (OnnxRuntimeException e)
        {
            throw new ReplicationException(
                $"{path} is not an ONNX file that can be run, or not all of it is there; export it again.", inner: e);
        }
        try
        {
            Check(session, path, outputs);
            return new OnnxModel(session, outputs);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Numbers of an output for each text or token, as the file has it; -1 where it does not tell.</summary>
    public int Width(string output) => _session.OutputMetadata[output].Dimensions[^1];

    /// <summary>Runs a batch; the padding has <paramref name="padding"/>, type 0 and mask 0.</summary>
    /// <param name="rows">Ids of each text and how many of them have token type 0.</param>
    /// <param name="length">Tokens that each is padded to.</param>
    /// <param name="padding">Id of the padding token.</param>
    /// <param name="read">Is given each output as the numbers of the whole batch.</param>
    /// <param name="cancellation">Ends the run.</param>
    /// <exception cref="ReplicationException">ONNX Runtime cannot run the model.</exception>
    public void Run(
        IReadOnlyList<(int[] Ids, int FirstLength)> rows, int length, int padding, OutputReader read, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var size = rows.Count * length;
        long[] shape = [rows.Count, length];
        var buffers = new long[_inputs.Length][];
        var values = new OrtValue[_inputs.Length];
        try
        {
            for (var i = 0; i < _inputs.Length; i++)
            {
                buffers[i] = ArrayPool<long>.Shared.Rent(size);
                Fill(_inputs[i], buffers[i].AsSpan(0, size), rows, length, padding);
                values[i] = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, buffers[i].AsMemory(0, size), shape);
            }
            using var options = new RunOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
            using var registration = cancellation.CanBeCanceled ? cancellation.Register(() => options.Terminate = true) : default;
            using var results = _session.Run(options, _inputs, values, _outputs);
            for (var i = 0; i < _outputs.Length; i++)
                read(i, results[i].GetTensorDataAsSpan<float>());
        }
        catch (OnnxRuntimeException e)
        {
            cancellation.ThrowIfCancellationRequested();
            throw new ReplicationException($"ONNX Runtime could not run the model: {e.Message.TrimEnd('.')}.", inner: e);
        }
        finally
        {
            foreach (var value in values)
                value?.Dispose();
            foreach (var buffer in buffers)
                if (buffer is not null)
                    ArrayPool<long>.Shared.Return(buffer);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();

    /// <summary>How models are run; what is compared with the package is run in the same way.</summary>
    internal static SessionOptions Options(int threads)
    {
        var options = new SessionOptions
        {
            IntraOpNumThreads = threads,
            InterOpNumThreads = 1,
            // A plan of the memory for each shape that comes would be kept for ever.
            EnableMemoryPattern = false,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        // Threads wait for work in a loop, which is faster within a call and a waste between two.
        options.AddSessionConfigEntry("session.force_spinning_stop", "1");
        return options;
    }

    private static void Check(InferenceSession session, string path, string[] outputs)
    {
        foreach (var (name, input) in session.InputMetadata)
        {
            if (!Known.Contains(name, StringComparer.Ordinal) || input.ElementDataType != TensorElementType.Int64
                || input.Dimensions.Length != 2)
                throw new ReplicationException(
                    $"{path} has the input {name}; a model of texts has {string.Join(", ", Known)}, int64 [batch, length] each.");
        }
        if (!session.InputMetadata.ContainsKey(Ids))
            throw new ReplicationException($"{path} has no input {Ids}; a model of texts has it.");
        foreach (var output in outputs)
        {
            if (!session.OutputMetadata.TryGetValue(output, out var found) || found.ElementDataType != TensorElementType.Float
                || found.Dimensions.Length != 2)
                throw new ReplicationException(
                    $"{path} has the outputs {string.Join(", ", session.OutputMetadata.Keys)}; this kind of model has {output}, float "
                        + $"with two dimensions.");
        }
    }

    private static void Fill(string input, Span<long> target, IReadOnlyList<(int[] Ids, int FirstLength)> rows, int length, int padding)
    {
        target.Fill(input == Ids ? padding : 0);
        for (var row = 0; row < rows.Count; row++)
        {
            var (ids, firstLength) = rows[row];
            var place = target.Slice(row * length, ids.Length);
            if (input == Mask)
                place.Fill(1);
            else if (input == Types)
                place[firstLength..].Fill(1);
            else
                for (var i = 0; i < ids.Length; i++)
                    place[i] = ids[i];
        }
    }
}

/// <summary>Takes the numbers of an output.</summary>
/// <param name="output">Which one, from 0.</param>
/// <param name="numbers">Those of the whole batch, the last dimension fastest.</param>
internal delegate void OutputReader(int output, ReadOnlySpan<float> numbers);
