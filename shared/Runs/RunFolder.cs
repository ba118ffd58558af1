namespace Replication.Runs;

/// <summary>
/// A run's folder while the run lasts: metrics.jsonl, a checkpoint, files to keep. Held by one process at a time.
/// </summary>
public sealed class RunFolder : IDisposable
{
    /// <summary>Where it lies.</summary>
    public required string Path { get; init; }

    /// <summary>A file to keep.</summary>
    public string FilePath(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Lets the holder go.</summary>
    public void Dispose() => throw new NotImplementedException();
}
