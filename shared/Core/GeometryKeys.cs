namespace Replication.Bert;

/// <summary>What config.json calls the parts of a geometry in each of the two layouts.</summary>
internal sealed record GeometryKeys(
    string HiddenSize, string Layers, string Heads, string IntermediateSize, string Activation, string HiddenDropout,
    string AttentionDropout)
{
    private static readonly GeometryKeys Bert = new(
        "hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size", "hidden_act", "hidden_dropout_prob",
        "attention_probs_dropout_prob");

    private static readonly GeometryKeys Distil =
        new("dim", "n_layers", "n_heads", "hidden_dim", "activation", "dropout", "attention_dropout");

    /// <summary>The keys of a layout.</summary>
    public static GeometryKeys Of(EncoderKind kind) => kind == EncoderKind.DistilBert ? Distil : Bert;
}
