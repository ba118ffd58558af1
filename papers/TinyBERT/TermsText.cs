namespace Replication.TinyBERT;

/// <summary>How labels name the terms that a run leaves out.</summary>
internal static class TermsText
{
    /// <summary>Such as " without Attn", as Table 3 names its rows; empty where nothing is left out.</summary>
    public static string Without(Terms terms) => (Terms.All & ~terms) switch
    {
        0 => "",
        Terms.Transformer => " without Trm",
        Terms.Attention => " without Attn",
        Terms.Hidden => " without Hidn",
        Terms.Embedding => " without Embd",
        var missing => $" without {missing}",
    };
}
