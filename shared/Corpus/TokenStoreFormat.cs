namespace Replication.Corpus;

/// <summary>What decides a store's content.</summary>
/// <param name="TextSha256">Digest of the corpus file.</param>
/// <param name="VocabularySha256">Digest of vocab.txt.</param>
public sealed record TokenStoreKey(string TextSha256, string VocabularySha256)
{
    /// <summary>Version of the layout and of the tokenizer; raised whenever either changes.</summary>
    private const int Version = 2;

    /// <summary>A folder name that no other key has.</summary>
    public string Name =>
        "corpus-" + Digest.OfText(FormattableString.Invariant($"version {Version}\n{TextSha256}\n{VocabularySha256}"))[..24];
}

/// <summary>The content of a store's store.json, which is written last: a folder without it is unfinished.</summary>
/// <param name="Documents">Documents.</param>
/// <param name="Sentences">Sentences.</param>
/// <param name="Tokens">Word pieces, the [SEP] after each document among them.</param>
/// <param name="Separator">Id of [SEP].</param>
/// <param name="Classification">Id of [CLS].</param>
/// <param name="Padding">Id of [PAD].</param>
/// <param name="VocabularySize">Word pieces in the vocabulary.</param>
/// <param name="Files">sha256 of the store's other files, by name.</param>
internal sealed record TokenStoreHeader(
    long Documents, long Sentences, long Tokens, int Separator, int Classification, int Padding, int VocabularySize,
    IReadOnlyDictionary<string, string> Files)
{
    /// <summary>Whether the files of a folder are those that were written.</summary>
    public bool Fits(string folder, FileDigests digests) => TokenStoreFiles.All.All(name => Files.GetValueOrDefault(name) is { } sha256
        && Path.Combine(folder, name) is var path && File.Exists(path) && digests.Of(path) == sha256);
}

/// <summary>
/// The files of a store's folder: uint16 ids one after another, and where sentences and documents begin, as int64 positions.
/// </summary>
internal static class TokenStoreFiles
{
    public const string Tokens = "tokens.u16", Sentences = "sentences.i64", Documents = "documents.i64", Header = "store.json",
        Progress = "progress.json";

    public static readonly string[] All = [Tokens, Sentences, Documents];

}
