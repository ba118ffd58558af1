using System.Runtime.InteropServices;
using System.Text;
using Replication.Bert.Tokenization;

namespace Replication.Corpus;

/// <summary>
/// Turns a corpus into a <see cref="TokenStore"/>, once: sentence by sentence, with memory that does not grow with the
/// corpus. It notes its progress from time to time, and resumes there after a stop.
/// </summary>
public sealed class CorpusTokenizer
{
    // A few seconds of work.
    private const int DocumentsPerNote = 500;

    private readonly string _text;
    private readonly WordPiece _pieces;
    private readonly string _folder;

    private CorpusTokenizer(string text, WordPiece pieces, string folder) => (_text, _pieces, _folder) = (text, pieces, folder);

    /// <summary>
    /// Opens the store of a corpus, made first if it is not there. Of two processes that ask for one store, the second waits.
    /// </summary>
    /// <param name="cacheFolder">Where such stores are.</param>
    /// <param name="text">The corpus file.</param>
    /// <param name="textSha256">Its digest.</param>
    /// <param name="vocabulary">vocab.txt.</param>
    /// <param name="digests">Knows which files were already read and found sound.</param>
    /// <param name="progress">Called with the number of sentences done; may be null.</param>
    /// <param name="cancellation">Stops the work, which then resumes where it was.</param>
    /// <exception cref="ReplicationException">The corpus is empty, is not UTF-8, has a line that is too long, or the vocabulary has more
    /// than 65,536 tokens.</exception>
    public static TokenStore OpenOrTokenize(
        string cacheFolder, string text, string textSha256, string vocabulary, FileDigests digests, Action<long>? progress,
        CancellationToken cancellation)
    {
        var folder = Path.Combine(cacheFolder, new TokenStoreKey(textSha256, digests.Of(vocabulary)).Name);
        if (TokenStore.TryOpen(folder, digests) is { } found)
            return found;
        using var held =
            FolderLock.Acquire(folder, "The corpus's token store", Timeout.InfiniteTimeSpan, null, TimeProvider.System, cancellation);
        if (TokenStore.TryOpen(folder, digests) is { } written)
            return written;
        AtomicFile.DiscardLeftovers(folder);
        var pieces = WordPiece.FromVocabulary(vocabulary);
        if (pieces.VocabularySize > ushort.MaxValue + 1)
            throw new ReplicationException(
                $"{vocabulary} has {pieces.VocabularySize} tokens; a token store holds ids up to {ushort.MaxValue}.");
        new CorpusTokenizer(text, pieces, folder).Write(progress, cancellation);
        return TokenStore.TryOpen(folder, digests) ?? throw new ReplicationException(
            $"The token store in {folder} cannot be read back; check the disk and run the same command again.");
    }

    private void Write(Action<long>? progress, CancellationToken cancellation)
    {
        var (state, files) = Begin();
        using var tokens = files[0];
        using var sentences = files[1];
        using var documents = files[2];
        var document = new List<ushort>();
        var starts = new List<long>();

        void EndDocument(long line)
        {
            if (starts.Count == 0)
                return;
            document.Add((ushort)_pieces.Ids.Separator);
            documents.Write(MemoryMarshal.AsBytes<long>([state.Sentences]));
            sentences.Write(MemoryMarshal.AsBytes<long>(CollectionsMarshal.AsSpan(starts)));
            tokens.Write(MemoryMarshal.AsBytes<ushort>(CollectionsMarshal.AsSpan(document)));
            state = new Progress(line, state.Documents + 1, state.Sentences + starts.Count, state.Tokens + document.Count, []);
            document.Clear();
            starts.Clear();
            progress?.Invoke(state.Sentences);
            if (state.Documents % DocumentsPerNote == 0 || cancellation.IsCancellationRequested)
                Note(state, files);
            cancellation.ThrowIfCancellationRequested();
        }

        var last = state.Line;
        StorageFailure.Explain("Cannot write the token store", _folder, () =>
        {
            foreach (var (number, text) in CorpusText.Lines(_text).Where(line => line.Number > state.Line))
            {
                last = number;
                if (text.Length == 0)
                {
                    EndDocument(number);
                    continue;
                }
                cancellation.ThrowIfCancellationRequested();
                var ids = _pieces.Encode(text);
                if (ids.Length == 0)
                    continue;
                starts.Add(state.Tokens + document.Count);
                foreach (var id in ids)
                    document.Add((ushort)id);
            }
            EndDocument(last);
            return true;
        });
        if (state.Tokens == 0)
            throw CorpusText.Empty(_text);
        Note(state, files);
        var header = new TokenStoreHeader(
            state.Documents, state.Sentences, state.Tokens, _pieces.Ids.Separator, _pieces.Ids.Classification, _pieces.Ids.Padding,
            _pieces.VocabularySize, Digests(files));
        SealedFile.Write(FilePath(TokenStoreFiles.Header), file => file.Write(Encoding.UTF8.GetBytes(Json.Text(header))));
        File.Delete(FilePath(TokenStoreFiles.Progress));
    }

    // Resumes from the files of an earlier call, if they are what it noted; else they are begun anew.
    private (Progress State, HashedFile[] Files) Begin() => StorageFailure.Explain("Cannot write the token store", _folder, () =>
    {
        if (ReadProgress() is { } noted)
        {
            long[] lengths = [noted.Tokens * sizeof(ushort), noted.Sentences * sizeof(long), noted.Documents * sizeof(long)];
            var resumed = TokenStoreFiles.All.Zip(
                lengths, (name, length) => HashedFile.TryResume(FilePath(name), length, noted.Files.GetValueOrDefault(name)))
                .OfType<HashedFile>().ToArray();
            if (resumed.Length == TokenStoreFiles.All.Length)
                return (noted, resumed);
            foreach (var file in resumed)
                file.Dispose();
        }
        File.Delete(FilePath(TokenStoreFiles.Header));
        return (new Progress(0, 0, 0, 0, []), TokenStoreFiles.All.Select(name => HashedFile.Create(FilePath(name))).ToArray());
    });

    private Progress? ReadProgress()
    {
        var path = FilePath(TokenStoreFiles.Progress);
        try
        {
            return File.Exists(path) && Json.Read<Progress>(path) is { Line: >= 0, Documents: >= 0, Sentences: >= 0, Tokens: >= 0 } noted
                ? noted
                : null;
        }
        catch (ReplicationException)
        {
            // Damaged: the text is there to begin anew with.
            return null;
        }
    }

    private void Note(Progress state, HashedFile[] files)
    {
        foreach (var file in files)
            file.Flush();
        AtomicFile.WriteText(FilePath(TokenStoreFiles.Progress), Json.Text(state with { Files = Digests(files) }));
    }

    private static Dictionary<string, string> Digests(HashedFile[] files) =>
        TokenStoreFiles.All.Zip(files).ToDictionary(pair => pair.First, pair => pair.Second.Sha256, StringComparer.Ordinal);

    private string FilePath(string name) => Path.Combine(_folder, name);

    private sealed record Progress(long Line, long Documents, long Sentences, long Tokens, Dictionary<string, string> Files);
}
