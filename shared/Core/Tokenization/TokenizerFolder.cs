namespace Replication.Bert.Tokenization;

/// <summary>The tokenizer in a model's folder.</summary>
internal static class TokenizerFolder
{
    /// <summary>Opens it.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="config">The model's geometry.</param>
    /// <exception cref="ReplicationException">A file is missing or damaged, or has more words than the model.</exception>
    public static TextTokenizer Open(string folder, BertConfig config)
    {
        TextTokenizer pieces = config.Kind == EncoderKind.Roberta ? ByteLevelBpe.Open(folder) : WordPiece.FromVocabulary(Path.Combine(folder, "vocab.txt"));
        return pieces.VocabularySize <= config.VocabSize ? pieces : throw new ReplicationException(
            $"The vocabulary of {folder} has {pieces.VocabularySize} words where its model knows {config.VocabSize}; take a folder whose {pieces.FileNames[0]} belongs to its weights.");
    }
}
