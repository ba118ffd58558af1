using Replication.Bert;
using Replication.Glue;
using Replication.Runs;
using TorchSharp.Modules;

namespace Replication.Training;

/// <summary>What a model is trained with, whatever its head: batches, and what measures it.</summary>
internal sealed record TrainedModel
{
    /// <summary>The model, on the workspace's device.</summary>
    public required TorchSharp.torch.nn.Module Model { get; init; }

    /// <summary>Its encoder.</summary>
    public required BertModel Encoder { get; init; }

    /// <summary>Tokens of each training row.</summary>
    public required IReadOnlyList<int> Lengths { get; init; }

    /// <summary>Makes a batch of rows that is padded to a length.</summary>
    public required Func<int[], int, GlueBatch> Collate { get; init; }

    /// <summary>Scores the weights as they are and writes their predictions.</summary>
    public required Func<CancellationToken, SortedDictionary<string, IReadOnlyDictionary<string, double?>>> Measure { get; init; }

    /// <summary>How good an evaluation is.</summary>
    public required EvaluationScore Score { get; init; }
}

/// <summary>
/// What the training of a model puts into the <see cref="TrainingLoop{TState}"/>: batches, dropout, evaluations, and the best weights.
/// </summary>
public sealed class Trainer
{
    private readonly RunContext _context;
    private readonly TrainedModel _trained;
    private readonly TrainingRecipe _recipe;
    private readonly IReadOnlyList<int> _lengths;
    private readonly long _seed;
    private readonly int _stepsPerEpoch;
    private readonly DropoutStream _dropout;
    private (int Epoch, IReadOnlyList<int[]> Batches) _plan = (-1, []);

    /// <summary>Prepares a training.</summary>
    /// <param name="context">The run.</param>
    /// <param name="model">The model, on the workspace's device.</param>
    /// <param name="data">Rows to train on and to be measured on.</param>
    /// <param name="recipe">How to train.</param>
    /// <param name="seed">Decides the order of the rows and the dropout.</param>
    /// <param name="score">How good an evaluation is, for <see cref="TrainingRecipe.KeepsBest"/>; null for the main metric of the first
    /// split.</param>
    /// <exception cref="ReplicationException">The recipe cannot be used with these rows.</exception>
    public Trainer(
        RunContext context, BertForSequenceClassification model, TaskData data, TrainingRecipe recipe, long seed,
        EvaluationScore? score = null)
        : this(context, OfClassifier(context, model, data, recipe, score), recipe, seed)
    {
        if (recipe.KeepsBest && data.Evaluations.Count == 0)
            throw new ReplicationException("This recipe keeps the best weights, but nothing is measured by which to choose them.");
    }

    /// <summary>Prepares the training of a model of any kind.</summary>
    internal Trainer(RunContext context, TrainedModel trained, TrainingRecipe recipe, long seed)
    {
        (_context, _trained, _recipe, _seed) = (context, trained, recipe.Validate(), seed);
        _lengths = trained.Lengths;
        _stepsPerEpoch = recipe.StepsPerEpoch(_lengths.Count);
        if (_stepsPerEpoch == 0)
            throw new ReplicationException(
                $"{_lengths.Count} training rows do not fill one batch of {recipe.BatchSize}, and this recipe skips short batches; use "
                + $"a smaller batch.");
        TotalSteps = (long)_stepsPerEpoch * recipe.Epochs;
        _dropout = new DropoutStream(seed);
    }

    /// <summary>Steps of the whole schedule.</summary>
    public long TotalSteps { get; }

    /// <summary>Step of the weights that were kept, after <see cref="Train"/>; null where the last ones count.</summary>
    public long? KeptStep { get; private set; }

