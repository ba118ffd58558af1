using Replication.Bert;
using Replication.Bert.SubNetworks;
using Replication.Claims;
using Replication.Glue;
using Replication.Measurements;
using Replication.Runs;
using Replication.Studies;
using Replication.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Replication.DynaBERT;

/// <summary>
/// What a training step over all sub-networks costs beside a plain step of the whole network, of random weights: seconds of forward
/// and backward passes, and memory with the optimizer.
/// </summary>
public sealed record StepCostSpec : SubNetworkTiming
{
    /// <summary>Samples: seconds of a plain step of the whole network.</summary>
    public const string Plain = "plain step";

    /// <summary>Samples: seconds of a step over the sub-networks on the labels.</summary>
    public const string Labels = "step over the sub-networks, labels";

    /// <summary>Samples: seconds of a step over the sub-networks that distils, the teacher's passes included.</summary>
    public const string Distilled = "step over the sub-networks, distilled";

    /// <inheritdoc/>
    public override string Kind => "dynabert-step-cost";

    /// <summary>Which width of the teacher teaches.</summary>
    public TeacherWidth TeacherWidth { get; init; } = TeacherWidth.SameAsStudent;

    /// <summary>Optimizer and dropout.</summary>
    public required TrainingRecipe Recipe { get; init; }

    /// <summary>Fact: a training's peak bytes, beyond what the process held before; absent where the system does not tell (GPU).</summary>
    /// <param name="step">Such as <see cref="Plain"/>.</param>
    public static string MemoryName(string step) => $"peak bytes, {step}";

    /// <summary>Fact: a step's operations as a multiple of a plain step's.</summary>
    /// <param name="step">Such as <see cref="Labels"/>.</param>
    public static string OperationsName(string step) => $"operations, {step}";

    /// <inheritdoc/>
    public override RunIdentity Identity() =>
        new($"cost of a step over {Widths.Count * Depths.Count} sub-networks of {BaseModel}", null, null);

    /// <summary>
    /// The matrix products of both steps over the sub-networks as multiples of a plain step's: each sub-network's forward and backward
    /// pass and, where the step distils, the teacher's forward passes, one per width, each a third of a step of that width.
    /// </summary>
    public (double Labels, double Distilled) Operations(BertConfig config)
    {
        double whole = ModelSize.Flops(config, Protocol.Length);
        double Share(SubNetwork part) => ModelSize.Flops(part.Config(config), Protocol.Length) / whole;
        var students = Parts(config).Sum(Share);
        var teacher = TeacherWidth == TeacherWidth.Full ? 1 : Widths.Sum(width => Share(SubNetwork.Of(config, width, depth: 1)));
        return (students, students + (teacher / 3));
    }

    /// <inheritdoc/>
    public override RunWork EstimateWork(Workspace workspace)
    {
        var config = Geometry(workspace);
        var (labels, distilled) = Operations(config);
        var plain = 3.0 * ModelSize.Flops(config, Protocol.Length) * Protocol.BatchSize;
        return RunWork.Training(Protocol.Precision, plain * (1 + labels + distilled) * (Protocol.Rounds + Protocol.WarmupPasses + 1));
    }

    /// <inheritdoc/>
    public override RunResult Execute(RunContext context, CancellationToken cancellation)
    {
        var workspace = context.Workspace;
        var config = Geometry(workspace);
        string[] steps = [Plain, Labels, Distilled];
        context.Progress.Begin(context.Label, steps.Length * (Protocol.Rounds + Protocol.WarmupPasses), 0, "steps");
        var facts = new SortedDictionary<string, double>(StringComparer.Ordinal);
        // Memory first, while the process holds little else.
        if (workspace.Device.type == DeviceType.CPU && PeakMemory.TryReset())
        {
            foreach (var step in (string[])[Plain, Distilled])
                facts[MemoryName(step)] = PeakBytes(step, config, workspace.Device, cancellation);
        }
        using var subject = new Subject(config, this, workspace.Device);
        var report = SpeedMeasurement.Interleave(
            [.. steps.Select(step => (step, (Action)(() => subject.Run(step))))],
            Protocol.Validate().WarmupPasses, Protocol.Rounds, workspace.Clock, (done, _) => context.Progress.Advance(done), cancellation);
        context.Progress.End();
        (facts[OperationsName(Labels)], facts[OperationsName(Distilled)]) = Operations(config);
        return Result(report) with { Facts = facts };
    }

