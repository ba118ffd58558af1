using Replication.Bert;
using Replication.Measurements;
using Replication.Runs;

namespace Replication.PatientKD.Speed;

/// <summary>
/// Table 4's inference time: BERT-base with 12, 6 and 3 layers, side by side on this machine, at the paper's batch of 128
/// sequences of 128 tokens. Weights do not matter to time, so they are random.
/// </summary>
public sealed record SpeedSpec : RunSpec
{
    /// <inheritdoc/>
    public override string Kind => "speed";

    /// <inheritdoc/>
    public override int Version => 1;

    /// <summary>Depths, the one that counts as 1 first.</summary>
    public IReadOnlyList<int> Layers { get; init; } = [12, 6, 3];

    /// <summary>Batch, length, warm-up, rounds, number format.</summary>
    public SpeedProtocol Protocol { get; init; } = new();

    /// <summary>Name of a depth in the samples of the result.</summary>
    public static string NameOf(int layers) => $"{layers} layers";

    /// <inheritdoc/>
    public override RunIdentity Identity() => new($"inference time of {string.Join(", ", Layers)} layers", null, null);

    /// <inheritdoc/>
    public override IReadOnlyList<RunInput> Inputs(Workspace workspace) => [];

    /// <inheritdoc/>
    public override RunWork EstimateWork(Workspace workspace) => Protocol.Work(Subjects().Select(s => s.Config));

    /// <inheritdoc/>
    public override RunResult Execute(RunContext context, CancellationToken cancellation)
    {
        var passes = Layers.Count * (Protocol.Rounds + Protocol.WarmupPasses);
        context.Progress.Begin(context.Label, passes, 0, "passes");
        var report = SpeedMeasurement.OfForwardPasses(
            Subjects(), Protocol, context.Workspace.Device, context.Workspace.Clock, (done, _) => context.Progress.Advance(done), cancellation);
        context.Progress.End();
        return new RunResult { Samples = new SortedDictionary<string, IReadOnlyList<double>>(report.Seconds.ToDictionary(), StringComparer.Ordinal) };
    }

    private IReadOnlyList<SpeedSubject> Subjects() =>
        [.. Layers.Select(layers => new SpeedSubject(NameOf(layers), BertConfig.Base with { NumHiddenLayers = layers }))];
}
