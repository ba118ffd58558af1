using Replication.Runs;

namespace Replication.Studies;

/// <summary>Whether a user's text is of the size that the papers pretrained on: English Wikipedia, for DistilBERT with books.</summary>
public static class PapersText
{
    // Wikipedia alone has about 2,500 million words (BERT's paper, 3.1), each of a token or more.
    private const double FewestTokens = 2e9;

    /// <summary>
    /// Why scores of models that learnt from a text may not be held against the published ones; null where it is long enough or nothing is
    /// known of it.
    /// </summary>
    /// <param name="pretraining">The finished run that read it; null for none.</param>
    /// <param name="fact">The fact of its result that counts the text's tokens.</param>
    public static string? TooShort(FinishedRun? pretraining, string fact) =>
        pretraining is not null && pretraining.Result.Facts.TryGetValue(fact, out var tokens) && tokens < FewestTokens
            ? FormattableString.Invariant(
                $"The text has {tokens / 1e6:#,0} million tokens; the paper's had more than {FewestTokens / 1e6:#,0} million.")
            : null;
}