    // Weights, gradients, moments, activations and, where the step distils, the teacher.
    private double PeakBytes(string step, BertConfig config, Device device, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        PeakMemory.TryReset();
        var before = PeakMemory.Bytes();
        using var subject = new Subject(config, this, device, hasTeacher: step == Distilled);
        using var optimizer = Optimizers.Create(Recipe, subject.Network.named_parameters());
        // The second step finds the moments and the allocator as a long training does.
        for (var i = 0; i < 2; i++)
            subject.Run(step, optimizer);
        return PeakMemory.Bytes() - before;
    }

    /// <summary>What is measured: a network, its teacher and a batch.</summary>
    private sealed class Subject : IDisposable
    {
        private readonly StepCostSpec _spec;
        private readonly BertForSequenceClassification? _teacher;
        private readonly GlueBatch _batch;

        public Subject(BertConfig config, StepCostSpec spec, Device device, bool hasTeacher = true)
        {
            BertForSequenceClassification Model()
            {
                var model = new BertForSequenceClassification(config, outputs: 2, seed: 0) { Precision = spec.Protocol.Precision };
                model.to(device);
                return model;
            }
            _spec = spec;
            Network = Model();
            Network.Dropout = new DropoutStream(0);
            Network.DropoutProbability = spec.Recipe.Dropout;
            Network.train();
            _teacher = hasTeacher ? Model() : null;
            var rows = Enumerable.Range(0, spec.Protocol.BatchSize).ToArray();
            var labels = tensor(Array.ConvertAll(rows, row => row % 2L), device: device);
            _batch = new GlueBatch(SpeedMeasurement.RandomTokens(config.VocabSize, spec.Protocol, device), labels, rows);
        }

        public BertForSequenceClassification Network { get; }

        // The gradients of a step and, where there is an optimizer, the step.
        public void Run(string step, IOptimizer? optimizer = null)
        {
            foreach (var parameter in Network.parameters())
                parameter.grad = null;
            Network.SubNetwork = null;
            var parts = _spec.Parts(Network.Config);
            IObjective objective = step switch
            {
                Plain => new FineTuneObjective(Network),
                Labels => new DynaBertObjective(Network, parts, _spec.Rule, null, null),
                _ => new DynaBertObjective(
                    Network, parts, _spec.Rule, DistillationLoss.WidthAndDepth, new DistillationTeacher(_teacher!, _spec.TeacherWidth)),
            };
            objective.ForwardBackward(_batch);
            optimizer?.Step(_spec.Recipe.LearningRate);
        }

        public void Dispose()
        {
            _batch.Dispose();
            _teacher?.Dispose();
            Network.Dispose();
        }
    }
}

/// <summary>
/// A finished measurement of what a step over the sub-networks costs, with its signature. Nothing was published, so in place of a
/// published number there is an expected one: the step should cost what its operations do.
/// </summary>
/// <param name="Report">Seconds by step.</param>
/// <param name="Facts">Operations in plain steps, and bytes.</param>
/// <param name="Signature">What was measured, how and where.</param>
internal sealed record StepCost(SpeedReport Report, IReadOnlyDictionary<string, double> Facts, string Signature)
{
    private const string Needs = "Needs the measurement of the training step, a minute, which every profile has.";

    private static readonly Tolerance Slower = new(
        1 - (1 / 1.1), false, "A step may take a tenth longer: narrow matrix products reach a lower rate than wide ones.");

    private static readonly Tolerance Larger = new(
        0.8 - (1 / 1.5), false,
        "Half as much again is allowed: the teacher's hidden states and the gradients of a width's slices are held too.");

