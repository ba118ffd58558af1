using Replication.Bert;
using Replication.Glue;
using Replication.Measurements;
using Replication.Runs;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Replication.Training;

/// <summary>
/// The training loop. Batches, dropout and learning rate are pure functions of seed and step, so that weights, moments and
/// the step are all that a checkpoint needs for a resumed run to end with the same bytes.
/// </summary>
public sealed class Trainer
{
    private static readonly TimeSpan CheckpointInterval = TimeSpan.FromSeconds(60);
    private const int StepsPerLogLine = 10;

    private readonly RunContext _context;
    private readonly BertForSequenceClassification _model;
    private readonly TaskData _data;
    private readonly TrainingRecipe _recipe;
    private readonly IReadOnlyList<(string Name, EncodedDataset Data)> _evaluations;
    private readonly int[] _lengths;
    private readonly long _seed;
    private readonly int _stepsPerEpoch;
    private readonly DropoutStream _dropout;
    private readonly EvaluationScore _score;
    private TrainerState _state = new();
    private IReadOnlyList<(string Name, Parameter Value)> _parameters = [];

    /// <summary>Prepares a training.</summary>
    /// <param name="context">The run.</param>
    /// <param name="model">The model, on the workspace's device.</param>
    /// <param name="data">Rows to train on and to be measured on.</param>
    /// <param name="recipe">How to train.</param>
    /// <param name="seed">Decides the order of the rows and the dropout.</param>
    /// <param name="score">How good an evaluation is, for <see cref="TrainingRecipe.KeepsBest"/>; null for the main metric of the first split.</param>
    /// <exception cref="ReplicationException">The recipe cannot be used with these rows.</exception>
    public Trainer(RunContext context, BertForSequenceClassification model, TaskData data, TrainingRecipe recipe, long seed, EvaluationScore? score = null)
    {
        (_context, _model, _data, _recipe, _seed) = (context, model, data, recipe.Validate(), seed);
        _lengths = [.. data.Train.Examples.Select(e => e.InputIds.Length)];
        _stepsPerEpoch = recipe.StepsPerEpoch(_lengths.Length);
        if (_stepsPerEpoch == 0)
            throw new ReplicationException($"{_lengths.Length} training rows do not fill one batch of {recipe.BatchSize}, and this recipe skips short batches; use a smaller batch.");
        if (recipe.KeepsBest && data.Evaluations.Count == 0)
            throw new ReplicationException("This recipe keeps the best weights, but nothing is measured by which to choose them.");
        TotalSteps = (long)_stepsPerEpoch * recipe.Epochs;
        _evaluations = recipe.TrainSampleRows == 0 ? data.Evaluations : [.. data.Evaluations, ("train-sample", TrainSample(data.Train, recipe.TrainSampleRows))];
        _dropout = new DropoutStream(seed);
        _score = score ?? MainMetric;
    }

    /// <summary>Steps of the whole schedule.</summary>
    public long TotalSteps { get; }

    /// <summary>Step of the weights that were kept, after <see cref="Train"/>; null where the last ones count.</summary>
    public long? KeptStep => _recipe.KeepsBest ? _state.BestStep : null;

