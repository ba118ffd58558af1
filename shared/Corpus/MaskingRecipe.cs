namespace Replication.Corpus;

/// <summary>How tokens are chosen and hidden for the masked language model; part of a run's spec.</summary>
public sealed record MaskingRecipe
{
    /// <summary>Share of a batch's tokens that are to be predicted.</summary>
    public double Share { get; init; } = 0.15;

    /// <summary>Share of these that become [MASK].</summary>
    public double Masked { get; init; } = 0.8;

    /// <summary>Share of these that become any token of the vocabulary; the rest stays as it is.</summary>
    public double Replaced { get; init; } = 0.1;

    /// <summary>
    /// 0 chooses all tokens alike, as BERT does. Above 0, a token that occurs c times in the corpus is chosen with a weight of
    /// max(c, 1)^-Smoothing, which favours rare ones.
    /// </summary>
    public double Smoothing { get; init; }

    /// <summary>DistilBERT's official code: rare tokens are favoured with an exponent of 0.7.</summary>
    public static MaskingRecipe OfficialCode { get; } = new() { Smoothing = 0.7 };

    /// <summary>Checks every value.</summary>
    /// <exception cref="ReplicationException">A value is out of its range; the message names it and the range.</exception>
    public MaskingRecipe Validate()
    {
        Check(Share is > 0 and < 1, "share of predicted tokens", Share, "above 0 and below 1");
        Check(Masked is >= 0 and <= 1, "share that becomes [MASK]", Masked, "from 0 to 1");
        Check(Replaced >= 0 && Masked + Replaced <= 1, "share that is replaced", Replaced,
            "at least 0, and at most 1 with the share that becomes [MASK]");
        Check(Smoothing is >= 0 and <= 10, "smoothing", Smoothing, "from 0 to 10");
        return this;
    }

    private static void Check(bool holds, string name, double value, string range)
    {
        if (!holds)
            throw new ReplicationException(
                FormattableString.Invariant($"Masking: the {name} is {value}; it must be {range}."), ReplicationException.UsageError);
    }
}
