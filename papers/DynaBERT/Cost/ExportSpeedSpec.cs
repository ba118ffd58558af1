using Replication.Bert;
using Replication.Bert.SubNetworks;
using Replication.Measurements;
using Replication.Runs;

namespace Replication.DynaBERT.Cost;

/// <summary>
/// Latency of exported folders, in both forms and side by side with the whole network: models of the sub-networks' own geometry,
/// not views. Weights are random, which do not matter to time.
/// </summary>
public sealed record ExportSpeedSpec : RunSpec
{
    /// <summary>Sample: seconds of the whole network.</summary>
    public const string Whole = "whole network";

    /// <inheritdoc/>
    public override string Kind => "exported-speed";

    /// <inheritdoc/>
    public override int Version => 1;

    /// <summary>Model whose geometry is timed.</summary>
    public required string BaseModel { get; init; }

    /// <summary>Width multipliers of the sizes.</summary>
    public required IReadOnlyList<double> Widths { get; init; }

    /// <summary>Depth multipliers of the sizes, one for each width.</summary>
    public required IReadOnlyList<double> Depths { get; init; }

    /// <summary>Which layers stay.</summary>
    public DepthRule Rule { get; init; } = DepthRule.Paper;

    /// <summary>Batch, length, warm-up, rounds, number format.</summary>
    public required SpeedProtocol Protocol { get; init; }

    /// <summary>Name of the samples that hold a folder's seconds.</summary>
    public static string NameOf(SubNetwork part, CutHeads cut) => $"{part.Name}, {(cut == CutHeads.Zero ? "transformers 5" : "transformers 4")}";

    /// <inheritdoc/>
    public override RunIdentity Identity() => new($"latency of {Widths.Count} exported sizes of {BaseModel}", null, null);

    /// <inheritdoc/>
    public override IReadOnlyList<RunInput> Inputs(Workspace workspace) => [workspace.Models.Input(BaseModel)];

    /// <summary>The sizes.</summary>
    public IReadOnlyList<SubNetwork> Parts(BertConfig config) => [.. Widths.Zip(Depths, (width, depth) => SubNetwork.Of(config, width, depth, Rule))];

    /// <inheritdoc/>
    public override RunWork EstimateWork(Workspace workspace) =>
        Protocol.Work(Subjects(ModelFolder.ReadConfig(workspace.Models.Folder(BaseModel))).Select(subject => subject.Config));

    /// <inheritdoc/>
    public override RunResult Execute(RunContext context, CancellationToken cancellation)
    {
        var workspace = context.Workspace;
        var subjects = Subjects(ModelFolder.ReadConfig(workspace.Models.Folder(BaseModel)));
        context.Progress.Begin(context.Label, subjects.Count * (Protocol.Rounds + Protocol.WarmupPasses), 0, "passes");
        var report = SpeedMeasurement.OfForwardPasses(subjects, Protocol, workspace.Device, workspace.Clock, (done, _) => context.Progress.Advance(done), cancellation);
        context.Progress.End();
        return new RunResult { Samples = new SortedDictionary<string, IReadOnlyList<double>>(report.Seconds.ToDictionary(), StringComparer.Ordinal) };
    }

    private IReadOnlyList<SpeedSubject> Subjects(BertConfig config) =>
    [
        new SpeedSubject(Whole, config),
        .. from part in Parts(config)
           from cut in Enum.GetValues<CutHeads>()
           select new SpeedSubject(NameOf(part, cut), part.Config(config, cut)),
    ];
}
