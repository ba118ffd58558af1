namespace Replication.Runs;

/// <summary>Whether data is here.</summary>
public enum DataState
{
    /// <summary>All of it.</summary>
    Present,

    /// <summary>Some of it.</summary>
    Partial,

    /// <summary>None of it.</summary>
    Missing,

    /// <summary>Something is there that is not what is pinned or recorded; no run takes it.</summary>
    Refused,
}

/// <summary>A task's data or a model, and whether it is here.</summary>
/// <param name="Name">Its name, such as SST-2 or minilm-l6.</param>
/// <param name="Kind">"GLUE task" or "model".</param>
/// <param name="State">How much of it is here.</param>
/// <param name="Location">The folder or folders it is in; null where it is missing.</param>
/// <param name="Bytes">Size of what is here.</param>
/// <param name="Needs">What it would take to have the rest, in one sentence; or what is wrong with what is here; null where nothing is
/// missing.</param>
public sealed record DataItem(string Name, string Kind, DataState State, string? Location, long Bytes, string? Needs);
