namespace Replication.Tools.Fuzzing;

/// <summary>A reader that is given damaged files.</summary>
/// <param name="Name">Such as "safetensors".</param>
/// <param name="Prepare">Writes sound files into an empty folder; the same bytes at each call.</param>
/// <param name="Read">Reads them as the suite does; may throw a <see cref="ReplicationException"/> and nothing else.</param>
internal sealed record FuzzTarget(string Name, Action<string> Prepare, Action<string> Read)
{
    /// <summary>Bytes that a reader may allocate whatever its input: buffers, and what .NET keeps of its first call.</summary>
    public const long BaseLimit = 16 << 20;

    /// <summary>
    /// Makes digests fit files that were changed, so that what follows them is tried too; null where there are none.
    /// </summary>
    public Action<string>? Reseal { get; init; }

    /// <summary>Whether its files are refused as they are, such as those of a fault that was mended.</summary>
    public bool HoldsRefused { get; init; }

    /// <summary>Bytes that may be allocated for each byte of input.</summary>
    public const int PerByte = 10;

    /// <summary>Its own stated limit besides <see cref="BaseLimit"/>, such as a table that is made whatever the file says.</summary>
    public long Limit { get; init; }

    /// <summary>Most bytes that may be allocated for an input of a size.</summary>
    public long Most(long inputBytes) => BaseLimit + Limit + (PerByte * inputBytes);
}
