using Replication.Bert;
using Replication.Measurements;
using Replication.Runs;

namespace Replication.Studies;

/// <summary>
/// Inference time of some geometries, side by side on this machine. Weights do not matter to time, so they are random. A paper's own
/// kind of it names the geometries.
/// </summary>
public abstract record ForwardSpeedSpec : RunSpec
{
    /// <summary>Batch, length, warm-up, rounds, number format.</summary>
    public SpeedProtocol Protocol { get; init; } = new();

    /// <summary>
    /// How a paper's speed claim is timed. On a processor in fp32, which all have at full speed, whatever the runs are trained in; on a
    /// GPU in the format of the request.
    /// </summary>
    /// <param name="request">Device and number format.</param>
    /// <param name="rounds">Timed rounds.</param>
    public static SpeedProtocol ProtocolOf(ExperimentRequest request, int rounds) =>
        new() { Rounds = rounds, Precision = request.Device == "cpu" ? Precision.Fp32 : request.Precision };

    /// <summary>The same timing in bfloat16 where the request's runs are in it and this one is not; else null.</summary>
    /// <param name="request">Number format of the runs.</param>
    public ForwardSpeedSpec? InBf16(ExperimentRequest request) =>
        request.Precision == Precision.Bf16 && Protocol.Precision != Precision.Bf16
        ? this with { Protocol = Protocol with { Precision = Precision.Bf16 } }
        : null;

    /// <summary>The timing with its signature; null where it is not finished.</summary>
    /// <param name="results">Where the run is found.</param>
    public Timing? Of(StudyResults results) => Timing.Of(results.Find(this), Protocol, Setting());

    /// <summary>What is timed, by its name in the samples of the result.</summary>
    public abstract IReadOnlyList<SpeedSubject> Subjects(Workspace workspace);

    /// <inheritdoc/>
    public override IReadOnlyList<RunInput> Inputs(Workspace workspace) => [];

    /// <inheritdoc/>
    public override RunWork EstimateWork(Workspace workspace) => Protocol.Work(Subjects(workspace).Select(subject => subject.Config));

    /// <inheritdoc/>
    public override RunResult Execute(RunContext context, CancellationToken cancellation)
    {
        var subjects = Subjects(context.Workspace);
        context.Progress.Begin(context.Label, subjects.Count * (Protocol.Rounds + Protocol.WarmupPasses), 0, "passes");
        var report = Time(subjects, context.Workspace, (done, _) => context.Progress.Advance(done), cancellation);
        context.Progress.End();
        return Result(report);
    }

    /// <summary>What a run keeps of a timing.</summary>
    protected static RunResult Result(SpeedReport report) =>
        new() { Samples = new SortedDictionary<string, IReadOnlyList<double>>(report.Seconds.ToDictionary(), StringComparer.Ordinal) };

    /// <summary>What the name of a run in bfloat16 ends with.</summary>
    protected string InFormat() => Protocol.Precision == Precision.Bf16 ? " in bf16" : "";

    /// <summary>What was timed, as signatures begin.</summary>
    protected virtual string Setting() => "paper's geometry, random weights";

    /// <summary>Hook: times the subjects, here as models of their own; a paper may time views of one.</summary>
    /// <param name="subjects">What is timed.</param>
    /// <param name="workspace">Device and clock.</param>
    /// <param name="progress">Is told how many passes are done, and of how many, warm-up included.</param>
    /// <param name="cancellation">Stops between passes.</param>
    protected virtual SpeedReport Time(
        IReadOnlyList<SpeedSubject> subjects, Workspace workspace, Action<int, int> progress, CancellationToken cancellation) =>
        SpeedMeasurement.OfForwardPasses(subjects, Protocol, workspace.Device, workspace.Clock, progress, cancellation);
}

/// <summary>A finished timing with its signature.</summary>
/// <param name="Report">Seconds by subject.</param>
/// <param name="Signature">What was timed, how and where.</param>
public sealed record Timing(SpeedReport Report, string Signature)
{
    /// <summary>The timing that a run holds; null where it is not finished.</summary>
    /// <param name="run">The finished run; null for none.</param>
    /// <param name="protocol">How it timed.</param>
    /// <param name="what">What it timed, such as "paper's geometry, random weights".</param>
    public static Timing? Of(FinishedRun? run, SpeedProtocol protocol, string what) => run is null ? null : new Timing(
        new SpeedReport(run.Result.Samples),
        SignatureParts.Join(
            what,
            $"batch {protocol.BatchSize} length {protocol.Length}",
            $"{protocol.Rounds} interleaved rounds after {protocol.WarmupPasses}",
            $"{run.Manifest.Environment.Device} {protocol.Precision.Word()} {run.Manifest.Environment.Threads} threads",
            run.Manifest.Machine,
            SignatureParts.Runs([run])));
}
