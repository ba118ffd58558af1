using Replication.Bert;
using Replication.Measurements;
using Replication.Papers;

namespace Replication.DynaBERT.Report;

/// <summary>A finished timing with its signature.</summary>
/// <param name="Report">Seconds by sub-network.</param>
/// <param name="Signature">What was timed, how and where.</param>
internal sealed record Timing(SpeedReport Report, string Signature)
{
    /// <summary>The timing of a spec; null where it is not finished.</summary>
    public static Timing? Of(Results results, SubNetworkSpeedSpec? spec)
    {
        if (spec is null || results.Find(spec) is not { } run)
            return null;
        var (environment, protocol) = (run.Manifest.Environment, spec.Protocol);
        return new Timing(new SpeedReport(run.Result.Samples), SignatureParts.Join(
            $"{spec.BaseModel ?? "BERT-base"} geometry, random weights, views of one network",
            $"batch {protocol.BatchSize} length {protocol.Length}",
            $"{protocol.Rounds} interleaved rounds after {protocol.WarmupPasses}",
            $"{environment.Device} {(protocol.Precision == Precision.Bf16 ? "bf16" : "fp32")} {environment.Threads} threads",
            run.Manifest.Machine,
            SignatureParts.Runs([run])));
    }
}
