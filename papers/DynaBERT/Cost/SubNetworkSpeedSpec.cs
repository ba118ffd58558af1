using Replication.Bert;
using Replication.Bert.SubNetworks;
using Replication.Measurements;
using Replication.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace Replication.DynaBERT.Cost;

/// <summary>
/// Latency of each sub-network, side by side on this machine, as a view of one network of random weights, which do not matter
/// to time.
/// </summary>
public sealed record SubNetworkSpeedSpec : RunSpec
{
    /// <inheritdoc/>
    public override string Kind => "sub-network-speed";

    /// <inheritdoc/>
    public override int Version => 1;

    /// <summary>Model whose geometry is timed; null for BERT-base's.</summary>
    public string? BaseModel { get; init; }

    /// <summary>Width multipliers.</summary>
    public required IReadOnlyList<double> Widths { get; init; }

    /// <summary>Depth multipliers.</summary>
    public required IReadOnlyList<double> Depths { get; init; }

    /// <summary>Which layers stay.</summary>
    public DepthRule Rule { get; init; } = DepthRule.Paper;

    /// <summary>Batch, length, warm-up, rounds, number format.</summary>
    public required SpeedProtocol Protocol { get; init; }

    /// <inheritdoc/>
    public override RunIdentity Identity() => new($"latency of {Widths.Count * Depths.Count} sub-networks of {BaseModel ?? "BERT-base"}", null, null);

    /// <inheritdoc/>
    public override IReadOnlyList<RunInput> Inputs(Workspace workspace) => BaseModel is null ? [] : [workspace.Models.Input(BaseModel)];

    /// <inheritdoc/>
    public override RunWork EstimateWork(Workspace workspace)
    {
        var config = Geometry(workspace);
        return Protocol.Work(SubNetwork.Grid(config, Widths, Depths, Rule).Select(part => part.Config(config)));
    }

    /// <inheritdoc/>
    public override RunResult Execute(RunContext context, CancellationToken cancellation)
    {
        var config = Geometry(context.Workspace);
        var parts = SubNetwork.Grid(config, Widths, Depths, Rule);
        context.Progress.Begin(context.Label, parts.Count * (Protocol.Rounds + Protocol.WarmupPasses), 0, "passes");
        var report = Time(config, parts, context.Workspace, done => context.Progress.Advance(done), cancellation);
        context.Progress.End();
        return new RunResult { Samples = new SortedDictionary<string, IReadOnlyList<double>>(report.Seconds.ToDictionary(), StringComparer.Ordinal) };
    }

    private SpeedReport Time(BertConfig config, IReadOnlyList<SubNetwork> parts, Workspace workspace, Action<int> progress, CancellationToken cancellation)
    {
        Protocol.Validate();
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        using var network = new BertForSequenceClassification(config, outputs: 2, seed: 0) { Precision = Protocol.Precision };
        network.to(workspace.Device);
        network.eval();
        using var tokens = SpeedMeasurement.RandomTokens(config.VocabSize, Protocol, workspace.Device);
        return SpeedMeasurement.Interleave(
            [.. parts.Select(part => (part.Name, (Action)(() =>
            {
                using var pass = NewDisposeScope();
                network.SubNetwork = part;
                network.forward(tokens, EncoderOutputs.None).Logits.cpu();
            })))],
            Protocol.WarmupPasses, Protocol.Rounds, workspace.Clock, (done, _) => progress(done), cancellation);
    }

    private BertConfig Geometry(Workspace workspace) =>
        BaseModel is null ? BertConfig.Base : ModelFolder.ReadConfig(workspace.Models.Folder(BaseModel));
}
