using Replication.Bert;
using Replication.Bert.Tokenization;
using Replication.Corpus;
using Replication.Runs;
using Replication.Training;
using TorchSharp;

namespace Replication.DistilBERT;

/// <summary>What pretraining puts into the <see cref="TrainingLoop{TState}"/>: sequences, masks, dropout, and gradients of several parts of a batch.</summary>
/// <param name="context">The run.</param>
/// <param name="student">The student, on the workspace's device.</param>
/// <param name="store">The text.</param>
/// <param name="special">Ids of the special tokens.</param>
/// <param name="recipe">How to train.</param>
/// <param name="seed">Decides order, masks and dropout.</param>
public sealed class Pretrainer(RunContext context, BertForMaskedLM student, TokenStore store, SpecialTokens special, PretrainingRecipe recipe, long seed)
{
    private readonly TrainingRecipe _training = recipe.Validate().Training;
    private readonly DropoutStream _dropout = new(seed);
    private readonly Masking _masking = new(recipe.Masking, special, store.CountTokens(), seed);

    /// <summary>Trains to the end, from the run's checkpoint if there is one.</summary>
    /// <returns>Steps, tokens, and the mean of each term over the last steps, as facts of the result.</returns>
    /// <exception cref="ReplicationException">The loss or the gradient is not finite, or the text does not fill one batch.</exception>
    /// <exception cref="OperationCanceledException">Stopped on request, after a checkpoint.</exception>
    public SortedDictionary<string, double> Train(TripleObjective objective, CancellationToken cancellation)
    {
        using var stream = new SequenceStream(store, _training.MaxLength, _training.BatchSize, seed);
        student.Encoder.Dropout = _dropout;
        student.Encoder.DropoutProbability = _training.Dropout;
        student.Encoder.Precision = _training.Precision;
        student.train();
        var loop = new TrainingLoop<LoopState>(context, _training, [.. student.named_parameters()], recipe.Steps ?? stream.StepsPerEpoch * _training.Epochs)
        {
            Name = "Pretraining",
            Step = step => Step(objective, _masking.Apply(stream.Batch(step), step), step),
            EndsWithLine = true,
            Line = (state, _) => new Dictionary<string, object?> { ["tokens"] = state.RealTokens },
        };
        loop.Run(cancellation);
        return new(loop.State.LastTerms, StringComparer.Ordinal) { ["steps"] = loop.State.Step, ["tokens"] = loop.State.RealTokens };
    }

    private StepReport Step(TripleObjective objective, MaskedSequences masked, long step)
    {
        _dropout.BeginStep(step);
        // Neighbours in length go through the model together, so that hardly anything is padding.
        var parts = Enumerable.Range(0, masked.Inputs.Count).OrderBy(i => masked.Inputs[i].Length).Chunk(recipe.MicroBatch).ToList();
        var reports = new List<LossReport>();
        var padded = 0L;
        foreach (var part in parts)
        {
            using var batch = MaskedBatch.Collate(masked.Take(part), special.Padding, context.Workspace.Device);
            reports.Add(objective.ForwardBackward(batch, 1.0 / parts.Count));
            padded += batch.Tokens.InputIds.numel();
        }
        return new StepReport(Mean(reports), masked.Inputs.Sum(s => (long)s.Length), padded);
    }

    // A part in which no word happens to be hidden has no L_mlm.
    private static LossReport Mean(IReadOnlyList<LossReport> parts) => new(
        parts.Average(p => p.Total),
        parts.SelectMany(p => p.Terms).GroupBy(t => t.Key, t => t.Value).ToDictionary(t => t.Key, t => t.Average()));
}
