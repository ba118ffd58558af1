using Replication.Bert;
using Replication.Bert.SubNetworks;
using Replication.Measurements;
using Replication.Runs;
using Replication.Training;

namespace Replication.DynaBERT.Cost;

/// <summary>
/// What a training step over all sub-networks costs beside a plain step of the whole network, side by side on this machine:
/// seconds of forward and backward passes, and memory with the optimizer. Weights are random, which does not matter to either.
/// </summary>
public sealed record StepCostSpec : RunSpec
{
    /// <summary>Samples: seconds of a plain step of the whole network.</summary>
    public const string Plain = "plain step";

    /// <summary>Samples: seconds of a step over the sub-networks on the labels.</summary>
    public const string Labels = "step over the sub-networks, labels";

    /// <summary>Samples: seconds of a step over the sub-networks that distils, the teacher's passes included.</summary>
    public const string Distilled = "step over the sub-networks, distilled";

    /// <inheritdoc/>
    public override string Kind => "dynabert-step-cost";

    /// <inheritdoc/>
    public override int Version => 1;

    /// <summary>Model whose geometry is measured.</summary>
    public required string BaseModel { get; init; }

    /// <summary>Width multipliers.</summary>
    public required IReadOnlyList<double> Widths { get; init; }

    /// <summary>Depth multipliers.</summary>
    public required IReadOnlyList<double> Depths { get; init; }

    /// <summary>Which layers stay.</summary>
    public DepthRule Rule { get; init; } = DepthRule.Paper;

    /// <summary>Which width of the teacher teaches.</summary>
    public TeacherWidth TeacherWidth { get; init; } = TeacherWidth.SameAsStudent;

    /// <summary>Batch, length, warm-up, rounds, number format.</summary>
    public required SpeedProtocol Protocol { get; init; }

    /// <summary>Optimizer and dropout.</summary>
    public required TrainingRecipe Recipe { get; init; }

    /// <summary>Name of the fact that holds the bytes of a sort of training at its peak, beyond what the process held before it; absent where the system does not tell.</summary>
    /// <param name="step">Such as <see cref="Plain"/>.</param>
    public static string MemoryName(string step) => $"peak bytes, {step}";

    /// <summary>Name of the fact that holds a step's operations as a multiple of a plain step's.</summary>
    public static string OperationsName(string step) => $"operations, {step}";

    /// <inheritdoc/>
    public override RunIdentity Identity() => new($"cost of a step over {Widths.Count * Depths.Count} sub-networks of {BaseModel}", null, null);

    /// <inheritdoc/>
    public override IReadOnlyList<RunInput> Inputs(Workspace workspace) => [workspace.Models.Input(BaseModel)];

    /// <summary>The sub-networks of a geometry.</summary>
    public IReadOnlyList<SubNetwork> Parts(BertConfig config) => SubNetwork.Grid(config, Widths, Depths, Rule);

    /// <inheritdoc/>
    public override RunWork EstimateWork(Workspace workspace)
    {
        var config = ModelFolder.ReadConfig(workspace.Models.Folder(BaseModel));
        var share = StepShare.Of(config, this);
        var plain = 3.0 * ModelSize.Flops(config, Protocol.Length) * Protocol.BatchSize;
        return RunWork.Training(Protocol.Precision, plain * (1 + share.Labels + share.Distilled) * (Protocol.Rounds + Protocol.WarmupPasses + 1));
    }

    /// <inheritdoc/>
    public override RunResult Execute(RunContext context, CancellationToken cancellation)
    {
        var workspace = context.Workspace;
        var config = ModelFolder.ReadConfig(workspace.Models.Folder(BaseModel));
        context.Progress.Begin(context.Label, 3 * (Protocol.Rounds + Protocol.WarmupPasses), 0, "steps");
        var facts = new SortedDictionary<string, double>(StringComparer.Ordinal);
        // Memory first, while the process holds little else.
        foreach (var (step, bytes) in StepMemory.Measure(config, this, workspace.Device, cancellation))
            facts[MemoryName(step)] = bytes;
        using var steps = new StepSubjects(config, this, workspace.Device);
        var report = SpeedMeasurement.Interleave(
            [.. new[] { Plain, Labels, Distilled }.Select(step => (step, (Action)(() => steps.Run(step))))],
            Protocol.Validate().WarmupPasses, Protocol.Rounds, workspace.Clock, (done, _) => context.Progress.Advance(done), cancellation);
        context.Progress.End();
        var share = StepShare.Of(config, this);
        (facts[OperationsName(Labels)], facts[OperationsName(Distilled)]) = (share.Labels, share.Distilled);
        return new RunResult { Facts = facts, Samples = new SortedDictionary<string, IReadOnlyList<double>>(report.Seconds.ToDictionary(), StringComparer.Ordinal) };
    }
}