    /// <summary>Trains to the end, from the run's checkpoint if there is one.</summary>
    /// <returns>The scores of the weights that it ends with.</returns>
    /// <exception cref="ReplicationException">The loss or the gradient is not finite; the message names the batch.</exception>
    /// <exception cref="OperationCanceledException">Stopped on request, after a checkpoint.</exception>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, double?>> Train(IObjective objective, CancellationToken cancellation)
    {
        var lastStep = Math.Min(TotalSteps, _recipe.MaxSteps ?? long.MaxValue);
        _trained.Encoder.Dropout = _dropout;
        _trained.Encoder.DropoutProbability = _recipe.Dropout;
        _trained.Encoder.Precision = _recipe.Precision;
        IReadOnlyList<(string Name, Parameter Value)> parameters =
            [.. _trained.Model.named_parameters(), .. (objective as IObjectiveWithParameters)?.Parameters ?? []];
        using var best = new BestWeights(parameters);
        var loop = new TrainingLoop<TrainerState>(_context, _recipe, parameters, lastStep)
        {
            Name = "Training",
            Step = step => Step(objective, step),
            ScheduleSteps = TotalSteps,
            Line = (state, learningRate) =>
                new Dictionary<string, object?> { ["epoch"] = Epochs(state.Step), ["learningRate"] = learningRate },
            Encoder = _context.Workspace.Environment.MicroBatch is null ? _trained.Encoder : null,
            AfterStep = state => AfterStep(state, lastStep, best, cancellation),
            IsReadAfter = done => IsEvaluationDue(done) || done == lastStep,
            Kept = () => best.Tensors,
            Restored = (state, tensors) =>
            {
                if (state.BestScore is not null)
                    best.Load(tensors);
            },
            Source = step => $"epoch {Epoch(step) + 1}, training rows {string.Join(' ', Rows(step).Order())}",
        };
        loop.Run(cancellation);
        if (_recipe.KeepsBest)
            KeptStep = loop.State.BestStep;
        return loop.State.Scores;
    }

    private StepReport Step(IObjective objective, long step)
    {
        var rows = Rows(step);
        _trained.Model.train(_recipe.DropoutEpochs is not { } epochs || Epoch(step) < epochs);
        _dropout.BeginStep(step);
        // In parts rows of like length go together; the whole batch keeps its order.
        int[][] parts = _context.Workspace.Environment.MicroBatch is { } most && most < rows.Length
            ? [.. rows.OrderBy(row => _lengths[row]).Chunk(most)] : [rows];
        var (reports, padded) = (new List<(double Share, LossReport Report)>(), 0L);
        foreach (var part in parts)
        {
            var length = _recipe.PaddedLength(part.Max(row => _lengths[row]));
            using var batch = _trained.Collate(part, length) with { Share = (double)part.Length / rows.Length };
            reports.Add((batch.Share, objective.ForwardBackward(batch)));
            padded += (long)part.Length * length;
        }
        return new StepReport(LossReport.Mean(reports), rows.Sum(row => (long)_lengths[row]), padded);
    }

    // The training rows of a step; the plan of its epoch is kept.
    private int[] Rows(long step)
    {
        if (_plan.Epoch != Epoch(step))
            _plan = (Epoch(step), BatchPlan.Epoch(_lengths, _recipe.Order, _recipe.BatchSize, _seed, Epoch(step)));
        return _plan.Batches[(int)(step % _stepsPerEpoch)];
    }

    private int Epoch(long step) => (int)(step / _stepsPerEpoch);

    private void AfterStep(TrainerState state, long lastStep, BestWeights best, CancellationToken cancellation)
    {
        if (IsEvaluationDue(state.Step) || state.Step == lastStep)
            Evaluate(state, best, cancellation);
        if (state.Step < lastStep || !_recipe.KeepsBest || state.BestStep == lastStep)
            return;
        best.Restore();
        state.Scores = _trained.Measure(cancellation);
        _context.Progress.Note(FormattableString.Invariant($"the weights of step {state.BestStep} are kept: {Shown(state.Scores)}"));
    }

