using System.Globalization;
using Replication.Bert;
using static TorchSharp.torch;

namespace Replication.Corpus;

/// <summary>
/// Batches of a corpus's sequences without end, epoch after epoch in a new order: the batch of a step is a pure function of
/// store, length, batch size, seed and step, so that a resumed training needs the step alone. The last, incomplete batch of
/// an epoch is left out.
/// </summary>
public sealed class SequenceStream : IDisposable
{
    /// <summary>[CLS] before and [SEP] after.</summary>
    internal const int SpecialTokens = 2;

    private readonly TokenStore _store;
    private readonly SequenceIndex _index;
    private readonly int _batchSize;
    private readonly long _seed;

    /// <summary>Opens a stream.</summary>
    /// <param name="store">The corpus; not owned.</param>
    /// <param name="length">Longest sequence in tokens, [CLS] and [SEP] included.</param>
    /// <param name="batchSize">Sequences per step.</param>
    /// <param name="seed">Decides the order.</param>
    /// <exception cref="ReplicationException">The corpus does not fill one batch.</exception>
    public SequenceStream(TokenStore store, int length, int batchSize, long seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(length, SpecialTokens);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        (_store, _batchSize, _seed) = (store, batchSize, seed);
        _index = SequenceIndex.Of(store, length);
        Sequences = _index.Count;
        if (Sequences >= batchSize)
            return;
        _index.Dispose();
        throw new ReplicationException(string.Create(
            CultureInfo.InvariantCulture,
            $"The corpus makes {Sequences} sequences of {length} tokens, fewer than one batch of {batchSize}; use a larger corpus or a "
                + $"smaller batch."));
    }

    /// <summary>Sequences of an epoch.</summary>
    public long Sequences { get; }

    /// <summary>Steps of an epoch.</summary>
    public long StepsPerEpoch => Sequences / _batchSize;

    /// <summary>The sequences of a step: [CLS] tokens [SEP] each. Masking, where a paper has it, starts from here.</summary>
    /// <param name="step">The step, from 0.</param>
    public IReadOnlyList<int[]> Batch(long step)
    {
        var (epoch, first) = (step / StepsPerEpoch, step % StepsPerEpoch * _batchSize);
        var order = new Permutation(Sequences, _seed, epoch);
        return [.. Enumerable.Range(0, _batchSize).Select(i => Sequence(order[first + i]))];
    }

    /// <summary>Sequences as an encoder's input, padded to one length; all of token type 0.</summary>
    /// <param name="sequences">Ids.</param>
    /// <param name="padding">Id of [PAD].</param>
    /// <param name="device">The tensors' device.</param>
    /// <param name="leastLength">Tokens that they are padded to, where the longest has fewer.</param>
    public static TokenBatch Collate(IReadOnlyList<int[]> sequences, int padding, Device device, int leastLength = 0)
    {
        var width = Math.Max(leastLength, sequences.Max(s => s.Length));
        var (ids, mask) = (new long[sequences.Count * width], new long[sequences.Count * width]);
        Array.Fill(ids, padding);
        foreach (var (row, sequence) in sequences.Index())
        {
            for (var i = 0; i < sequence.Length; i++)
                (ids[(row * width) + i], mask[(row * width) + i]) = (sequence[i], 1);
        }
        long[] shape = [sequences.Count, width];
        return new TokenBatch(
            tensor(ids, shape, device: device), zeros(shape, ScalarType.Int64, device), tensor(mask, shape, device: device));
    }

    /// <inheritdoc/>
    public void Dispose() => _index.Dispose();

    private int[] Sequence(long number)
    {
        var (start, count) = _index[number];
        var tokens = _store.Read(start, count);
        // At the end of a document the [SEP] is there already.
        return tokens[^1] == _store.Separator ? [_store.Classification, .. tokens] : [_store.Classification, .. tokens, _store.Separator];
    }
}
