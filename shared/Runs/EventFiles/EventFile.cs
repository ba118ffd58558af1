using Google.Protobuf;

namespace Replication.Runs;

/// <summary>Numbers of one step that TensorBoard draws.</summary>
/// <param name="Step">The step.</param>
/// <param name="Values">Number by tag.</param>
internal sealed record StepScalars(long Step, IReadOnlyList<KeyValuePair<string, float>> Values);

/// <summary>
/// The run's numbers as TensorBoard reads them, one file a run beside metrics.jsonl, which it follows: a run that resumes from a
/// checkpoint writes the file anew up to there, so that nothing is drawn twice and nothing follows a record that a crash has torn.
/// </summary>
internal sealed class EventFile : IDisposable
{
    /// <summary>The file's name; TensorBoard knows event files by the first part.</summary>
    public const string FileName = "events.out.tfevents.0000000000.replication";

    private readonly string _path;
    private readonly TimeProvider _clock;
    private FileStream? _stream;

    /// <summary>Prepares the file; nothing is written before <see cref="Begin"/>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="clock">Says when a number was written.</param>
    public EventFile(string path, TimeProvider clock) => (_path, _clock) = (path, clock);

    private double Now => (_clock.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds;

    /// <summary>Begins the file with the numbers that metrics.jsonl keeps; they keep the times that the file had for their steps.</summary>
    public void Begin(IReadOnlyList<StepScalars> kept) => StorageFailure.Explain("Cannot write", _path, () =>
    {
        Dispose();
        var times = TimesByStep();
        var now = Now;
        using var content = new MemoryStream();
        content.Write(EventRecord.Of(ScalarEvent.Start(times.GetValueOrDefault(0, now)).ToBytes()));
        foreach (var line in kept)
            content.Write(Records(line, times.GetValueOrDefault(line.Step, now)));
        AtomicFile.WriteBytes(_path, content.ToArray());
        _stream = new FileStream(_path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        return true;
    });

    /// <summary>Appends a step's numbers.</summary>
    public void Append(StepScalars line) => StorageFailure.Explain("Cannot write", _path, () =>
    {
        _stream!.Write(Records(line, Now));
        return true;
    });

    /// <summary>Deletes one that an earlier start left.</summary>
    public void Delete() => File.Delete(_path);

    /// <inheritdoc/>
    public void Dispose()
    {
        _stream?.Dispose();
        _stream = null;
    }

    private static byte[] Records(StepScalars line, double time) =>
        [.. line.Values.SelectMany(v => EventRecord.Of(new ScalarEvent(time, line.Step, v.Key, v.Value).ToBytes()))];

    // A file that cannot be read gives no times; its numbers are metrics.jsonl's anyway.
    private Dictionary<long, double> TimesByStep()
    {
        var times = new Dictionary<long, double>();
        try
        {
            foreach (var message in File.Exists(_path) ? EventRecord.Sound(File.ReadAllBytes(_path)) : [])
            {
                var (time, step) = ScalarEvent.TimeOf(message);
                times.TryAdd(step, time);
            }
        }
        catch (InvalidProtocolBufferException)
        {
            times.Clear();
        }
        return times;
    }
}