    // Without an interval the k-th of E evaluations comes after round(k S / E) of the epoch's S steps.
    private bool IsEvaluationDue(long done) => _recipe.EvaluationInterval is { } interval
        ? done % interval == 0
        : Enumerable.Range(1, _recipe.EvaluationsPerEpoch)
            .Any(k => ((done - 1) % _stepsPerEpoch) + 1 == (int)Math.Round((double)k * _stepsPerEpoch / _recipe.EvaluationsPerEpoch));

    private void Evaluate(TrainerState state, BestWeights best, CancellationToken cancellation)
    {
        var scores = state.Scores = _trained.Measure(cancellation);
        foreach (var (name, metrics) in scores)
        {
            var line = new SortedDictionary<string, object?>(StringComparer.Ordinal) { ["epoch"] = Epochs(state.Step), ["split"] = name };
            foreach (var (metric, value) in metrics)
                line[metric] = value;
            _context.Folder.Metrics.Append(state.Step, line);
        }
        _context.Progress.Note(FormattableString.Invariant($"epoch {Epoch(state.Step - 1) + 1}: {Shown(scores)}"));
        if (!_recipe.KeepsBest)
            return;
        var score = _trained.Score(scores, cancellation);
        if (state.BestScore is { } bar && !(score > bar))
            return;
        (state.BestScore, state.BestStep) = (score, state.Step);
        best.Keep();
    }

    private static TrainedModel OfClassifier(
        RunContext context, BertForSequenceClassification model, TaskData data, TrainingRecipe recipe, EvaluationScore? score)
    {
        var evaluations = recipe.TrainSampleRows == 0
            ? data.Evaluations
            : [.. data.Evaluations, ("train-sample", TrainSample(data.Train, recipe.TrainSampleRows))];
        return new TrainedModel
        {
            Model = model,
            Encoder = model.Encoder,
            Lengths = [.. data.Train.Examples.Select(e => e.Length)],
            Collate = (rows, length) => GlueBatch.Collate(data.Train, rows, context.Workspace.Device, length),
            Measure = cancellation => Measure(context, model, data, evaluations, cancellation),
            // An undefined one, such as a correlation with a constant, is below all others.
            Score = score ?? ((scores, _) => scores[data.Evaluations[0].Name][GlueScorer.Name(data.Task.MainMetric)] ?? -1),
        };
    }

    // The scores of the weights as they are, whose predictions are written.
    private static SortedDictionary<string, IReadOnlyDictionary<string, double?>> Measure(
        RunContext context, BertForSequenceClassification model, TaskData task,
        IReadOnlyList<(string Name, EncodedDataset Data)> evaluations, CancellationToken cancellation)
    {
        var scores = new SortedDictionary<string, IReadOnlyDictionary<string, double?>>(StringComparer.Ordinal);
        foreach (var (name, data) in evaluations)
        {
            var (what, total) = ($"evaluating {name}", data.Examples.Count);
            context.Progress.Aside(what, 0, total, "rows");
            var evaluation = Evaluator.Evaluate(
                model, data, context.Workspace.Device, cancellation, rows => context.Progress.Aside(what, rows, total, "rows"));
            foreach (var (part, metrics) in evaluation.Named(name))
                scores[part] = metrics;
            if (task.Evaluations.Any(e => e.Name == name))
                PredictionFile.Write(context.Folder.FilePath($"{RunFiles.PredictionsPrefix}{name}.tsv"), data, evaluation.Logits);
        }
        return scores;
    }

    private static string Shown(IReadOnlyDictionary<string, IReadOnlyDictionary<string, double?>> scores) =>
        string.Join("; ", scores.Select(
            s => $"{s.Key} {string.Join(' ', s.Value.Select(m => FormattableString.Invariant($"{m.Key} {100 * m.Value:0.00}")))}"));

    private double Epochs(long step) => Math.Round((double)step / _stepsPerEpoch, 4);

    private static EncodedDataset TrainSample(EncodedDataset train, int rows)
    {
        var stride = Math.Max(1, train.Examples.Count / rows);
        var sample = train.Examples.Where((_, i) => i % stride == 0).Take(rows).Select((e, i) => e with { Row = i });
        return train with { Examples = [.. sample] };
    }
}
