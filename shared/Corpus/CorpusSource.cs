using System.Text.Json.Serialization;
using Replication.Bert.Tokenization;
using Replication.Runs;

namespace Replication.Corpus;

/// <summary>Which text a general distillation reads; part of a run's spec.</summary>
public sealed record CorpusSource
{
    /// <summary>Name of the text that comes with this repository.</summary>
    public const string EmbeddedName = "open";

    // Far more than a token takes in any language: a text with so many bytes for each token of a batch fills it.
    private const int BytesPerToken = 16;

    // English in BERT's vocabulary, about.
    private const int BytesOfAToken = 6;
    private const double TokensPerWord = 1.3;

    private const string Unreadable = "Cannot read the corpus";

    /// <summary>Its name in keys and signatures; the digest of the text is among the run's inputs.</summary>
    public required string Name { get; init; }

    /// <summary>Its path, if the user named one; not part of the key, since a moved file is the same text.</summary>
    [JsonIgnore]
    public string? Path { get; init; }

    /// <summary>The text in data/corpus/, about 1.15 M words.</summary>
    public static CorpusSource Embedded { get; } = new() { Name = EmbeddedName };

    /// <summary>The text given with --corpus; without it, a name that says that one is needed.</summary>
    public static CorpusSource OfUser(string? path) =>
        new() { Name = "user", Path = path is null ? null : System.IO.Path.GetFullPath(path) };

    /// <summary>Words of the text that the paper used, for estimates where none is named; not part of the key.</summary>
    [JsonIgnore]
    public long? PublishedWords { get; init; }

    /// <summary>About how many tokens it has; it is not cut into them for that.</summary>
    /// <exception cref="ReplicationException">It is not there, and no published size may be used for it.</exception>
    public long EstimatedTokens(Workspace workspace) => Path is null && workspace.AssumesPublishedSizes && PublishedWords is { } words
        ? (long)(words * TokensPerWord)
        : new FileInfo(File(workspace)).Length / BytesOfAToken;

    /// <summary>The file.</summary>
    /// <exception cref="ReplicationException">It is not there, or a corpus is needed and none was named.</exception>
    public string File(Workspace workspace)
    {
        var path = Path ?? (Name == EmbeddedName
            ? System.IO.Path.Combine(workspace.Glue.Folders.Embedded, "corpus", "open.txt.gz")
            : throw new ReplicationException(
                "This profile distils over a corpus of the user's; name one with --corpus FILE (a sentence a line, an empty line "
                + "between documents), or use --profile quick.", ReplicationException.UsageError));
        return System.IO.File.Exists(path) ? path : throw new ReplicationException(
            $"There is no corpus {path}; name a text file with --corpus.", ReplicationException.UsageError);
    }

    /// <summary>
    /// The text with its digest, as a run's input; a text that was not seen before is read whole, so that a bad line is known before any
    /// training.
    /// </summary>
    /// <exception cref="ReplicationException">It is not there, cannot be read, is empty, is not UTF-8 or has a line that is too
    /// long.</exception>
    public RunInput Input(Workspace workspace)
    {
        var file = File(workspace);
        var digest = workspace.DigestOfFile(file, Unreadable);
        var seen = System.IO.Path.Combine(workspace.CacheFolder, $"corpus-{digest[..16]}.checked");
        if (!System.IO.File.Exists(seen))
        {
            CorpusText.Check(file);
            AtomicFile.WriteText(seen, "");
        }
        return new RunInput($"corpus/{Name}", digest);
    }

    /// <summary>
    /// The same for a training; a text that may be too small for one batch is turned into tokens to know it before any training.
    /// </summary>
    /// <param name="workspace">Data, cache and device.</param>
    /// <param name="model">Model whose vocabulary is used.</param>
    /// <param name="length">Longest sequence in tokens.</param>
    /// <param name="batchSize">Sequences per step.</param>
    /// <exception cref="ReplicationException">As <see cref="Input(Workspace)"/>, or the text does not fill one batch.</exception>
    public RunInput Input(Workspace workspace, string model, int length, int batchSize)
    {
        var input = Input(workspace);
        if (new FileInfo(File(workspace)).Length >= (long)BytesPerToken * length * batchSize)
            return input;
        using var store = Open(workspace, model, null, CancellationToken.None);
        using var stream = new SequenceStream(store, length, batchSize, seed: 0);
        return input;
    }

    /// <summary>The token store for a model's vocabulary, made first if it is not there.</summary>
    /// <param name="workspace">Data, cache and device.</param>
    /// <param name="model">Model whose vocabulary is used.</param>
    /// <param name="progress">Called with the number of sentences done; may be null.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="ReplicationException">The corpus or the vocabulary cannot be used.</exception>
    public TokenStore Open(Workspace workspace, string model, Action<long>? progress, CancellationToken cancellation)
    {
        var file = File(workspace);
        var folder = workspace.Models.Folder(model);
        TokenizerFolder.RequireUncased(folder, "A corpus");
        return CorpusTokenizer.OpenOrTokenize(
            workspace.CacheFolder, file, workspace.DigestOfFile(file, Unreadable), System.IO.Path.Combine(folder, "vocab.txt"),
            workspace.Digests, progress, cancellation);
    }
}
