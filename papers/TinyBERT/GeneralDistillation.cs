using Replication.Bert;
using Replication.Corpus;
using Replication.Measurements;
using Replication.Runs;
using Replication.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Replication.TinyBERT;

/// <summary>
/// The loop of general distillation. Batches, dropout and rate are functions of seed and step, so weights, moments and the step
/// are all that a checkpoint needs.
/// </summary>
internal sealed class GeneralDistillation
{
    private static readonly TimeSpan CheckpointInterval = TimeSpan.FromSeconds(60);
    private const int StepsPerLogLine = 10;

    private readonly RunContext _context;
    private readonly BertModel _student;
    private readonly BertModel _teacher;
    private readonly TransformerLoss _loss;
    private readonly TransformerDistillation _method;
    private readonly TrainingRecipe _recipe;
    private readonly TokenStore _store;
    private readonly long _seed;
    private readonly IReadOnlyList<(string Name, Parameter Value)> _parameters;
    private State _state = new();

    public GeneralDistillation(
        RunContext context, BertModel student, BertModel teacher, Projections projections, GeneralDistillationSpec spec, TokenStore store)
    {
        (_context, _student, _teacher, _store) = (context, student, teacher, store);
        (_method, _recipe, _seed) = (spec.Method, spec.Recipe.Validate(), spec.Seed);
        _loss = new TransformerLoss(spec.Method, student.Config, teacher.Config, projections);
        // The pooler is no part of these losses and stays as it was drawn.
        _parameters = [.. student.named_parameters().Where(p => !p.name.StartsWith("pooler.", StringComparison.Ordinal)), .. projections.Parameters];
    }

    /// <summary>Steps of the training; known once it has begun.</summary>
    public long TotalSteps { get; private set; }

    /// <summary>Tokens trained on, padding left out.</summary>
    public long Tokens => _state.Tokens;

    /// <summary>Trains to the end, from the run's checkpoint if there is one.</summary>
    /// <returns>The mean loss of the last ten steps or fewer.</returns>
    /// <exception cref="ReplicationException">The loss is not finite.</exception>
    public double Train(CancellationToken cancellation)
    {
        using var stream = new SequenceStream(_store, _recipe.MaxLength, _recipe.BatchSize, _seed);
        TotalSteps = _recipe.MaxSteps ?? stream.StepsPerEpoch * _recipe.Epochs;
        var dropout = Prepare();
        using var optimizer = Optimizers.Create(_recipe, _parameters);
        Restore(optimizer);
        var clock = _context.Workspace.Clock;
        var (start, saved, tokensBefore, stepsBefore) = (clock.GetTimestamp(), clock.GetTimestamp(), _state.Tokens, _state.Step);
        double Rate() => (_state.Tokens - tokensBefore) / Math.Max(1e-9, clock.GetElapsedTime(start).TotalSeconds);
        _context.Progress.Begin(_context.Label, TotalSteps, _state.Step, "steps");
        while (_state.Step < TotalSteps)
        {
            foreach (var each in dropout)
                each.BeginStep(_state.Step);
            Step(optimizer, stream.Batch(_state.Step));
            Log();
            _context.Progress.Advance(_state.Step, _state.LastLoss, Rate());
            if (_state.Step < TotalSteps && (cancellation.IsCancellationRequested || clock.GetElapsedTime(saved) > CheckpointInterval))
            {
                Save(optimizer);
                saved = clock.GetTimestamp();
                cancellation.ThrowIfCancellationRequested();
            }
        }
        _context.Measurements["training tokens per second"] = Rate();
        _context.Measurements["seconds per training step"] = clock.GetElapsedTime(start).TotalSeconds / Math.Max(1, _state.Step - stepsBefore);
        _context.Measurements["peak memory bytes of the process"] = PeakMemory.Bytes();
        _context.Progress.End();
        return _state.LastLoss;
    }

