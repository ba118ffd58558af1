namespace Replication.Corpus;

/// <summary>
/// A corpus as word-piece ids in memory-mapped files: documents, their sentences, and a [SEP] after each document. However
/// large the corpus, only the pages that are read take memory. Made by <see cref="CorpusTokenizer"/>.
/// </summary>
public sealed class TokenStore : IDisposable
{
    private const int ScanTokens = 1 << 16;

    private readonly TokenStoreHeader _header;
    private readonly MappedNumbers<ushort> _tokens;
    private readonly MappedNumbers<long> _sentences;
    private readonly MappedNumbers<long> _documents;

    private TokenStore(string folder, TokenStoreHeader header, FileDigests digests)
    {
        (Folder, _header, Digests) = (folder, header, digests);
        _tokens = new MappedNumbers<ushort>(Path.Combine(folder, TokenStoreFiles.Tokens));
        _sentences = new MappedNumbers<long>(Path.Combine(folder, TokenStoreFiles.Sentences));
        _documents = new MappedNumbers<long>(Path.Combine(folder, TokenStoreFiles.Documents));
    }

    /// <summary>Its folder; what is derived from the store may be kept beside it.</summary>
    public string Folder { get; }

    /// <summary>Knows which files were already read and found sound.</summary>
    internal FileDigests Digests { get; }

    /// <summary>Number of documents.</summary>
    public long Documents => _header.Documents;

    /// <summary>Number of sentences.</summary>
    public long Sentences => _header.Sentences;

    /// <summary>Number of word pieces, the [SEP] after each document among them.</summary>
    public long Tokens => _header.Tokens;

    /// <summary>Id of [SEP].</summary>
    public int Separator => _header.Separator;

    /// <summary>Id of [CLS].</summary>
    public int Classification => _header.Classification;

    /// <summary>Id of [PAD].</summary>
    public int Padding => _header.Padding;

    /// <summary>Word pieces in the vocabulary.</summary>
    public int VocabularySize => _header.VocabularySize;

    /// <summary>Opens a finished store; null where there is none, or one whose files are not as they were written.</summary>
    /// <param name="folder">The store.</param>
    /// <param name="digests">Knows which files were already read and found sound.</param>
    public static TokenStore? TryOpen(string folder, FileDigests digests)
    {
        var file = Path.Combine(folder, TokenStoreFiles.Header);
        if (!SealedFile.IsSound(file, digests, out _))
            return null;
        return StorageFailure.Explain("Cannot read the token store", folder, () =>
            Json.Read<TokenStoreHeader>(file) is var header && header.Fits(folder, digests)
                ? new TokenStore(folder, header, digests).OrNull()
                : null);
    }

    /// <summary>What is said of a store whose digests fit and whose content contradicts itself.</summary>
    internal ReplicationException Damaged(string what) =>
        new($"The token store in {Folder} is damaged ({what}); delete the folder and run the same command again.");

    // A store of other sizes than its header says is not valid.
    private TokenStore? OrNull()
    {
        if (_tokens.Count == Tokens && _sentences.Count == Sentences && _documents.Count == Documents)
            return this;
        Dispose();
        return null;
    }

    /// <summary>Ids from a position on.</summary>
    public int[] Read(long start, int count)
    {
        var stored = new ushort[count];
        _tokens.Read(start, stored);
        return Array.ConvertAll(stored, id => (int)id);
    }

    /// <summary>Where a sentence begins; its number of sentences gives the end of the last one.</summary>
    public long SentenceStart(long sentence) => sentence == Sentences ? Tokens : _sentences[sentence];

    /// <summary>The first sentence that begins after a position; the number of sentences where none does.</summary>
    internal long SentenceAfter(long position)
    {
        var (low, high) = (0L, Sentences);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            (low, high) = _sentences[middle] > position ? (low, middle) : (middle + 1, high);
        }
        return low;
    }

    /// <summary>The first sentence of a document; its number of documents gives the number of sentences.</summary>
    public long FirstSentence(long document) => document == Documents ? Sentences : _documents[document];

    /// <summary>How often each word piece occurs, by id.</summary>
    public long[] CountTokens()
    {
        var counts = new long[VocabularySize is > 0 and <= ushort.MaxValue + 1
            ? VocabularySize
            : throw Damaged(FormattableString.Invariant($"its vocabulary has {VocabularySize} tokens"))];
        var block = new ushort[ScanTokens];
        for (var start = 0L; start < Tokens; start += block.Length)
        {
            var part = block.AsSpan(0, (int)Math.Min(block.Length, Tokens - start));
            _tokens.Read(start, part);
            foreach (var id in part)
            {
                if (id >= counts.Length)
                    throw Damaged(FormattableString.Invariant($"it holds the token {id} of a vocabulary of {counts.Length}"));
                counts[id]++;
            }
        }
        return counts;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _tokens.Dispose();
        _sentences.Dispose();
        _documents.Dispose();
    }
}
