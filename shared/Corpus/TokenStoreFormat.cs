namespace Replication.Corpus;

/// <summary>What decides a store's content.</summary>
/// <param name="TextSha256">Digest of the corpus file.</param>
/// <param name="VocabularySha256">Digest of vocab.txt.</param>
public sealed record TokenStoreKey(string TextSha256, string VocabularySha256)
{
    /// <summary>Version of the layout and of the tokenizer; raised whenever either changes.</summary>
    private const int Version = 1;

    /// <summary>A folder name that no other key has.</summary>
    public string Name => "corpus-" + Digest.OfText(FormattableString.Invariant($"version {Version}\n{TextSha256}\n{VocabularySha256}"))[..24];
}

/// <summary>The content of a store's store.json, which is written last: a folder without it is unfinished.</summary>
/// <param name="Documents">Documents.</param>
/// <param name="Sentences">Sentences.</param>
/// <param name="Tokens">Word pieces, the [SEP] after each document among them.</param>
/// <param name="Separator">Id of [SEP].</param>
/// <param name="Classification">Id of [CLS].</param>
/// <param name="Padding">Id of [PAD].</param>
/// <param name="VocabularySize">Word pieces in the vocabulary.</param>
internal sealed record TokenStoreHeader(long Documents, long Sentences, long Tokens, int Separator, int Classification, int Padding, int VocabularySize);

/// <summary>The files of a store's folder: uint16 ids one after another, and where sentences and documents begin, as int64 positions.</summary>
internal static class TokenStoreFiles
{
    public const string Tokens = "tokens.u16", Sentences = "sentences.i64", Documents = "documents.i64", Header = "store.json", Progress = "progress.json";
}
