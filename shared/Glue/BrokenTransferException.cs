namespace Replication.Glue;

/// <summary>A transfer that another attempt may complete.</summary>
/// <param name="message">What broke it.</param>
/// <param name="inner">The cause.</param>
/// <param name="retryAfter">When the server asks to be asked again; null where it does not say.</param>
internal sealed class BrokenTransferException(string message, Exception? inner = null, TimeSpan? retryAfter = null)
    : Exception(message, inner)
{
    /// <summary>The pause that the server asks for.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;
}
