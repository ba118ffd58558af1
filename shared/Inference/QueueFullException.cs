namespace Replication.Inference;

/// <summary>So many texts wait that another one is not taken; a service answers 503 and the client comes again later.</summary>
public sealed class QueueFullException : Exception
{
    /// <summary>Creates the exception.</summary>
    public QueueFullException(int capacity) : base(FormattableString.Invariant($"{capacity} texts wait already; try again later.")) =>
        Capacity = capacity;

    /// <summary>Texts that may wait.</summary>
    public int Capacity { get; }
}
