using System.Globalization;
using Replication.Bert;
using Replication.Glue;
using Replication.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Replication.Tools.Equality;

/// <summary>
/// The same rows through the same model, as evaluations have it; what differs from the first time is told by state and row.
/// </summary>
internal sealed class RepeatedEvaluation : IDisposable
{
    // One operation a number whose last bit tells how it was rounded, and that is spread over all threads.
    private const long Probes = 1 << 20;

    private readonly BertForSequenceClassification _model;
    private readonly IReadOnlyList<TokenBatch> _batches;
    private readonly List<IReadOnlyList<Tensor>> _first = [];
    private readonly Tensor _probe, _probed;
    private readonly bool _pauses;

    /// <summary>Makes the model and the rows, and evaluates them for the first time.</summary>
    /// <param name="config">The geometry; weights are random.</param>
    /// <param name="rows">How many rows, of 5 to 60 tokens.</param>
    /// <param name="pauses">Whether the garbage collector is kept still during a batch.</param>
    public RepeatedEvaluation(BertConfig config, int rows, bool pauses)
    {
        _pauses = pauses;
        _model = new BertForSequenceClassification(config, outputs: 2, seed: 1);
        _model.eval();
        var random = new RandomStream(1, "equality");
        var texts = Enumerable.Range(0, rows)
            .Select(_ => Enumerable.Range(0, 5 + random.NextInt32(56)).Select(_ => 5 + random.NextInt32(config.VocabSize - 5)).ToArray())
            .Select(ids => new EncodedText(ids, ids.Length)).ToList();
        _batches = [.. Evaluator.BatchesByLength([.. texts.Select(text => text.InputIds.Length)])
            .Select(batch => GlueBatch.Tokenised([.. batch.Select(row => texts[row])], 0, CPU))];
        _probe = linspace(1, 2, Probes).DetachFromDisposeScope();
        _probed = Probe().DetachFromDisposeScope();
        foreach (var batch in _batches)
            _first.Add([.. Pass(batch).Select(state => state.DetachFromDisposeScope())]);
    }

    /// <summary>How many batches the rows make.</summary>
    public int Batches => _batches.Count;

    /// <summary>Evaluates again, and says what differs.</summary>
    public IReadOnlyList<string> Evaluate()
    {
        using var pause = _pauses ? new CollectorPause() : null;
        var differences = new List<string>();
        foreach (var (number, batch) in _batches.Index())
        {
            pause?.Renew();
            using var scope = NewDisposeScope();
            foreach (var (index, state) in Pass(batch).Index())
                if (!SameBits(state, _first[number][index]))
                    differences.Add(Describe(number, index, state, _first[number][index]));
            if (!SameBits(Probe(), _probed))
                differences.Add($"batch {number}: a thread rounds in another way");
        }
        return differences;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in _first.SelectMany(states => states).Append(_probe).Append(_probed))
            tensor.Dispose();
        foreach (var batch in _batches)
            batch.Dispose();
        _model.Dispose();
    }

    // Every hidden state, then the logits.
    private IReadOnlyList<Tensor> Pass(TokenBatch batch)
    {
        using var noGrad = no_grad();
        var output = _model.forward(batch, EncoderOutputs.HiddenStates);
        return [.. output.Encoder.HiddenStates, output.Logits];
    }

    private Tensor Probe() => (_probe / 3).mul(_probe);

    private static bool SameBits(Tensor a, Tensor b) => a.bytes.SequenceEqual(b.bytes);

    private static string Describe(int batch, int index, Tensor state, Tensor first)
    {
        var differs = state.ne(first).flatten(1).any(1);
        var rows = differs.data<bool>().ToArray().Index().Where(row => row.Item).Select(row => row.Index).ToList();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"batch {batch}, state {index}: {rows.Count} of {state.shape[0]} rows, {rows[0]} to {rows[^1]}, by up to "
                + $"{(state - first).abs().max().item<float>():0.0e0}");
    }
}
