using System.Globalization;
namespace Replication.Inference;

/// <summary>How a <see cref="PredictionQueue"/> gathers texts.</summary>
public sealed class PredictionQueueOptions
{
    /// <summary>Most texts that wait; more are refused at once, which is kinder than an answer that comes too late.</summary>
    public int Capacity { get; set; } = 1024;

    /// <summary>Most texts of a batch.</summary>
    public int BatchSize { get; set; } = 32;

    /// <exception cref="ReplicationException">A value is out of its range.</exception>
    internal void Validate()
    {
        if (Capacity is < 1 or > 1_000_000 || BatchSize is < 1 or > 10_000)
            throw new ReplicationException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{nameof(Capacity)} is {Capacity} and {nameof(BatchSize)} {BatchSize}; they must be from 1 to 1000000 and from 1 "
                    + $"to 10000."),
                ReplicationException.UsageError);
    }
}
