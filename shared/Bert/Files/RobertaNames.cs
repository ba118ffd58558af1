namespace Replication.Bert;

/// <summary>
/// The names that RoBERTa's files give to tensors, and this room's names for the same: BERT's, and for the head's dense layer
/// DistilBERT's, which has the same place.
/// </summary>
internal static class RobertaNames
{
    private static readonly (string Here, string Roberta)[] Beginnings =
    [
        ("bert.", "roberta."),
        ("cls.predictions.transform.dense.", "lm_head.dense."),
        ("cls.predictions.transform.LayerNorm.", "lm_head.layer_norm."),
        ("cls.predictions.bias", "lm_head.bias"),
        ("pre_classifier.", "classifier.dense."),
        ("classifier.", "classifier.out_proj."),
    ];

    /// <summary>This room's name of a tensor in RoBERTa's file; other names are left as they are.</summary>
    public static string ToHere(string stored) => Replace(stored, pair => (pair.Roberta, pair.Here));

    /// <summary>RoBERTa's name of a tensor.</summary>
    public static string FromHere(string name) => Replace(name, pair => (pair.Here, pair.Roberta));

    private static string Replace(string name, Func<(string Here, string Roberta), (string From, string To)> direction)
    {
        foreach (var (from, to) in Beginnings.Select(direction))
        {
            if (name.StartsWith(from, StringComparison.Ordinal))
                return to + name[from.Length..];
        }
        return name;
    }
}
