using System.Globalization;
using Replication.Bert;
using Replication.Glue;
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
    private readonly bool _pairs;

    /// <summary>Opens a stream.</summary>
    /// <param name="store">The corpus; not owned.</param>
    /// <param name="length">Longest sequence in tokens, [CLS] and [SEP] included.</param>
    /// <param name="batchSize">Sequences per step.</param>
    /// <param name="seed">Decides the order, and what makes a pair.</param>
    /// <param name="pairs">
    /// Whether a sequence is cut in two between sentences for <see cref="Texts"/>, as BERT's pre-training text is: what follows the cut, or
    /// half of the time other text, is of token type 1.
    /// </param>
    /// <exception cref="ReplicationException">The corpus does not fill one batch.</exception>
    public SequenceStream(TokenStore store, int length, int batchSize, long seed, bool pairs = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(length, SpecialTokens);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        (_store, _batchSize, _seed, _pairs) = (store, batchSize, seed, pairs);
        // A pair has a [SEP] more.
        _index = SequenceIndex.Of(store, pairs ? length - 1 : length);
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
    public IReadOnlyList<int[]> Batch(long step) => [.. Numbers(step).Select(Sequence)];

    /// <summary>The same as texts, of one sentence group each or of two.</summary>
    /// <inheritdoc cref="Batch" path="/param"/>
    public IReadOnlyList<EncodedText> Texts(long step) =>
        [.. Numbers(step).Select(number => _pairs ? Pair(number, step / StepsPerEpoch) : Whole(Sequence(number)))];

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
            tensor(ids, shape).MovedTo(device), zeros(shape, ScalarType.Int64, device), tensor(mask, shape).MovedTo(device));
    }

    /// <inheritdoc/>
    public void Dispose() => _index.Dispose();

    private IEnumerable<long> Numbers(long step)
    {
        var (epoch, first) = (step / StepsPerEpoch, step % StepsPerEpoch * _batchSize);
        var order = new Permutation(Sequences, _seed, epoch);
        return Enumerable.Range(0, _batchSize).Select(i => order[first + i]);
    }

    private static EncodedText Whole(int[] ids) => new(ids, ids.Length);

    // [CLS] A [SEP] B [SEP]; a sequence of one sentence stays whole. Every epoch cuts anew.
    private EncodedText Pair(long number, long epoch)
    {
        var (start, count) = _index[number];
        var (from, to) = (_store.SentenceAfter(start), _store.SentenceAfter(start + count - 1));
        if (from >= to)
            return Whole(Sequence(number));
        var random = new RandomStream(_seed, "sentence pairs", epoch, number);
        var cut = (int)(_store.SentenceStart(from + random.NextInt32((int)(to - from))) - start);
        var (first, second) = (_store.Read(start, cut), _store.Read(start + cut, count - cut));
        if (random.NextDouble() < 0.5)
        {
            var (place, length) = _index[(long)(random.NextDouble() * Sequences)];
            second = _store.Read(place, Math.Min(length, count - cut));
        }
        int[] head = [_store.Classification, .. Closed(first)];
        return new EncodedText([.. head, .. Closed(second)], head.Length);
    }

    // At the end of a document the [SEP] is there already.
    private int[] Closed(int[] tokens) => tokens[^1] == _store.Separator ? tokens : [.. tokens, _store.Separator];

    private int[] Sequence(long number)
    {
        var (start, count) = _index[number];
        return [_store.Classification, .. Closed(_store.Read(start, count))];
    }
}
