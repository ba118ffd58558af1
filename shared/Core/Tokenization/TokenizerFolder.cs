namespace Replication.Bert.Tokenization;

/// <summary>The tokenizer in a model's folder.</summary>
internal static class TokenizerFolder
{
    // Tables of embeddings are made larger than the vocabulary by rounding it up to one of these, for speed.
    private static readonly int[] Roundings = [1, 8, 16, 32, 64, 128];

    /// <summary>Opens it.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="config">The model's geometry.</param>
    /// <exception cref="ReplicationException">A file is missing or damaged, asks for what this suite does not do, or has another number of
    /// words than the model.</exception>
    public static TextTokenizer Open(string folder, BertConfig config)
    {
        TextTokenizer pieces = config.Kind == EncoderKind.Roberta ? ByteLevelBpe.Open(folder) : WordPieceFolder.Open(folder);
        return Agree(pieces.VocabularySize, config.VocabSize) ? pieces : throw new ReplicationException(
            $"The vocabulary of {folder} has {pieces.VocabularySize} words where its model knows {config.VocabSize}; take a folder "
                + $"whose {pieces.FileNames[0]} belongs to its weights.");
    }

    // A few embeddings without a word are left over where words were taken out, or kept for words to come.
    private static bool Agree(int words, int embeddings) =>
        Roundings.Any(step => (words + step - 1) / step * step == embeddings)
            || (embeddings > words && embeddings - words < Math.Min(Roundings[^1], 1 + words / 10));

    /// <summary>Refuses a tokenizer that is not the uncased models', for work that knows no other.</summary>
    /// <param name="folder">The model's folder.</param>
    /// <param name="work">What is to be done, such as "augment".</param>
    /// <exception cref="ReplicationException">It is another.</exception>
    public static void RequireUncased(string folder, string work)
    {
        if (!WordPieceFolder.IsUncased(folder))
            throw new ReplicationException(
                $"{work} takes models with the uncased BERT tokenizer and its vocab.txt; that of {folder} is another.");
    }
}