    private IReadOnlyList<DropoutStream> Prepare()
    {
        var streams = new List<DropoutStream> { new(_seed) };
        _student.Dropout = streams[0];
        _student.DropoutProbability = _recipe.Dropout;
        _student.Precision = _teacher.Precision = _recipe.Precision;
        _student.train();
        _teacher.train(_method.TeacherDropout);
        if (_method.TeacherDropout)
        {
            streams.Add(new DropoutStream(unchecked((long)RandomStream.Derive(_seed, "teacher dropout"))));
            _teacher.Dropout = streams[1];
        }
        return streams;
    }

    private void Step(IOptimizer optimizer, IReadOnlyList<int[]> sequences)
    {
        using var scope = NewDisposeScope();
        var batch = SequenceStream.Collate(sequences, _store.Padding, _context.Workspace.Device);
        EncoderOutput taught;
        using (no_grad())
            taught = _teacher.call(batch, _loss.Request);
        optimizer.ZeroGrad();
        var terms = _loss.Of(_student.call(batch, _loss.Request), taught, batch.AttentionMask);
        var total = terms.Select(t => t.Value).Aggregate((a, b) => a + b);
        total.backward();
        var value = total.item<float>();
        if (!float.IsFinite(value))
            throw new ReplicationException(FormattableString.Invariant($"General distillation stopped: the loss is not finite at step {_state.Step + 1}; lower the learning rate of {_recipe.LearningRate}."));
        if (_recipe is { MaxGradNorm: { } limit, Optimizer: not OptimizerKind.BertAdam })
            GradientClipping.ClipTotalNorm(_parameters.Select(p => p.Value), limit);
        optimizer.Step(_recipe.LearningRate * LearningRateSchedule.Factor(_recipe, _state.Step, TotalSteps));
        _state.Add(value, terms.Select(t => (t.Name, (double)t.Value.item<float>())), sequences.Sum(s => (long)s.Length));
    }

    private void Log()
    {
        if (_state.Step % StepsPerLogLine != 0 && _state.Step != TotalSteps)
            return;
        var loss = _state.LastLoss = _state.WindowLoss / _state.WindowSteps;
        _context.Folder.Metrics.Append(_state.Step, new SortedDictionary<string, object?>(StringComparer.Ordinal)
        {
            ["loss"] = loss,
            ["terms"] = _state.WindowTerms.ToDictionary(t => t.Key, t => t.Value / _state.WindowSteps),
        });
        _state.ClearWindow();
    }

    private void Save(IOptimizer optimizer) => _context.Folder.Checkpoints.Save(
        _parameters.ToDictionary(p => "model." + p.Name, p => (Tensor)p.Value, StringComparer.Ordinal)
            .Concat(optimizer.State.Select(s => KeyValuePair.Create("optimizer." + s.Key, s.Value)))
            .ToDictionary(StringComparer.Ordinal),
        Json.Node(_state));

    private void Restore(IOptimizer optimizer)
    {
        using var checkpoint = _context.Folder.Checkpoints.TryLoad();
        if (checkpoint is not null)
        {
            using var noGrad = no_grad();
            foreach (var (name, value) in _parameters)
                value.copy_(checkpoint.Tensors["model." + name]);
            foreach (var (name, value) in optimizer.State)
                value.copy_(checkpoint.Tensors["optimizer." + name]);
            _state = Json.FromNode<State>(checkpoint.State);
            optimizer.Steps = _state.Step;
        }
        _context.Folder.Metrics.Truncate(_state.Step);
    }

    private sealed class State
    {
        public long Step { get; set; }

        public long Tokens { get; set; }

        public double LastLoss { get; set; }

        public int WindowSteps { get; set; }

        public double WindowLoss { get; set; }

        public SortedDictionary<string, double> WindowTerms { get; set; } = new(StringComparer.Ordinal);

        public void Add(double loss, IEnumerable<(string Name, double Value)> terms, long tokens)
        {
            Step++;
            Tokens += tokens;
            WindowSteps++;
            WindowLoss += loss;
            if (LastLoss == 0)
                LastLoss = loss;
            foreach (var (name, value) in terms)
                WindowTerms[name] = WindowTerms.GetValueOrDefault(name) + value;
        }

        public void ClearWindow()
        {
            WindowSteps = 0;
            WindowLoss = 0;
            WindowTerms.Clear();
        }
    }
}
