namespace Replication.Bert.Tokenization;

/// <summary>How a BERT model's texts become tokens, beside its vocabulary. The defaults are those of the uncased models.</summary>
internal sealed record WordPieceSettings
{
    /// <summary>Whether letters become lower case.</summary>
    public bool Lowercases { get; init; } = true;

    /// <summary>Whether accents are taken off; null to do so where letters become lower case.</summary>
    public bool? StripsAccents { get; init; }

    /// <summary>Whether each Chinese character is a word.</summary>
    public bool SplitsIdeographs { get; init; } = true;

    /// <summary>What a piece that continues a word begins with.</summary>
    public string Continuation { get; init; } = "##";

    /// <summary>Code points of a word above which it is unknown.</summary>
    public int LongestWord { get; init; } = 100;

    /// <summary>How the special tokens are written, in the order of <see cref="SpecialTokens"/>.</summary>
    public IReadOnlyList<string> Specials { get; init; } = SpecialTokens.Texts;

    /// <summary>Tokens found before a text is split, but for the special ones.</summary>
    public IReadOnlyList<AddedToken> Added { get; init; } = [];

    /// <summary>Whether these are the uncased models' own.</summary>
    public bool IsPlain => Lowercases && StripsAccents is null or true && SplitsIdeographs && Continuation == "##" && LongestWord == 100
        && Specials.SequenceEqual(SpecialTokens.Texts) && Added.Count == 0;
}