    /// <summary>Trains to the end, from the run's checkpoint if there is one.</summary>
    /// <returns>The scores of the weights that it ends with.</returns>
    /// <exception cref="ReplicationException">The loss or the gradient is not finite; the message names the batch.</exception>
    /// <exception cref="OperationCanceledException">Stopped on request, after a checkpoint.</exception>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, double?>> Train(IObjective objective, CancellationToken cancellation)
    {
        var lastStep = Math.Min(TotalSteps, _recipe.MaxSteps ?? long.MaxValue);
        _model.Dropout = _dropout;
        _model.DropoutProbability = _recipe.Dropout;
        _model.Precision = _recipe.Precision;
        _parameters = [.. _model.named_parameters(), .. (objective as IObjectiveWithParameters)?.Parameters ?? []];
        using var optimizer = Optimizers.Create(_recipe, _parameters);
        using var best = new BestWeights(_parameters);
        Restore(optimizer, best);
        _context.Progress.Begin(_context.Label, lastStep, _state.Step, "steps");
        var clock = new RateClock(_context.Workspace.Clock);
        var saved = _context.Workspace.Clock.GetTimestamp();
        IReadOnlyList<int[]> batches = [];
        for (var step = _state.Step; step < lastStep; step++)
        {
            var (epoch, index) = ((int)(step / _stepsPerEpoch), (int)(step % _stepsPerEpoch));
            if (index == 0 || batches.Count == 0)
                batches = BatchPlan.Epoch(_lengths, _recipe.Order, _recipe.BatchSize, _seed, epoch);
            TrainStep(objective, optimizer, batches[index], step, epoch);
            _state.Step = step + 1;
            clock.Add(batches[index].Sum(row => _lengths[row]));
            _context.Progress.Advance(_state.Step, _state.MeanLoss, clock.PerSecond);
            LogLoss(step, epoch);
            if (IsEvaluationDue(index) || _state.Step == lastStep)
                clock.Pause(() => Evaluate(epoch, best, cancellation));
            var due = _context.Workspace.Clock.GetElapsedTime(saved) > CheckpointInterval;
            if (_state.Step < lastStep && (due || cancellation.IsCancellationRequested))
            {
                clock.Pause(() => Save(optimizer, best));
                saved = _context.Workspace.Clock.GetTimestamp();
                cancellation.ThrowIfCancellationRequested();
            }
        }
        if (KeptStep < lastStep)
        {
            best.Restore();
            _state.Scores = Measure(cancellation);
            _context.Progress.Note(FormattableString.Invariant($"the weights of step {KeptStep} are kept: {Shown(_state.Scores)}"));
        }
        _context.Measurements["training tokens per second"] = clock.PerSecond;
        _context.Measurements["seconds per training step"] = clock.Seconds / Math.Max(1, clock.Count);
        _context.Measurements["padding share"] = _state.PaddingShare;
        _context.Measurements["peak memory bytes of the process"] = PeakMemory.Bytes();
        _context.Progress.End();
        return _state.Scores;
    }

    private void TrainStep(IObjective objective, IOptimizer optimizer, int[] rows, long step, int epoch)
    {
        using var scope = NewDisposeScope();
        _model.train(_recipe.DropoutEpochs is not { } epochs || epoch < epochs);
        _dropout.BeginStep(step);
        using var batch = GlueBatch.Collate(_data.Train, rows, _context.Workspace.Device);
        optimizer.ZeroGrad();
        var report = objective.ForwardBackward(batch);
        var norm = _recipe is { MaxGradNorm: { } limit, Optimizer: not OptimizerKind.BertAdam }
            ? GradientClipping.ClipTotalNorm(_parameters.Select(p => p.Value), limit)
            : 0;
        if (!double.IsFinite(report.Total) || !double.IsFinite(norm))
        {
            throw new ReplicationException(FormattableString.Invariant(
                $"Training stopped: the {(double.IsFinite(report.Total) ? "gradient" : "loss")} is not finite at step {step + 1} (epoch {epoch + 1}, training rows {string.Join(' ', rows.Order())}); lower the learning rate of {_recipe.LearningRate} or look at these rows."));
        }
        optimizer.Step(_recipe.LearningRate * LearningRateSchedule.Factor(_recipe, step, TotalSteps));
        _state.Add(report, rows.Sum(row => (long)_lengths[row]), (long)rows.Length * rows.Max(row => _lengths[row]));
    }

    private void LogLoss(long step, int epoch)
    {
        if ((step + 1) % StepsPerLogLine != 0)
            return;
        _context.Folder.Metrics.Append(step + 1, new SortedDictionary<string, object?>(StringComparer.Ordinal)
        {
            ["epoch"] = Epochs(step + 1),
            ["loss"] = _state.MeanLoss,
            ["terms"] = _state.MeanTerms(),
            ["learningRate"] = _recipe.LearningRate * LearningRateSchedule.Factor(_recipe, step, TotalSteps),
        });
        _state.ClearWindow();
    }

