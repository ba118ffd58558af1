using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Replication.Bert;

/// <summary>Writes config.json with the keys that transformers writes, in alphabetical order.</summary>
internal static class ConfigWriter
{
    // The release whose layout is written; its reader accepts any value.
    private const string TransformersVersion = "5.24.0";

    /// <summary>The text of config.json; <paramref name="labels"/> null for a model without classifier.</summary>
    public static string Text(BertConfig config, string architecture, IReadOnlyList<string>? labels)
    {
        var values = new SortedDictionary<string, JsonNode?>(StringComparer.Ordinal);
        foreach (var (key, value) in OfBoth(config).Concat(config.Kind == EncoderKind.DistilBert ? OfDistilBert(config) : OfBert(config)))
            values[key] = value;
        values["architectures"] = new JsonArray(architecture);
        if (config.PrunedHeads is { } pruned)
        {
            values["pruned_heads"] = new JsonObject(pruned.OrderBy(p => p.Key).Select(p =>
                KeyValuePair.Create(
                    p.Key.ToString(CultureInfo.InvariantCulture),
                    (JsonNode?)new JsonArray([.. p.Value.Select(head => JsonValue.Create(head))]))));
        }
        if (config.ReluBeforeClassifier)
            values[ConfigReader.ReluBeforeClassifier] = true;
        if (labels is not null)
        {
            values["id2label"] = new JsonObject(labels.Select((label, id) =>
                KeyValuePair.Create(id.ToString(CultureInfo.InvariantCulture), (JsonNode?)label)));
            values["label2id"] = new JsonObject(labels.Select((label, id) => KeyValuePair.Create(label, (JsonNode?)id)));
        }
        if (labels is [_])
            values["problem_type"] = "regression";
        return JsonSerializer.Serialize(new JsonObject(values), Json.Indented) + "\n";
    }

    private static Dictionary<string, JsonNode?> OfBoth(BertConfig config)
    {
        var keys = GeometryKeys.Of(config.Kind);
        return new()
        {
            [keys.AttentionDropout] = config.AttentionProbsDropoutProb,
            ["bos_token_id"] = config.Kind == EncoderKind.Roberta ? 0 : null,
            ["dtype"] = "float32",
            ["eos_token_id"] = config.Kind == EncoderKind.Roberta ? 2 : null,
            [keys.Activation] = config.HiddenAct,
            [keys.HiddenDropout] = config.HiddenDropoutProb,
            [keys.HiddenSize] = config.HiddenSize,
            ["initializer_range"] = config.InitializerRange,
            [keys.IntermediateSize] = config.IntermediateSize,
            ["max_position_embeddings"] = config.MaxPositionEmbeddings,
            [keys.Heads] = config.NumAttentionHeads,
            [keys.Layers] = config.NumHiddenLayers,
            ["pad_token_id"] = config.PadTokenId,
            ["tie_word_embeddings"] = true,
            ["transformers_version"] = TransformersVersion,
            ["vocab_size"] = config.VocabSize,
        };
    }

    private static Dictionary<string, JsonNode?> OfBert(BertConfig config) => new()
    {
        ["add_cross_attention"] = false,
        ["classifier_dropout"] = config.ClassifierDropout,
        ["is_decoder"] = false,
        ["layer_norm_eps"] = config.LayerNormEps,
        ["model_type"] = config.Kind == EncoderKind.Roberta ? "roberta" : "bert",
        ["type_vocab_size"] = config.TypeVocabSize,
        ["use_cache"] = true,
    };

    private static Dictionary<string, JsonNode?> OfDistilBert(BertConfig config) => new()
    {
        ["model_type"] = "distilbert",
        // Of a question-answering head.
        ["qa_dropout"] = 0.1,
        ["seq_classif_dropout"] = config.ClassifierDropout ?? config.HiddenDropoutProb,
        // The positions are weights in the file either way.
        ["sinusoidal_pos_embds"] = false,
    };
}
