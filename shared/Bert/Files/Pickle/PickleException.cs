namespace Replication.Bert;

/// <summary>A pickle that is not read; the message completes "the file is refused: ...".</summary>
internal sealed class PickleException(string message) : Exception(message);
