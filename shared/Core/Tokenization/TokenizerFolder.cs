using System.Text.Json;

namespace Replication.Bert.Tokenization;

/// <summary>The tokenizer in a model's folder.</summary>
internal static class TokenizerFolder
{
    // Tables of embeddings are made larger than the vocabulary by rounding it up to one of these, for speed.
    private static readonly int[] Roundings = [1, 8, 16, 32, 64, 128];

    // Room for the special tokens of a pair, and a token.
    private const int LeastLength = 4;

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

    /// <summary>
    /// Most tokens of a text, the special ones among them: the model's positions, or what tokenizer_config.json has for model_max_length,
    /// whichever is less. transformers writes 1e30 there where nobody has set it.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="config">The model's geometry.</param>
    /// <exception cref="ReplicationException">The file has something else there than a number of tokens.</exception>
    public static int LongestInput(string folder, BertConfig config)
    {
        const string Key = "model_max_length";
        if (ConfigFile.OpenIfThere(folder, TokenizerFiles.Names[0]) is not { } settings || settings.Find(Key) is not { } value)
            return config.LongestInput;
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var most) && most >= LeastLength
            && double.IsInteger(most)
            ? (int)Math.Min(most, config.LongestInput)
            : throw settings.Bad(Key, value.GetRawText(), $"a whole number from {LeastLength}, or absent");
    }

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
