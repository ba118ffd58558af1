using Replication.Bert;
using static TorchSharp.torch;

namespace Replication.Training;

/// <summary>
/// AdamW on the rows of a table of which a step has few gradients. A row without one still moves, by its moments and its decay; these
/// updates are made up for when the row is next read, each with the learning rate and the number of its own step, by the same kernel:
/// the bits are those of updating the whole table every step.
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
    private readonly List<double> _rates = [];
    private readonly Tensor _count = zeros([], ScalarType.Float32).DetachFromDisposeScope();
    private double _before = steps.item<float>();

    /// <summary>Updates the rows that have a gradient.</summary>
    public void Step(double learningRate)
    {
        if (words is not { Index: { } index, Gradient: { } gradient })
            return;
        TensorListScript.Add([steps], 1);
        Update(index, gradient, [.. Enumerable.Repeat(index.shape[0], 1)], [learningRate], _before + _rates.Count);
        _rates.Add(learningRate);
        foreach (var row in index.data<long>())
            _seen[row] = _rates.Count;
        if (_rates.Count == LongestWait)
            CatchUp();
    }

    /// <summary>Brings rows up to date.</summary>
    public void CatchUp(long[] rows)
    {
        var late = rows.Where(row => _seen[row] < _rates.Count).OrderBy(row => _seen[row]).ToArray();
        if (late.Length == 0)
            return;
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        var first = _seen[late[0]];
        // The rows that have not seen an update come first, so that each update is one of the first rows.
        var counts = new long[_rates.Count - first];
        foreach (var row in late)
            counts[_seen[row] - first]++;
        for (var i = 1; i < counts.Length; i++)
            counts[i] += counts[i - 1];
        Update(
            tensor(late), zeros(late.Length, words.Table.shape[1]), counts, [.. _rates.Skip(first)], _before + first);
        foreach (var row in late)
            _seen[row] = _rates.Count;
    }

    /// <summary>Brings all rows up to date.</summary>
    public void CatchUp()
    {
        foreach (var rows in Enumerable.Range(0, _seen.Length).Select(row => (long)row).Chunk(Block))
            CatchUp(rows);
        _before += _rates.Count;
        _rates.Clear();
        Array.Clear(_seen);
    }

    /// <summary>Begins anew with the table, moments and step count as they are.</summary>
    public void Restart()
    {
        _before = steps.item<float>();
        _rates.Clear();
        Array.Clear(_seen);
    }

    /// <inheritdoc/>
    public void Dispose() => _count.Dispose();

    // The i-th of some updates concerns the first counts[i] rows of the index.
    private void Update(Tensor index, Tensor gradient, long[] counts, double[] rates, double done)
    {
        using var scope = NewDisposeScope();
        Tensor[] all = [words.Table, firstMoment, secondMoment];
        var parts = Array.ConvertAll(all, tensor => tensor.index_select(0, index));
        foreach (var (i, rate) in rates.Index())
        {
            using var each = NewDisposeScope();
            Tensor[] First(Tensor tensor) => [tensor.narrow(0, 0, counts[i])];
            _count.fill_(done + i + 1);
            TensorListScript.AdamW(
                new AdamLists(First(parts[0]), First(gradient), First(parts[1]), First(parts[2]), [_count]),
                rate, settings, weightDecay, fused: true);
        }
        foreach (var (tensor, part) in all.Zip(parts))
            tensor.index_copy_(0, index, part);
    }
}