    // Without an interval the k-th of E evaluations comes after round(k S / E) of the epoch's S steps.
    private bool IsEvaluationDue(int index) => _recipe.EvaluationInterval is { } interval
        ? _state.Step % interval == 0
        : Enumerable.Range(1, _recipe.EvaluationsPerEpoch).Any(k => index + 1 == (int)Math.Round((double)k * _stepsPerEpoch / _recipe.EvaluationsPerEpoch));

    private void Evaluate(int epoch, BestWeights best, CancellationToken cancellation)
    {
        var scores = _state.Scores = Measure(cancellation);
        foreach (var (name, metrics) in scores)
        {
            var line = new SortedDictionary<string, object?>(StringComparer.Ordinal) { ["epoch"] = Epochs(_state.Step), ["split"] = name };
            foreach (var (metric, value) in metrics)
                line[metric] = value;
            _context.Folder.Metrics.Append(_state.Step, line);
        }
        _context.Progress.Note($"epoch {epoch + 1}: {Shown(scores)}");
        if (!_recipe.KeepsBest)
            return;
        var score = _score(scores, cancellation);
        if (_state.BestScore is { } bar && !(score > bar))
            return;
        (_state.BestScore, _state.BestStep) = (score, _state.Step);
        best.Keep();
    }

    // The scores of the weights as they are, whose predictions are written.
    private SortedDictionary<string, IReadOnlyDictionary<string, double?>> Measure(CancellationToken cancellation)
    {
        var scores = new SortedDictionary<string, IReadOnlyDictionary<string, double?>>(StringComparer.Ordinal);
        foreach (var (name, data) in _evaluations)
        {
            var evaluation = Evaluator.Evaluate(_model, data, _context.Workspace.Device, cancellation);
            scores[name] = evaluation.Scores;
            if (_data.Evaluations.Any(e => e.Name == name))
                PredictionFile.Write(_context.Folder.FilePath($"predictions-{name}.tsv"), data, evaluation.Logits);
        }
        return scores;
    }

    private static string Shown(IReadOnlyDictionary<string, IReadOnlyDictionary<string, double?>> scores) =>
        string.Join("; ", scores.Select(s => $"{s.Key} {string.Join(' ', s.Value.Select(m => FormattableString.Invariant($"{m.Key} {100 * m.Value:0.00}")))}"));

    // An undefined one, such as a correlation with a constant, is below all others.
    private double MainMetric(IReadOnlyDictionary<string, IReadOnlyDictionary<string, double?>> scores, CancellationToken cancellation) =>
        scores[_data.Evaluations[0].Name][GlueScorer.Name(_data.Task.MainMetric)] ?? -1;

    private double Epochs(long step) => Math.Round((double)step / _stepsPerEpoch, 4);

    private static EncodedDataset TrainSample(EncodedDataset train, int rows)
    {
        var stride = Math.Max(1, train.Examples.Count / rows);
        var sample = train.Examples.Where((_, i) => i % stride == 0).Take(rows).Select((e, i) => e with { Row = i });
        return train with { Examples = [.. sample] };
    }

    private void Save(IOptimizer optimizer, BestWeights best)
    {
        var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var (name, value) in _parameters)
            tensors["model." + name] = value;
        foreach (var (name, value) in optimizer.State)
            tensors["optimizer." + name] = value;
        foreach (var (name, value) in best.Tensors)
            tensors[name] = value;
        _context.Folder.Checkpoints.Save(tensors, Json.Node(_state));
    }

    private void Restore(IOptimizer optimizer, BestWeights best)
    {
        using var checkpoint = _context.Folder.Checkpoints.TryLoad();
        if (checkpoint is null)
        {
            _context.Folder.Metrics.Truncate(0);
            return;
        }
        using var noGrad = no_grad();
        foreach (var (name, value) in _parameters)
            value.copy_(checkpoint.Tensors["model." + name]);
        foreach (var (name, value) in optimizer.State)
            value.copy_(checkpoint.Tensors["optimizer." + name]);
        _state = Json.FromNode<TrainerState>(checkpoint.State);
        optimizer.Steps = _state.Step;
        if (_state.BestScore is not null)
            best.Load(checkpoint.Tensors);
        _context.Folder.Metrics.Truncate(_state.Step);
        _context.Progress.Note(FormattableString.Invariant($"goes on from step {_state.Step}"));
    }
}
