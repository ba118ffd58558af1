using Replication.Bert;
using Replication.Bert.Tokenization;
using Replication.Corpus;
using Replication.Measurements;
using Replication.Runs;
using Replication.Training;
using static TorchSharp.torch;

namespace Replication.DistilBERT;

/// <summary>
/// The pretraining loop. Sequences, masks, dropout and learning rate are pure functions of seed and step, so that weights,
/// moments and the step are all that a checkpoint needs for a resumed run to end with the same bytes.
/// </summary>
/// <param name="context">The run.</param>
/// <param name="student">The student, on the workspace's device.</param>
/// <param name="store">The text.</param>
/// <param name="special">Ids of the special tokens.</param>
/// <param name="recipe">How to train.</param>
/// <param name="seed">Decides order, masks and dropout.</param>
public sealed class Pretrainer(RunContext context, BertForMaskedLM student, TokenStore store, SpecialTokens special, PretrainingRecipe recipe, long seed)
{
    private static readonly TimeSpan CheckpointInterval = TimeSpan.FromSeconds(60);
    private const int StepsPerLogLine = 10;

    private readonly TrainingRecipe _training = recipe.Validate().Training;
    private readonly DropoutStream _dropout = new(seed);
    private readonly Masking _masking = new(recipe.Masking, special, store.CountTokens(), seed);
    private PretrainingState _state = new();

    /// <summary>Trains to the end, from the run's checkpoint if there is one.</summary>
    /// <returns>Steps, tokens, and the mean of each term over the last steps, as facts of the result.</returns>
    /// <exception cref="ReplicationException">The loss or the gradient is not finite, or the text does not fill one batch.</exception>
    /// <exception cref="OperationCanceledException">Stopped on request, after a checkpoint.</exception>
    public SortedDictionary<string, double> Train(TripleObjective objective, CancellationToken cancellation)
    {
        using var stream = new SequenceStream(store, _training.MaxLength, _training.BatchSize, seed);
        var steps = recipe.Steps ?? stream.StepsPerEpoch * _training.Epochs;
        student.Encoder.Dropout = _dropout;
        student.Encoder.DropoutProbability = _training.Dropout;
        student.Encoder.Precision = _training.Precision;
        student.train();
        using var optimizer = Optimizers.Create(_training, student.named_parameters());
        Restore(optimizer);
        context.Progress.Begin(context.Label, steps, _state.Step, "steps");
        var clock = context.Workspace.Clock;
        var (sitting, before, saved) = (clock.GetTimestamp(), (_state.Step, _state.Tokens), clock.GetTimestamp());
        double Seconds() => Math.Max(1e-9, clock.GetElapsedTime(sitting).TotalSeconds);
        double Rate() => (_state.Tokens - before.Tokens) / Seconds();
        for (var step = _state.Step; step < steps; step++)
        {
            Step(objective, optimizer, _masking.Apply(stream.Batch(step), step), step, steps);
            context.Progress.Advance(_state.Step, _state.MeanLoss, Rate());
            if (_state.Step % StepsPerLogLine == 0 || _state.Step == steps)
                LogLoss();
            var due = clock.GetElapsedTime(saved) > CheckpointInterval;
            if (_state.Step < steps && (due || cancellation.IsCancellationRequested))
            {
                Save(optimizer);
                saved = clock.GetTimestamp();
                cancellation.ThrowIfCancellationRequested();
            }
        }
        context.Measurements["training tokens per second"] = Rate();
        context.Measurements["seconds per training step"] = Seconds() / Math.Max(1, _state.Step - before.Step);
        context.Measurements["peak memory bytes of the process"] = PeakMemory.Bytes();
        context.Progress.End();
        return new(_state.LastTerms, StringComparer.Ordinal) { ["steps"] = _state.Step, ["tokens"] = _state.Tokens };
    }

    private void Step(TripleObjective objective, IOptimizer optimizer, MaskedSequences masked, long step, long steps)
    {
        using var scope = NewDisposeScope();
        _dropout.BeginStep(step);
        optimizer.ZeroGrad();
        // Neighbours in length go through the model together, so that hardly anything is padding.
        var parts = Enumerable.Range(0, masked.Inputs.Count).OrderBy(i => masked.Inputs[i].Length).Chunk(recipe.MicroBatch).ToList();
        var reports = new List<LossReport>();
        foreach (var part in parts)
        {
            using var batch = MaskedBatch.Collate(masked.Take(part), special.Padding, context.Workspace.Device);
            reports.Add(objective.ForwardBackward(batch, 1.0 / parts.Count));
        }
        var loss = reports.Average(r => r.Total);
        var norm = GradientClipping.ClipTotalNorm(student.parameters(), _training.MaxGradNorm ?? double.PositiveInfinity);
        if (!double.IsFinite(loss) || !double.IsFinite(norm))
        {
            throw new ReplicationException(FormattableString.Invariant(
                $"Pretraining stopped: the {(double.IsFinite(loss) ? "gradient" : "loss")} is not finite at step {step + 1}; lower the learning rate of {_training.LearningRate}."));
        }
        optimizer.Step(_training.LearningRate * LearningRateSchedule.Factor(_training, step, steps));
        _state.Add(reports, masked.Inputs.Sum(s => (long)s.Length));
    }

    private void LogLoss()
    {
        context.Folder.Metrics.Append(_state.Step, new SortedDictionary<string, object?>(StringComparer.Ordinal)
        {
            ["loss"] = _state.MeanLoss, ["terms"] = _state.CloseWindow(), ["tokens"] = _state.Tokens,
        });
    }

    private void Save(IOptimizer optimizer)
    {
        var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var (name, value) in student.named_parameters())
            tensors["model." + name] = value;
        foreach (var (name, value) in optimizer.State)
            tensors["optimizer." + name] = value;
        context.Folder.Checkpoints.Save(tensors, Json.Node(_state));
    }

    private void Restore(IOptimizer optimizer)
    {
        using var checkpoint = context.Folder.Checkpoints.TryLoad();
        if (checkpoint is null)
        {
            context.Folder.Metrics.Truncate(0);
            return;
        }
        using var noGradient = no_grad();
        foreach (var (name, value) in student.named_parameters())
            value.copy_(checkpoint.Tensors["model." + name]);
        foreach (var (name, value) in optimizer.State)
            value.copy_(checkpoint.Tensors["optimizer." + name]);
        _state = Json.FromNode<PretrainingState>(checkpoint.State);
        optimizer.Steps = _state.Step;
        context.Folder.Metrics.Truncate(_state.Step);
        context.Progress.Note(FormattableString.Invariant($"goes on from step {_state.Step}"));
    }
}
