namespace Replication.Bert;

/// <summary>
/// Parameters and floating-point operations of an encoder, from its geometry alone. d: hidden size, i: intermediate size, n: length.
/// </summary>
public static class ModelSize
{
    /// <summary>All parameters: embeddings, layers and, where asked for, pooler and classifier.</summary>
    /// <param name="config">The geometry.</param>
    /// <param name="pooler">Whether the pooler counts.</param>
    /// <param name="classes">Outputs of the classifier; null for none.</param>
    public static long Parameters(BertConfig config, bool pooler = true, int? classes = null) =>
        Embeddings(config)
        + Enumerable.Range(0, config.NumHiddenLayers).Sum(layer => Layer(config, config.HeadsOf(layer)))
        + (pooler ? Pooler(config) : 0)
        + (classes is { } outputs ? Dense(config.HiddenSize, outputs) : 0);

    /// <summary>Word, position and type embeddings with their LayerNorm.</summary>
    public static long Embeddings(BertConfig config) =>
        ((long)(config.VocabSize + config.MaxPositionEmbeddings + config.TypeVocabSize) * config.HiddenSize) + LayerNorm(config);

    /// <summary>One transformer layer: query, key, value, output, feed-forward network, two LayerNorms.</summary>
    public static long Layer(BertConfig config) => Layer(config, config.NumAttentionHeads);

    /// <summary>
    /// The same with some of the heads only, a = heads x head size: query, key and value from d to a, output from a to d.
    /// </summary>
    public static long Layer(BertConfig config, int heads) =>
        (3 * Dense(config.HiddenSize, heads * config.HeadSize))
        + Dense(heads * config.HeadSize, config.HiddenSize)
        + Dense(config.HiddenSize, config.IntermediateSize)
        + Dense(config.IntermediateSize, config.HiddenSize)
        + (2 * LayerNorm(config));

    /// <summary>The dense layer on the [CLS] state.</summary>
    public static long Pooler(BertConfig config) => Dense(config.HiddenSize, config.HiddenSize);

    /// <summary>
    /// Floating-point operations of a forward pass over one sequence. Counted are the matrix products, two operations a multiply-add:
    /// 4 n d^2 (query, key, value, output), 2 n^2 d (scores and weighted values) and 2 n d i (feed-forward) a layer,
    /// and d^2 for the pooler, which sees one token; where heads were cut, one d of the first two terms is heads x head size. Not counted:
    /// look-ups, biases, LayerNorm, softmax, GELU, classifier.
    /// </summary>
    /// <param name="config">The geometry.</param>
    /// <param name="length">Tokens of the sequence, n.</param>
    /// <param name="pooler">Whether the pooler counts.</param>
    public static long Flops(BertConfig config, int length, bool pooler = true)
    {
        long d = config.HiddenSize, i = config.IntermediateSize, n = length;
        var layers = Enumerable.Range(0, config.NumHiddenLayers).Sum(layer =>
        {
            long a = (long)config.HeadsOf(layer) * config.HeadSize;
            return (4 * n * d * a) + (2 * n * n * a) + (2 * n * d * i);
        });
        return 2 * (layers + (pooler ? d * d : 0));
    }

    /// <summary>
    /// The same as the script of ELECTRA's authors counts it for a classifier (Clark et al. 2020), its look-up of word vectors as a product
    /// left out: matrix products, biases, softmax, GELU, LayerNorm, dropout at inference too, and the pooler at every token.
    /// </summary>
    /// <param name="config">The geometry.</param>
    /// <param name="length">Tokens of the sequence, n.</param>
    public static long ElectraFlops(BertConfig config, int length)
    {
        long d = config.HiddenSize, i = config.IntermediateSize, n = length;
        var layers = Enumerable.Range(0, config.NumHiddenLayers).Sum(layer =>
        {
            long heads = config.HeadsOf(layer), a = heads * config.HeadSize;
            var attention = (8 * d * a) + (3 * a) + (4 * a * n) + (10 * n * heads) + (6 * d) + 5;
            return attention + (4 * d * i) + (9 * i) + (11 * d);
        });
        var embeddings = (2 * d * (n + 2)) + (11 * d);
        return n * (layers + embeddings + (2 * d * d) + (11 * d));
    }

    /// <summary>All parameters with BERT's two pre-training heads: hidden words, whose decoder is tied, and next sentence.</summary>
    /// <param name="config">The geometry.</param>
    public static long PretrainingParameters(BertConfig config) =>
        Parameters(config) + Dense(config.HiddenSize, config.HiddenSize) + LayerNorm(config) + config.VocabSize
        + Dense(config.HiddenSize, 2);

    private static long Dense(long inputs, long outputs) => (inputs + 1) * outputs;

    private static long LayerNorm(BertConfig config) => 2L * config.HiddenSize;
}
