namespace Replication.Bert;

/// <summary>Whose layout an encoder has.</summary>
public enum EncoderKind
{
    /// <summary>BERT: token types, a pooler for classifiers, dropout after the attention's output.</summary>
    Bert,

    /// <summary>DistilBERT (Sanh et al.): the same layers without these three; a classifier has a dense layer of its own.</summary>
    DistilBert,

    /// <summary>
    /// RoBERTa (Liu et al.): BERT's layers with one token type, positions that are counted from the pad id on, and a head of its own.
    /// </summary>
    Roberta,
}

/// <summary>The geometry of a BERT encoder, with the keys of Hugging Face's config.json.</summary>
public sealed record BertConfig
{
    /// <summary>The layout.</summary>
    public EncoderKind Kind { get; init; }

    /// <summary>Number of word pieces.</summary>
    public int VocabSize { get; init; } = 30522;

    /// <summary>Width d of the hidden states.</summary>
    public int HiddenSize { get; init; } = 768;

    /// <summary>Number of transformer layers.</summary>
    public int NumHiddenLayers { get; init; } = 12;

    /// <summary>Attention heads of a layer; divides <see cref="HiddenSize"/>.</summary>
    public int NumAttentionHeads { get; init; } = 12;

    /// <summary>Width of the feed-forward network.</summary>
    public int IntermediateSize { get; init; } = 3072;

    /// <summary>Positions in the table; RoBERTa uses those behind <see cref="PadTokenId"/>.</summary>
    public int MaxPositionEmbeddings { get; init; } = 512;

    /// <summary>Longest sequence in tokens.</summary>
    public int LongestInput => Kind == EncoderKind.Roberta ? MaxPositionEmbeddings - PadTokenId - 1 : MaxPositionEmbeddings;

    /// <summary>Number of token types (sentence A and B); 0 for a model that tells no types apart.</summary>
    public int TypeVocabSize { get; init; } = 2;

    /// <summary>Epsilon of every LayerNorm.</summary>
    public double LayerNormEps { get; init; } = 1e-12;

    /// <summary>Activation of the feed-forward network; "gelu" is the exact one (erf).</summary>
    public string HiddenAct { get; init; } = "gelu";

    /// <summary>The activations that <see cref="HiddenAct"/> may name.</summary>
    public static IReadOnlyList<string> Activations { get; } = ["gelu", "relu"];

    /// <summary>Dropout after embeddings, attention output and feed-forward output.</summary>
    public double HiddenDropoutProb { get; init; } = 0.1;

    /// <summary>Dropout of the attention probabilities.</summary>
    public double AttentionProbsDropoutProb { get; init; } = 0.1;

    /// <summary>Dropout before the classifier; null for that of the hidden states, as BERT has it.</summary>
    public double? ClassifierDropout { get; init; }

    /// <summary>Standard deviation of new weights.</summary>
    public double InitializerRange { get; init; } = 0.02;

    /// <summary>
    /// A classifier reads relu(pooled) without dropout, as in TinyBERT's code; transformers knows no such model and ignores the key.
    /// </summary>
    public bool ReluBeforeClassifier { get; init; }

    /// <summary>Id of [PAD].</summary>
    public int PadTokenId { get; init; }

    /// <summary>Heads that were cut, by layer, both counted from 0 (pruned_heads of transformers up to version 4); null for none.</summary>
    public IReadOnlyDictionary<int, IReadOnlyList<int>>? PrunedHeads { get; init; }

    /// <summary>Width of a head.</summary>
    public int HeadSize => HiddenSize / NumAttentionHeads;

    /// <summary>A DistilBERT of this width with some layers, as the paper derives it from BERT.</summary>
    public BertConfig ToDistil(int layers) => this with
    {
        Kind = EncoderKind.DistilBert, NumHiddenLayers = layers, TypeVocabSize = 0, ClassifierDropout = 0.2,
    };

    /// <summary>Heads of a layer, counted from 0, after those that were cut.</summary>
    public int HeadsOf(int layer) => NumAttentionHeads - (PrunedHeads?.GetValueOrDefault(layer)?.Count ?? 0);

    /// <summary>BERT-base, uncased: 12 layers of 768.</summary>
    public static BertConfig Base { get; } = new();

    /// <summary>RoBERTa-base: 12 layers of 768, 50,265 tokens, 512 usable positions.</summary>
    public static BertConfig RobertaBase { get; } = new()
    {
        Kind = EncoderKind.Roberta, VocabSize = 50265, MaxPositionEmbeddings = 514, TypeVocabSize = 1, PadTokenId = 1, LayerNormEps = 1e-5,
    };

    /// <summary>BERT-large, uncased: 24 layers of 1024.</summary>
    public static BertConfig Large { get; } = new()
    {
        HiddenSize = 1024, NumHiddenLayers = 24, NumAttentionHeads = 16, IntermediateSize = 4096,
    };
}
