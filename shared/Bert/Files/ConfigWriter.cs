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
        var values = new SortedDictionary<string, JsonNode?>(StringComparer.Ordinal)
        {
            ["add_cross_attention"] = false,
            ["architectures"] = new JsonArray(architecture),
            ["attention_probs_dropout_prob"] = config.AttentionProbsDropoutProb,
            ["bos_token_id"] = null,
            ["classifier_dropout"] = null,
            ["dtype"] = "float32",
            ["eos_token_id"] = null,
            ["hidden_act"] = config.HiddenAct,
            ["hidden_dropout_prob"] = config.HiddenDropoutProb,
            ["hidden_size"] = config.HiddenSize,
            ["initializer_range"] = config.InitializerRange,
            ["intermediate_size"] = config.IntermediateSize,
            ["is_decoder"] = false,
            ["layer_norm_eps"] = config.LayerNormEps,
            ["max_position_embeddings"] = config.MaxPositionEmbeddings,
            ["model_type"] = "bert",
            ["num_attention_heads"] = config.NumAttentionHeads,
            ["num_hidden_layers"] = config.NumHiddenLayers,
            ["pad_token_id"] = config.PadTokenId,
            ["tie_word_embeddings"] = true,
            ["transformers_version"] = TransformersVersion,
            ["type_vocab_size"] = config.TypeVocabSize,
            ["use_cache"] = true,
            ["vocab_size"] = config.VocabSize,
        };
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
}
