using Replication.Bert;
using Replication.DynaBERT.Cost;
using Replication.Measurements;
using Replication.Runs;
using Replication.Studies;

namespace Replication.DynaBERT.Report;

/// <summary>A finished timing with its signature.</summary>
/// <param name="Report">Seconds by sub-network.</param>
/// <param name="Signature">What was timed, how and where.</param>
internal sealed record Timing(SpeedReport Report, string Signature)
{
    /// <summary>The timing of a spec; null where it is not finished.</summary>
    public static Timing? Of(Results results, SubNetworkSpeedSpec? spec) => spec is null || results.Find(spec) is not { } run
        ? null
        : new Timing(new SpeedReport(run.Result.Samples), SignatureOf(run, spec.Protocol, $"{spec.BaseModel ?? "BERT-base"} geometry, random weights, views of one network"));

    /// <summary>The line beside what a run timed.</summary>
    /// <param name="run">The run.</param>
    /// <param name="protocol">How it timed.</param>
    /// <param name="what">What it timed.</param>
    public static string SignatureOf(FinishedRun run, SpeedProtocol protocol, string what)
    {
        var environment = run.Manifest.Environment;
        return SignatureParts.Join(
            what,
            $"batch {protocol.BatchSize} length {protocol.Length}",
            $"{protocol.Rounds} interleaved rounds after {protocol.WarmupPasses}",
            $"{environment.Device} {(protocol.Precision == Precision.Bf16 ? "bf16" : "fp32")} {environment.Threads} threads",
            run.Manifest.Machine,
            SignatureParts.Runs([run]));
    }
}
