namespace Replication;

/// <summary>
/// A mistake that the user can mend: the message is one sentence that says what is wrong, where, and what to do.
/// The command line prints it without a stack trace and ends with <see cref="ExitCode"/>.
/// </summary>
public sealed class ReplicationException : Exception
{
    /// <summary>Exit code for words and values on the command line that cannot be used.</summary>
    public const int UsageError = 2;

    /// <summary>Exit code for everything else that went wrong.</summary>
    public const int Failure = 1;

    /// <summary>Creates the exception.</summary>
    /// <param name="message">One sentence: what, where, what to do.</param>
    /// <param name="exitCode">The process's exit code.</param>
    /// <param name="inner">The cause, for a log; it is not shown.</param>
    public ReplicationException(string message, int exitCode = Failure, Exception? inner = null)
        : base(message, inner) => ExitCode = exitCode;

    /// <summary>The process's exit code.</summary>
    public int ExitCode { get; }
}
