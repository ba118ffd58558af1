using System.Text;
using System.Text.Json;

namespace Replication.Runs;

/// <summary>
/// metrics.jsonl: one JSON object a line, each with its step, steps never falling. It holds no times, so that the file
/// of a resumed run is the file of one that was never stopped.
/// </summary>
public sealed class MetricsWriter : IDisposable
{
    /// <summary>The file's name.</summary>
    public const string FileName = "metrics.jsonl";

    private readonly string _path;
    private readonly EventFile? _events;
    private FileStream? _stream;

    /// <summary>Prepares the file; until <see cref="Truncate"/> says what to keep, the first line begins it anew.</summary>
    /// <param name="path">The file.</param>
    public MetricsWriter(string path)
        : this(path, events: null)
    {
    }

    /// <summary>Prepares the file with the one that TensorBoard reads.</summary>
    internal MetricsWriter(string path, EventFile? events) => (_path, _events) = (path, events);

    /// <summary>Keeps the lines up to a step, for a run that resumes from a checkpoint taken there; 0 begins anew.</summary>
    public void Truncate(long step) => StorageFailure.Explain("Cannot write", _path, () =>
    {
        _stream ??= Open();
        _stream.SetLength(step == 0 ? 0 : LengthUpTo(_stream, step));
        _events?.Begin(Lines(_stream));
        return _stream.Seek(0, SeekOrigin.End);
    });

    /// <summary>Appends a line.</summary>
    /// <param name="step">The step that it belongs to.</param>
    /// <param name="values">What is noted; the same values give the same bytes.</param>
    /// <exception cref="ReplicationException">The disk is full or the file cannot be written.</exception>
    public void Append(long step, IReadOnlyDictionary<string, object?> values)
    {
        if (_stream is null)
            Truncate(0);
        var line = new Dictionary<string, object?>(StringComparer.Ordinal) { ["step"] = step };
        foreach (var (name, value) in values)
            line.Add(name, value);
        var bytes = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(line, Json.Compact) + "\n");
        StorageFailure.Explain("Cannot write", _path, () =>
        {
            _stream!.Write(bytes);
            _events?.Append(MetricScalars.Of(bytes));
            return true;
        });
    }

    /// <summary>Brings the lines to the disk; before every checkpoint, which relies on them.</summary>
    public void Flush() => StorageFailure.Explain("Cannot write", _path, () =>
    {
        _stream?.Flush(flushToDisk: true);
        return true;
    });

    /// <summary>
    /// Ends the file; one that this run never touched was left by an earlier start that no longer counts, and is deleted.
    /// </summary>
    internal void Complete()
    {
        if (_stream is null)
        {
            File.Delete(_path);
            _events?.Delete();
        }
        Flush();
        Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stream?.Dispose();
        _stream = null;
        _events?.Dispose();
    }

    // No buffer: each line reaches the operating system at once and outlives the process.
    private FileStream Open()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        return new FileStream(_path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
    }

    // Through the stream that is open: not every system lets a file be opened twice while it is written.
    private static long LengthUpTo(FileStream stream, long step)
    {
        var bytes = Content(stream).AsSpan();
        var kept = 0;
        while (bytes[kept..].IndexOf((byte)'\n') is var end and >= 0 && StepOf(bytes.Slice(kept, end)) <= step)
            kept += end + 1;
        return kept;
    }

    private static List<StepScalars> Lines(FileStream stream)
    {
        var lines = new List<StepScalars>();
        var bytes = Content(stream).AsSpan();
        for (; bytes.IndexOf((byte)'\n') is var end and >= 0; bytes = bytes[(end + 1)..])
            lines.Add(MetricScalars.Of(bytes[..end]));
        return lines;
    }

    private static byte[] Content(FileStream stream)
    {
        var content = new byte[stream.Length];
        stream.Position = 0;
        stream.ReadExactly(content);
        return content;
    }

    // A line that a crash has torn counts as one after every step.
    private static long StepOf(ReadOnlySpan<byte> line)
    {
        try
        {
            var reader = new Utf8JsonReader(line);
            return JsonElement.ParseValue(ref reader).GetProperty("step").GetInt64();
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return long.MaxValue;
        }
    }
}
