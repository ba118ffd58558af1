namespace Replication.Bert;

/// <summary>
/// The names that DistilBERT's files give to tensors, and BERT's names for the same. The modules of this room have BERT's;
/// the names change where a file is read or written.
/// </summary>
internal static class DistilNames
{
    private const string Encoder = "distilbert.", Layers = "transformer.layer.", BertLayers = "bert.encoder.layer.";

    // Parts of a layer's names.
    private static readonly (string Bert, string Distil)[] InLayer =
    [
        ("attention.self.query.", "attention.q_lin."),
        ("attention.self.key.", "attention.k_lin."),
        ("attention.self.value.", "attention.v_lin."),
        ("attention.output.dense.", "attention.out_lin."),
        ("attention.output.LayerNorm.", "sa_layer_norm."),
        ("intermediate.dense.", "ffn.lin1."),
        ("output.dense.", "ffn.lin2."),
        ("output.LayerNorm.", "output_layer_norm."),
    ];

    // Beginnings of the other names.
    private static readonly (string Bert, string Distil)[] Outside =
    [
        ("bert.embeddings.", Encoder + "embeddings."),
        ("cls.predictions.transform.dense.", "vocab_transform."),
        ("cls.predictions.transform.LayerNorm.", "vocab_layer_norm."),
        ("cls.predictions.bias", "vocab_projector.bias"),
    ];

    /// <summary>BERT's name of a tensor in DistilBERT's file; other names are left as they are.</summary>
    public static string ToBert(string stored)
    {
        // A bare encoder lacks the prefix.
        var name = stored.StartsWith(Layers, StringComparison.Ordinal) ? Encoder + stored : stored;
        return name.StartsWith(Encoder + Layers, StringComparison.Ordinal)
            ? BertLayers + OfLayer(name[(Encoder + Layers).Length..], pair => (pair.Distil, pair.Bert))
            : Beginning(name, pair => (pair.Distil, pair.Bert));
    }

    /// <summary>DistilBERT's name of a tensor; names that both share are left as they are.</summary>
    public static string FromBert(string name) => name.StartsWith(BertLayers, StringComparison.Ordinal)
        ? Encoder + Layers + OfLayer(name[BertLayers.Length..], pair => (pair.Bert, pair.Distil))
        : Beginning(name, pair => (pair.Bert, pair.Distil));

    // "3.attention.q_lin.weight": the number stays, the part after it is looked up.
    private static string OfLayer(string name, Func<(string Bert, string Distil), (string From, string To)> direction)
    {
        var part = name.IndexOf('.', StringComparison.Ordinal) + 1;
        foreach (var (from, to) in InLayer.Select(direction))
        {
            if (name.AsSpan(part).StartsWith(from, StringComparison.Ordinal))
                return string.Concat(name.AsSpan(0, part), to, name.AsSpan(part + from.Length));
        }
        return name;
    }

    private static string Beginning(string name, Func<(string Bert, string Distil), (string From, string To)> direction)
    {
        foreach (var (from, to) in Outside.Select(direction))
        {
            if (name.StartsWith(from, StringComparison.Ordinal))
                return to + name[from.Length..];
        }
        return name;
    }
}
