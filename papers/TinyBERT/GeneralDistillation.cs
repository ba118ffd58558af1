using Replication.Bert;
using Replication.Corpus;
using Replication.Runs;
using Replication.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Replication.TinyBERT;

/// <summary>What general distillation puts into the <see cref="TrainingLoop{TState}"/>: sequences, dropout of both models, and the inner states' losses.</summary>
internal sealed class GeneralDistillation
{
    private readonly RunContext _context;
    private readonly BertModel _student;
    private readonly BertModel _teacher;
    private readonly TransformerLoss _loss;
    private readonly TransformerDistillation _method;
    private readonly TrainingRecipe _recipe;
    private readonly TokenStore _store;
    private readonly long _seed;
    private readonly IReadOnlyList<(string Name, Parameter Value)> _parameters;

    public GeneralDistillation(
        RunContext context, BertModel student, BertModel teacher, Projections projections, GeneralDistillationSpec spec, TokenStore store)
    {
        (_context, _student, _teacher, _store) = (context, student, teacher, store);
        (_method, _recipe, _seed) = (spec.Method, spec.Recipe.Validate(), spec.Seed);
        _loss = new TransformerLoss(spec.Method, student.Config, teacher.Config, projections);
        // The pooler is no part of these losses and stays as it was drawn.
        _parameters = [.. student.named_parameters().Where(p => !p.name.StartsWith("pooler.", StringComparison.Ordinal)), .. projections.Parameters];
    }

    /// <summary>Trains to the end, from the run's checkpoint if there is one.</summary>
    /// <returns>Where the training then stands; its last loss is the mean over the last ten steps or fewer.</returns>
    /// <exception cref="ReplicationException">The loss or the gradient is not finite, or the text does not fill one batch.</exception>
    /// <exception cref="OperationCanceledException">Stopped on request, after a checkpoint.</exception>
    public LoopState Train(CancellationToken cancellation)
    {
        using var stream = new SequenceStream(_store, _recipe.MaxLength, _recipe.BatchSize, _seed);
        var dropout = Prepare();
        var loop = new TrainingLoop<LoopState>(_context, _recipe, _parameters, _recipe.MaxSteps ?? stream.StepsPerEpoch * _recipe.Epochs)
        {
            Name = "General distillation",
            Step = step =>
            {
                foreach (var each in dropout)
                    each.BeginStep(step);
                return Step(stream.Batch(step));
            },
            EndsWithLine = true,
        };
        loop.Run(cancellation);
        return loop.State;
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

    private StepReport Step(IReadOnlyList<int[]> sequences)
    {
        var batch = SequenceStream.Collate(sequences, _store.Padding, _context.Workspace.Device, _recipe.PaddedLength(sequences.Max(s => s.Length)));
        EncoderOutput taught;
        using (no_grad())
            taught = _teacher.call(batch, _loss.Request);
        var terms = _loss.Of(_student.call(batch, _loss.Request), taught, batch.AttentionMask);
        var total = terms.Select(t => t.Value).Aggregate((a, b) => a + b);
        total.backward();
        var report = new LossReport(total.item<float>(), terms.ToDictionary(t => t.Name, t => (double)t.Value.item<float>()));
        return new StepReport(report, sequences.Sum(s => (long)s.Length), batch.InputIds.numel());
    }
}
