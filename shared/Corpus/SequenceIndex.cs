using System.Runtime.InteropServices;

namespace Replication.Corpus;

/// <summary>
/// Where the sequences of a length begin in a store: whole sentences one after another until the next would not fit, over
/// the end of a document where there is room ([SEP] between them); a sentence that is longer than a sequence is split.
/// Kept as a memory-mapped file beside the store, which is made again where it is not as it was written.
/// </summary>
internal sealed class SequenceIndex : IDisposable
{
    private readonly MappedNumbers<long> _starts;
    private readonly TokenStore _store;

    private SequenceIndex(string path, TokenStore store) => (_starts, _store) = (new MappedNumbers<long>(path), store);

    /// <summary>Number of sequences.</summary>
    public long Count => Math.Max(0, _starts.Count - 1);

    /// <summary>Opens the index of a length, made first if it is not there.</summary>
    public static SequenceIndex Of(TokenStore store, int length)
    {
        var path = Path.Combine(store.Folder, FormattableString.Invariant($"sequences-{length}.i64"));
        if (!SealedFile.IsSound(path, store.Digests, out _))
        {
            using var held = FolderLock.Acquire(
                store.Folder, "The corpus's token store", Timeout.InfiniteTimeSpan, null, TimeProvider.System, CancellationToken.None);
            AtomicFile.DiscardLeftovers(store.Folder);
            if (!SealedFile.IsSound(path, store.Digests, out _))
                SealedFile.Write(path, stream => Write(stream, store, length - SequenceStream.SpecialTokens));
        }
        return new SequenceIndex(path, store);
    }

    /// <summary>First token of a sequence, and how many it has.</summary>
    public (long Start, int Count) this[long sequence]
    {
        get
        {
            Span<long> bounds = stackalloc long[2];
            _starts.Read(sequence, bounds);
            return bounds[0] >= 0 && bounds[1] > bounds[0] && bounds[1] <= _store.Tokens && bounds[1] - bounds[0] <= int.MaxValue
                ? (bounds[0], (int)(bounds[1] - bounds[0]))
                : throw _store.Damaged(FormattableString.Invariant($"sequence {sequence} goes from token {bounds[0]} to {bounds[1]}"));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _starts.Dispose();

    private static void Write(Stream stream, TokenStore store, int room)
    {
        var start = 0L;
        void Begin(long position)
        {
            start = position;
            stream.Write(MemoryMarshal.AsBytes<long>([position]));
        }
        Begin(0);
        for (var sentence = 0L; sentence < store.Sentences; sentence++)
        {
            var (from, to) = (store.SentenceStart(sentence), store.SentenceStart(sentence + 1));
            // Positions that do not ascend to the last token would make sequences without end.
            if (from < start || to < from || to > store.Tokens)
                throw store.Damaged(FormattableString.Invariant($"sentence {sentence} goes from token {from} to {to}"));
            if (to - start > room && from > start)
                Begin(from);
            while (to - start > room)
                Begin(start + room);
        }
        Begin(store.Tokens);
    }
}
