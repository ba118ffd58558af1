using Replication.Bert;
using Replication.Bert.SubNetworks;
using Replication.Measurements;
using Replication.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace Replication.Studies;

/// <summary>Times sub-networks of a geometry side by side on this machine.</summary>
public abstract record SubNetworkTiming : ForwardSpeedSpec
{
    /// <summary>Model whose geometry is timed; null for BERT-base's.</summary>
    public string? BaseModel { get; init; }

    /// <summary>Width multipliers.</summary>
    public required IReadOnlyList<double> Widths { get; init; }

    /// <summary>Depth multipliers.</summary>
    public required IReadOnlyList<double> Depths { get; init; }

    /// <summary>Which layers stay.</summary>
    public DepthRule Rule { get; init; } = DepthRule.Paper;

    /// <inheritdoc/>
    public override IReadOnlyList<RunInput> Inputs(Workspace workspace) => BaseModel is null ? [] : [workspace.Models.Input(BaseModel)];

    /// <summary>The sub-networks of a geometry: each width at each depth.</summary>
    public virtual IReadOnlyList<SubNetwork> Parts(BertConfig config) => SubNetwork.Grid(config, Widths, Depths, Rule);

    /// <inheritdoc/>
    public override IReadOnlyList<SpeedSubject> Subjects(Workspace workspace) => Subjects(Geometry(workspace));

    /// <summary>What is timed of a geometry.</summary>
    protected virtual IReadOnlyList<SpeedSubject> Subjects(BertConfig config) =>
        [.. Parts(config).Select(part => new SpeedSubject(part.Name, part.Config(config)))];

    /// <summary>The geometry of the whole network.</summary>
    protected BertConfig Geometry(Workspace workspace) =>
        BaseModel is null ? BertConfig.Base : workspace.Models.Config(BaseModel);
}

/// <summary>Latency of each sub-network as a view of one network.</summary>
public sealed record SubNetworkSpeedSpec : SubNetworkTiming
{
    /// <inheritdoc/>
    public override string Kind => "sub-network-speed";

    /// <inheritdoc/>
    public override RunIdentity Identity() =>
        new($"latency of {Widths.Count * Depths.Count} sub-networks of {BaseModel ?? "BERT-base"}", null, null);

    /// <inheritdoc/>
    protected override string Setting() => $"{BaseModel ?? "BERT-base"} geometry, random weights, views of one network";

    /// <inheritdoc/>
    protected override SpeedReport Time(
        IReadOnlyList<SpeedSubject> subjects, Workspace workspace, Action<int, int> progress, CancellationToken cancellation)
    {
        Protocol.Validate();
        var config = Geometry(workspace);
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        using var network = new BertForSequenceClassification(config, outputs: 2, seed: 0) { Precision = Protocol.Precision };
        network.to(workspace.Device);
        network.eval();
        using var tokens = SpeedMeasurement.RandomTokens(config.VocabSize, Protocol, workspace.Device);
        return SpeedMeasurement.Interleave(
            [.. Parts(config).Select(part => (part.Name, (Action)(() =>
            {
                using var pass = NewDisposeScope();
                network.SubNetwork = part;
                network.forward(tokens, EncoderOutputs.None).Logits.cpu();
            })))],
            Protocol.WarmupPasses, Protocol.Rounds, workspace.Clock, progress, cancellation);
    }
}

/// <summary>Latency of exported folders, models of the sub-networks' own geometry, in both forms and beside the whole network.</summary>
public sealed record ExportSpeedSpec : SubNetworkTiming
{
    /// <summary>Sample: seconds of the whole network.</summary>
    public const string Whole = "whole network";

    /// <inheritdoc/>
    public override string Kind => "exported-speed";

    /// <summary>Name of the samples that hold a folder's seconds.</summary>
    public static string NameOf(SubNetwork part, CutHeads cut) =>
        $"{part.Name}, {(cut == CutHeads.Zero ? "transformers 5" : "transformers 4")}";

    /// <inheritdoc/>
    public override RunIdentity Identity() => new($"latency of {Widths.Count} exported sizes of {BaseModel}", null, null);

    /// <summary>The sizes: the first width at the first depth, and so on.</summary>
    public override IReadOnlyList<SubNetwork> Parts(BertConfig config) =>
        [.. Widths.Zip(Depths, (width, depth) => SubNetwork.Of(config, width, depth, Rule))];

    /// <inheritdoc/>
    protected override IReadOnlyList<SpeedSubject> Subjects(BertConfig config) =>
    [
        new SpeedSubject(Whole, config),
        .. from part in Parts(config)
           from cut in Enum.GetValues<CutHeads>()
           select new SpeedSubject(NameOf(part, cut), part.Config(config, cut)),
    ];
}
