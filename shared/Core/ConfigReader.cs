using System.Globalization;
using System.Text.Json;

namespace Replication.Bert;

/// <summary>Reads the geometry in config.json, and refuses what this suite would compute differently than the model means.</summary>
internal static class ConfigReader
{
    /// <summary>The one key that transformers does not know.</summary>
    public const string ReluBeforeClassifier = "relu_before_classifier";

    private const string ModelType = "model_type", PositionType = "position_embedding_type", Absolute = "absolute";

    // Keys that change what is computed and that this suite has no code for, each with what it would take.
    private static readonly (string Key, string Means)[] Refused =
    [
        ("is_decoder", "every token would see only those before it, and [CLS] itself alone"),
        ("is_encoder_decoder", "it is half of a translator"),
        ("add_cross_attention", "its layers read a second text's states"),
        ("quantization_config", "its weights are packed in a format of their own"),
    ];

    /// <summary>The geometry in a folder's config.json.</summary>
    public static BertConfig ReadGeometry(string folder)
    {
        var reader = ConfigFile.Open(folder);
        var kind = reader.Text(ModelType, "bert") switch
        {
            "bert" => EncoderKind.Bert,
            "distilbert" => EncoderKind.DistilBert,
            "roberta" => EncoderKind.Roberta,
            var other => throw reader.Bad(ModelType, other, "bert, distilbert or roberta"),
        };
        if (reader.Text(PositionType, Absolute) is var positions && positions != Absolute)
            throw reader.Bad(PositionType, positions, Absolute);
        foreach (var (key, means) in Refused)
            if (reader.Find(key) is { ValueKind: not JsonValueKind.False } value)
                throw reader.Bad(key, value.GetRawText(), $"false or absent, since {means}, which this suite does not compute");
        var keys = GeometryKeys.Of(kind);
        var config = new BertConfig
        {
            Kind = kind,
            VocabSize = reader.Whole("vocab_size", 1 << 24),
            HiddenSize = reader.Whole(keys.HiddenSize, 1 << 16),
            NumHiddenLayers = reader.Whole(keys.Layers, 1000),
            NumAttentionHeads = reader.Whole(keys.Heads, 1 << 12),
            IntermediateSize = reader.Whole(keys.IntermediateSize, 1 << 20),
            MaxPositionEmbeddings = reader.Whole("max_position_embeddings", 1 << 20),
            TypeVocabSize = kind != EncoderKind.DistilBert ? reader.Whole("type_vocab_size", 1 << 10, 2) : 0,
            PadTokenId = reader.Whole("pad_token_id", 1 << 24, kind == EncoderKind.Roberta ? 1 : 0, least: 0),
            LayerNormEps = kind != EncoderKind.DistilBert ? reader.Number("layer_norm_eps", 1e-12, 1) : 1e-12,
            InitializerRange = reader.Number("initializer_range", 0.02, 10),
            HiddenDropoutProb = reader.Number(keys.HiddenDropout, 0.1, 1),
            AttentionProbsDropoutProb = reader.Number(keys.AttentionDropout, 0.1, 1),
            ClassifierDropout = kind == EncoderKind.DistilBert
                ? reader.Number("seq_classif_dropout", 0.2, 1)
                : reader.Number("classifier_dropout", 1),
            HiddenAct = reader.Text(keys.Activation, "gelu"),
            ReluBeforeClassifier = reader.Flag(ReluBeforeClassifier),
        };
        config = config with { PrunedHeads = PrunedHeads(reader, config) };
        CheckTogether(reader, config, keys);
        return config;
    }

    /// <summary>
    /// Whether a masked language model's decoder is the table of word embeddings, as it is unless the file says otherwise.
    /// </summary>
    public static bool TiesWordEmbeddings(string folder)
    {
        var reader = ConfigFile.Open(folder);
        return reader.Find("tie_word_embeddings") is null || reader.Flag("tie_word_embeddings");
    }

    // {"layer": [heads]}, both from 0; an empty object is what transformers 4 writes for a model with all heads.
    private static Dictionary<int, IReadOnlyList<int>>? PrunedHeads(ConfigFile reader, BertConfig config)
    {
        const string Key = "pruned_heads";
        const string Wanted = "an object from layer to a list of its cut heads, at least one head of each layer left";
        if (reader.Find(Key) is not { } map)
            return null;
        if (map.ValueKind != JsonValueKind.Object)
            throw reader.Bad(Key, map.GetRawText(), Wanted);
        var pruned = new Dictionary<int, IReadOnlyList<int>>();
        foreach (var entry in map.EnumerateObject())
        {
            var heads = entry.Value.ValueKind == JsonValueKind.Array
                ? entry.Value.EnumerateArray().Select(
                    head => head.ValueKind == JsonValueKind.Number && head.TryGetInt32(out var number) ? number : -1).Distinct().ToList()
                : [-1];
            if (!int.TryParse(entry.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var layer) || layer >= config.NumHiddenLayers
                || heads.Count >= config.NumAttentionHeads || heads.Any(head => head < 0 || head >= config.NumAttentionHeads)
                    || !pruned.TryAdd(layer, heads))
                throw reader.Bad(Key, map.GetRawText(), Wanted);
        }
        return pruned.Values.Any(heads => heads.Count > 0) ? pruned : null;
    }

    private static void CheckTogether(ConfigFile reader, BertConfig config, GeometryKeys keys)
    {
        if (config.HiddenSize % config.NumAttentionHeads != 0)
            throw reader.Bad(keys.HiddenSize, $"{config.HiddenSize}", $"a multiple of {keys.Heads}, {config.NumAttentionHeads}");
        if (!BertConfig.Activations.Contains(config.HiddenAct, StringComparer.Ordinal))
            throw reader.Bad(keys.Activation, config.HiddenAct, $"one of {string.Join(", ", BertConfig.Activations)}");
        if (config.PadTokenId >= config.VocabSize)
            throw reader.Bad("pad_token_id", $"{config.PadTokenId}", $"below vocab_size, {config.VocabSize}");
        if (config.LongestInput < 1)
            throw reader.Bad(
                "max_position_embeddings", $"{config.MaxPositionEmbeddings}",
                $"above pad_token_id, {config.PadTokenId}, by two or more, since positions begin behind it");
    }
}
