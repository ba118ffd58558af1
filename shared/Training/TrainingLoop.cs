using System.Globalization;
using System.Text.Json;
using Replication.Bert;
using Replication.Runs;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Replication.Training;

/// <summary>
/// The training loop: gradients, update, a line of losses now and then, a checkpoint every minute and on a stop. What a step
/// computes is the caller's. It has to be a pure function of the step's number, so that parameters, moments and the state
/// are all that a checkpoint needs for a resumed run to end with the same bytes.
/// </summary>
/// <typeparam name="TState">What a checkpoint holds besides tensors.</typeparam>
/// <param name="context">The run.</param>
/// <param name="recipe">Optimizer, rate, schedule and clipping.</param>
/// <param name="parameters">What is trained.</param>
/// <param name="steps">Steps to do.</param>
public sealed class TrainingLoop<TState>(
    RunContext context, TrainingRecipe recipe, IReadOnlyList<(string Name, Parameter Value)> parameters, long steps)
    where TState : LoopState, new()
{
    private const int StepsPerLine = 10;
    private static readonly TimeSpan CheckpointInterval = TimeSpan.FromSeconds(60);

    /// <summary>How messages call the training, such as "Pretraining".</summary>
    public required string Name { get; init; }

    /// <summary>Leaves the gradients of a step, counted from 0, in the parameters.</summary>
    public required Func<long, StepReport> Step { get; init; }

    /// <summary>Steps of the whole schedule, where more than are done; null for as many.</summary>
    public long? ScheduleSteps { get; init; }

    /// <summary>Encoder whose word vectors are looked up once a step; null for one that is read in other ways too.</summary>
    public BertModel? Encoder { get; init; }

    /// <summary>Whether the last step has a line of losses whatever its number.</summary>
    public bool EndsWithLine { get; init; }

    /// <summary>
    /// What a line of losses holds besides loss and terms, from the state after its step and the learning rate of that step.
    /// </summary>
    public Func<TState, double, IReadOnlyDictionary<string, object?>> Line { get; init; } = (_, _) => new Dictionary<string, object?>();

    /// <summary>What is to be done after a step, such as an evaluation; its time does not count as training.</summary>
    public Action<TState>? AfterStep { get; init; }

    /// <summary>Whether <see cref="AfterStep"/> reads parameters after so many steps.</summary>
    public Func<long, bool> IsReadAfter { get; init; } = _ => true;

    /// <summary>Tensors that a checkpoint holds besides parameters and moments, by names of their own.</summary>
    public Func<IEnumerable<KeyValuePair<string, Tensor>>> Kept { get; init; } = () => [];

    /// <summary>
    /// Takes such tensors from among all those of a checkpoint, and throws where they are not there; not called without one.
    /// </summary>
    public Action<TState, IReadOnlyDictionary<string, Tensor>> Restored { get; init; } = (_, _) => { };

    /// <summary>
    /// Which data a step, counted from 0, was made of, such as "epoch 1, training rows 3 5", for a message; null where that says nothing.
    /// </summary>
    public Func<long, string>? Source { get; init; }

    /// <summary>How far the training is.</summary>
    public TState State { get; private set; } = new();

    /// <summary>
    /// Trains to the last step, from the run's checkpoint if there is one; notes rates, padding and memory among the run's measurements.
    /// </summary>
    /// <exception cref="ReplicationException">The loss or the gradient is not finite.</exception>
    /// <exception cref="OperationCanceledException">Stopped on request, after a checkpoint.</exception>
    public void Run(CancellationToken cancellation)
    {
        using var words = WordRows.For(Encoder, context.Workspace.Device);
        using var optimizer = Optimizers.Create(recipe, parameters, words);
        Restore(optimizer);
        context.Progress.Begin(context.Label, steps, State.Step, "steps");
        var time = context.Workspace.Clock;
        var (clock, saved) = (new RateClock(time), time.GetTimestamp());
        using var pause = new CollectorPause();
        while (State.Step < steps)
        {
            pause.Renew();
            var step = Update(optimizer, State.Step, words);
            State.Add(step);
            clock.Add(step.RealTokens);
            context.Progress.Advance(State.Step, State.MeanLoss, clock.Recent);
            if (State.Step % StepsPerLine == 0 || (EndsWithLine && State.Step == steps))
                WriteLine();
            if (AfterStep is not null && IsReadAfter(State.Step))
                optimizer.CatchUp();
            clock.Pause(() => AfterStep?.Invoke(State));
            var due = time.GetElapsedTime(saved) > CheckpointInterval;
            if (State.Step < steps && (due || cancellation.IsCancellationRequested))
            {
                clock.Pause(() => Save(optimizer));
                saved = time.GetTimestamp();
                cancellation.ThrowIfCancellationRequested();
            }
        }
        optimizer.CatchUp();
        context.Measurements[MeasurementNames.TokensPerSecond] = clock.PerSecond;
        context.Measurements[MeasurementNames.SecondsPerStep] = clock.Seconds / Math.Max(1, clock.Count);
        context.Measurements["padding share"] = State.PaddingShare;
        context.Measurements[MeasurementNames.PeakMemory] = PeakMemory.Bytes();
        context.Progress.End();
    }

    private double LearningRate(long step) => recipe.LearningRate * LearningRateSchedule.Factor(recipe, step, ScheduleSteps ?? steps);

    private StepReport Update(IOptimizer optimizer, long step, WordRows? words)
    {
        using var scope = NewDisposeScope();
        optimizer.ZeroGrad();
        var report = Step(step);
        // The others clip in ways of their own.
        var norm = recipe is { MaxGradNorm: { } limit, Optimizer: OptimizerKind.AdamW }
            ? GradientClipping.ClipTotalNorm(parameters.Select(p => p.Value), limit, words)
            : 0;
        if (!double.IsFinite(report.Loss.Total) || !double.IsFinite(norm))
            throw NotFinite(double.IsFinite(report.Loss.Total) ? "gradient" : "loss", step);
        optimizer.Step(LearningRate(step));
        return report;
    }

    private ReplicationException NotFinite(string what, long step)
    {
        var (place, advice) = Source is null ? ("", "") : ($" ({Source(step)})", " or look at these rows");
        return new ReplicationException(string.Create(
            CultureInfo.InvariantCulture,
            $"{Name} stopped: the {what} is not finite at step {step + 1}{place}; lower the learning rate of "
                + $"{recipe.LearningRate}{advice}."));
    }

    private void WriteLine()
    {
        State.CloseWindow();
        context.Folder.Metrics.Append(
            State.Step, new SortedDictionary<string, object?>(
            Line(State, LearningRate(State.Step - 1)).ToDictionary(), StringComparer.Ordinal)
        {
            ["loss"] = State.LastLoss, ["terms"] = State.LastTerms,
        });
    }

    // The tensors of a checkpoint, live: the training resumes from what is copied into them.
    private Dictionary<string, Tensor> Tensors(IOptimizer optimizer)
    {
        var tensors = parameters.ToDictionary(p => "model." + p.Name, p => (Tensor)p.Value, StringComparer.Ordinal);
        foreach (var (name, value) in optimizer.State)
            tensors["optimizer." + name] = value;
        return tensors;
    }

    private void Save(IOptimizer optimizer)
    {
        optimizer.CatchUp();
        context.Folder.Checkpoints.Save(Tensors(optimizer).Concat(Kept()).ToDictionary(StringComparer.Ordinal), Json.Node(State));
    }

    private void Restore(IOptimizer optimizer)
    {
        var live = Tensors(optimizer);
        TState? state = null;
        using var checkpoint = context.Folder.Checkpoints.TryLoad(found => state = StateOf(found, live));
        if (checkpoint is not null && state is not null)
        {
            using var noGradients = no_grad();
            foreach (var (name, value) in live)
                value.copy_(checkpoint.Tensors[name]);
            State = state;
            optimizer.Steps = state.Step;
            optimizer.Restored();
            context.Progress.Note(FormattableString.Invariant($"resumes from step {state.Step}"));
        }
        context.Folder.Metrics.Truncate(State.Step);
    }

    // Nothing is copied before all of it is known to fit, so that a training can still begin anew.
    private TState StateOf(Checkpoint checkpoint, Dictionary<string, Tensor> live)
    {
        TState state;
        try
        {
            state = Json.FromNode<TState>(checkpoint.State);
        }
        catch (JsonException e)
        {
            throw new ReplicationException("it is of another version of this program.", inner: e);
        }
        if (live.FirstOrDefault(
            l => !checkpoint.Tensors.TryGetValue(l.Key, out var saved) || !saved.shape.SequenceEqual(l.Value.shape)) is { Key: { } unfit })
            throw new ReplicationException($"its tensor {unfit} is missing or of another shape.");
        Restored(state, checkpoint.Tensors);
        return state;
    }
}