    /// <summary>The table with its claims.</summary>
    public static OwnTable Table(StepCostSpec spec) => new("Cost of a training step", results =>
        Of(results.Find(spec), spec) is not { } cost ? null : new ReportTable(
        "step-cost",
        "Cost of a training step",
        $"Forward and backward passes at {spec.BaseModel}'s geometry, side by side in one process. Operations: matrix products, a backward "
            + "pass as two forward ones, as a multiple of a plain step. Over: time above what the operations take at the plain step's "
            + "rate. Memory: most of it that a training holds, optimizer included, beyond what the process held before.",
        ["Step", "Time (s)", "Operations (plain steps)", "Time (plain steps)", "Over (%)", "Memory (MB)"],
        [
            cost.Row(StepCostSpec.Plain, "plain, the whole network"),
            cost.Row(StepCostSpec.Labels, "twelve sub-networks on the labels"),
            cost.Row(StepCostSpec.Distilled, "twelve sub-networks, distilled, with the teacher's passes"),
        ]))
    {
        Specs = [spec],
        Claims = results => Judge(results.Study, Of(results.Find(spec), spec)),
    };

    private static StepCost? Of(FinishedRun? run, StepCostSpec spec) =>
        Timing.Of(run, spec.Protocol, $"{spec.BaseModel} geometry, random weights, training steps") is not { } timing ? null
            : new StepCost(timing.Report, run!.Result.Facts, timing.Signature);

    private static IReadOnlyList<ClaimOutcome> Judge(Study study, StepCost? cost)
    {
        return
        [
            Time("labels", StepCostSpec.Labels,
                "A step over the twelve sub-networks is as fast as their operations are at the rate of a plain step of the whole network."),
            Time("distilled", StepCostSpec.Distilled,
                "A step that distils over the twelve sub-networks is as fast as their operations and the teacher's, once a width, are at "
                    + "that rate."),
            // Weights, gradients and two moments, and with the teacher's weights five instead of four.
            Against(
                "memory", 0.8, Larger, cost?.Bytes(StepCostSpec.Plain) / cost?.Bytes(StepCostSpec.Distilled), null,
                cost is null ? Needs : "Needs a system that tells a process's peak memory: Linux, on a CPU.",
                "Plain fine-tuning takes 4/5 of the memory of distilling over the twelve sub-networks: weights, gradients and two moments, "
                    + "to which the teacher's weights are added."),
        ];

        ClaimOutcome Time(string id, string step, string statement) =>
            Against($"time.{id}", 1, Slower, cost?.Speed(step).Median, cost?.Speed(step).Mad, Needs, statement);

        // The expected number has no source; Sourced1 is the least that is judged.
        ClaimOutcome Against(string id, double expected, Tolerance tolerance, double? value, double? spread, string needs, string statement)
        {
            var claim = study.Claim($"step.{id}", "not in the paper (expected)", ClaimKind.Speed, statement, expected, "x") with
            {
                Confidence = Confidence.Sourced1, Tolerance = tolerance,
            };
            return value is null ? VerdictRule.NotRun(claim, needs)
                : VerdictRule.Against(claim, new Measurement(value.Value, spread, [], cost!.Signature));
        }
    }

    private IReadOnlyList<Cell> Row(string step, string name)
    {
        Cell Rounded(double value) => new(NumberText.Of(value), Signature, CellKind.Measured);
        var isPlain = step == StepCostSpec.Plain;
        return
        [
            new Cell(name),
            Extras.Measured(Report.PassSeconds(step), Signature),
            new Cell(NumberText.Of(Operations(step))),
            isPlain ? new Cell("1") : Extras.Measured(Report.Speedup(step, StepCostSpec.Plain), Signature),
            isPlain ? new Cell("") : Rounded(Math.Round(100 * ((1 / Speed(step).Median) - 1), 1)),
            Bytes(step) is { } bytes ? Rounded(Math.Round(bytes / 1e6)) : new Cell(""),
        ];
    }

    // In plain steps.
    private double Operations(string step) => step == StepCostSpec.Plain ? 1 : Facts[StepCostSpec.OperationsName(step)];

    // How many times as fast a step is as its operations would be at the rate of a plain step.
    private Spread Speed(string step) => Report.Speedup(StepCostSpec.Plain, step).Times(Operations(step));

    // At the step's peak; null where they were not measured.
    private double? Bytes(string step) => Facts.TryGetValue(StepCostSpec.MemoryName(step), out var bytes) ? bytes : null;
}
