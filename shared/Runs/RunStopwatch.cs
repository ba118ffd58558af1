namespace Replication.Runs;

/// <summary>
/// How long a run has computed, and on what, over its first start and every resume; noted in the folder at each checkpoint, so that what
/// a killed process computed up to there is counted and what it lost is not.
/// </summary>
internal sealed class RunStopwatch
{
    private readonly string _path;
    private readonly TimeProvider _clock;
    private readonly long _start;
    private readonly Saved _before;

    public RunStopwatch(string path, string processor, TimeProvider clock)
    {
        (_path, _clock, _start) = (path, clock, clock.GetTimestamp());
        var earlier = Read(path);
        Resumes = earlier is null ? 0 : earlier.Resumes + 1;
        _before = earlier ?? new Saved(clock.GetUtcNow(), 0, 0, []);
        Processors = _before.Processors is [.., var last] && last == processor ? _before.Processors : [.. _before.Processors, processor];
    }

    /// <summary>When the run was first started.</summary>
    public DateTimeOffset Started => _before.Started;

    /// <summary>How often the run was resumed.</summary>
    public int Resumes { get; }

    /// <summary>The kinds of processor that computed it, each change of kind once.</summary>
    public IReadOnlyList<string> Processors { get; }

    /// <summary>Seconds up to now.</summary>
    public double Seconds => _before.Seconds + _clock.GetElapsedTime(_start).TotalSeconds;

    /// <summary>Notes the seconds.</summary>
    public void Note() => AtomicFile.WriteText(_path, Json.Text(new Saved(Started, Seconds, Resumes, Processors)));

    /// <summary>Forgets them, once they are in the manifest.</summary>
    public void Delete() => File.Delete(_path);

    private static Saved? Read(string path)
    {
        try
        {
            return File.Exists(path) ? Json.Read<Saved>(path) : null;
        }
        catch (ReplicationException)
        {
            return null;
        }
    }

    private sealed record Saved(DateTimeOffset Started, double Seconds, int Resumes, IReadOnlyList<string> Processors);
}
