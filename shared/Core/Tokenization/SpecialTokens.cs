namespace Replication.Bert.Tokenization;

/// <summary>Ids of the tokens that stand for no word.</summary>
/// <param name="Padding">[PAD].</param>
/// <param name="Unknown">[UNK].</param>
/// <param name="Classification">[CLS], the first token of every input.</param>
/// <param name="Separator">[SEP], the last token of every sentence.</param>
/// <param name="Mask">[MASK].</param>
public sealed record SpecialTokens(int Padding, int Unknown, int Classification, int Separator, int Mask)
{
    internal const string UnknownText = "[UNK]";

    /// <summary>How they are written in vocab.txt, in the order of the parameters.</summary>
    internal static IReadOnlyList<string> Texts { get; } = ["[PAD]", UnknownText, "[CLS]", "[SEP]", "[MASK]"];

    /// <summary>The same ids in the order of the parameters.</summary>
    internal IReadOnlyList<int> All => [Padding, Unknown, Classification, Separator, Mask];
}
