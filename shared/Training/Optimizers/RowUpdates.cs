using Replication.Bert;
using static TorchSharp.torch;

namespace Replication.Training;

/// <summary>
/// AdamW on the rows of a table of which a step has few gradients. A row without one still moves, by its moments and its decay; these
/// updates are made up for when the row is next read, each with the learning rate and the number of its own step, by the same kernel:
/// the bits are those of updating the whole table every step. A row that never had a gradient has no moments and only decays.
/// </summary>
/// <param name="words">The table and the rows' gradients.</param>
/// <param name="firstMoment">First moments, as the table.</param>
/// <param name="secondMoment">Second moments, as the table.</param>
/// <param name="steps">The table's step count, float32 [].</param>
/// <param name="settings">Constants of Adam.</param>
/// <param name="weightDecay">Decay of the table.</param>
internal sealed class RowUpdates(
    WordRows words, Tensor firstMoment, Tensor secondMoment, Tensor steps, AdamSettings settings, double weightDecay) : IDisposable
{
    // So many updates are made up for at once at most, and so many rows together: what they need stays in the processor's cache.
    private const int LongestWait = 32, Block = 1024;

    // By row, how many of the updates since the last time that all rows were up to date it has seen.
    private readonly int[] _seen = new int[words.Table.shape[0]];
    private readonly bool[] _hasMoments = new bool[words.Table.shape[0]];
    private readonly List<double> _rates = [];
    private readonly Tensor _zeros = zeros(Block, words.Table.shape[1]).DetachFromDisposeScope();
    private double _before = steps.item<float>();

    /// <summary>Updates the rows that have a gradient, whose step is counted already.</summary>
    public void Step(Tensor gradient, double learningRate)
    {
        using var parts = new Parts(words.Index!, [words.Table, firstMoment, secondMoment]);
        AdamW(parts.Tensors, gradient, steps, learningRate);
        parts.WriteBack();
        _rates.Add(learningRate);
        foreach (var row in words.Rows)
            (_seen[row], _hasMoments[row]) = (_rates.Count, true);
        if (_rates.Count == LongestWait)
            CatchUp();
    }

    /// <summary>Brings rows up to date.</summary>
    public void CatchUp(long[] rows)
    {
        foreach (var block in rows.Where(row => _seen[row] < _rates.Count).Chunk(Block))
        {
            using var noGradients = no_grad();
            using var scope = NewDisposeScope();
            // The rows that have not seen an update come first, so that each update is one of the first rows.
            foreach (var group in block.OrderBy(row => _seen[row]).GroupBy(row => _hasMoments[row]))
                Replay([.. group], group.Key);
        }
    }

    /// <summary>Brings all rows up to date.</summary>
    public void CatchUp()
    {
        CatchUp([.. Enumerable.Range(0, _seen.Length).Select(row => (long)row)]);
        _before += _rates.Count;
        _rates.Clear();
        Array.Clear(_seen);
    }

    /// <summary>Begins anew with the table, moments and step count as they are.</summary>
    public void Restart()
    {
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        _before = steps.item<float>();
        _rates.Clear();
        Array.Clear(_seen);
        (firstMoment.ne(0).any(1) | secondMoment.ne(0).any(1)).data<bool>().CopyTo(_hasMoments);
    }

    /// <inheritdoc/>
    public void Dispose() => _zeros.Dispose();

    private void Replay(long[] rows, bool hasMoments)
    {
        var first = _seen[rows[0]];
        // By update, how many of the rows have not seen it: the first ones.
        var counts = new long[_rates.Count - first];
        foreach (var row in rows)
            counts[_seen[row] - first]++;
        for (var i = 1; i < counts.Length; i++)
            counts[i] += counts[i - 1];
        if (hasMoments || weightDecay != 0)
        {
            using var parts = new Parts(tensor(rows), hasMoments ? [words.Table, firstMoment, secondMoment] : [words.Table]);
            foreach (var (i, count) in counts.Index())
            {
                using var scope = NewDisposeScope();
                var (each, rate) = (Array.ConvertAll(parts.Tensors, part => part.narrow(0, 0, count)), _rates[first + i]);
                if (hasMoments)
                    AdamW(each, _zeros.narrow(0, 0, count), tensor((float)(_before + first + i + 1)), rate);
                else
                    TensorListScript.Scale(each, 1 - (rate * weightDecay));
            }
            parts.WriteBack();
        }
        foreach (var row in rows)
            _seen[row] = _rates.Count;
    }

    // Vectors and both moments of some rows.
    private void AdamW(Tensor[] rows, Tensor gradient, Tensor count, double learningRate) => TensorListScript.AdamW(
        new AdamLists([rows[0]], [gradient], [rows[1]], [rows[2]], [count]), learningRate, settings, weightDecay, fused: true);

    /// <summary>Copies of some rows of several tensors.</summary>
    private sealed class Parts(Tensor index, Tensor[] wholes) : IDisposable
    {
        public Tensor[] Tensors { get; } = Array.ConvertAll(wholes, whole => whole.index_select(0, index).DetachFromDisposeScope());

        public void WriteBack()
        {
            foreach (var (whole, part) in wholes.Zip(Tensors))
                whole.index_copy_(0, index, part);
        }

        public void Dispose()
        {
            foreach (var part in Tensors)
                part.Dispose();
        }
    }
}
