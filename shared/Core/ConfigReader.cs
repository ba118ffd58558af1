using System.Globalization;
using System.Text.Json;

namespace Replication.Bert;

/// <summary>Reads config.json. Every mistake is named by file and key.</summary>
internal sealed class ConfigReader
{
    /// <summary>The one key that transformers does not know.</summary>
    public const string ReluBeforeClassifier = "relu_before_classifier";

    private const string ModelType = "model_type";

    private const int LongestShown = 100;

    private readonly string _path;
    private readonly JsonElement _root;

    private ConfigReader(string path, JsonElement root) => (_path, _root) = (path, root);

    /// <summary>The geometry in a folder's config.json.</summary>
    public static BertConfig ReadGeometry(string folder)
    {
        var reader = Open(folder);
        var kind = reader.Text(ModelType, "bert") switch
        {
            "bert" => EncoderKind.Bert,
            "distilbert" => EncoderKind.DistilBert,
            "roberta" => EncoderKind.Roberta,
            var other => throw reader.Bad(ModelType, other, "bert, distilbert or roberta"),
        };
        reader.Require("position_embedding_type", "absolute", "absolute");
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
            ClassifierDropout = kind == EncoderKind.DistilBert ? reader.Number("seq_classif_dropout", 0.2, 1) : reader.Number("classifier_dropout", 1),
            HiddenAct = reader.Text(keys.Activation, "gelu"),
            ReluBeforeClassifier = reader.Flag(ReluBeforeClassifier),
        };
        config = config with { PrunedHeads = reader.PrunedHeads(config) };
        reader.CheckTogether(config, keys);
        return config;
    }

    /// <summary>The names in id2label, in the order of their ids; null where the key is missing.</summary>
    public static IReadOnlyList<string>? ReadLabels(string folder)
    {
        var reader = Open(folder);
        if (!reader._root.TryGetProperty("id2label", out var map) || map.ValueKind == JsonValueKind.Null)
            return null;
        if (map.ValueKind != JsonValueKind.Object)
            throw reader.Bad("id2label", map.GetRawText(), "an object from id to name");
        var labels = new string?[map.EnumerateObject().Count()];
        foreach (var entry in map.EnumerateObject())
        {
            if (!int.TryParse(entry.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var id) || id >= labels.Length || labels[id] is not null)
                throw reader.Bad("id2label", $"'{entry.Name}' among {labels.Length}", $"a name for each id from 0 to {labels.Length - 1}");
            labels[id] = entry.Value.ValueKind == JsonValueKind.String ? entry.Value.GetString()! : throw reader.Bad("id2label", entry.Value.GetRawText(), $"a text for {id}");
        }
        if (labels.GroupBy(label => label, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw reader.Bad("id2label", $"'{twice.Key}' more than once", "a name of its own for each id");
        reader.CheckInverse(labels!);
        return labels!;
    }

    // Who trained the model may have meant either; names of one map alone are what a changed default leaves behind.
    private void CheckInverse(IReadOnlyList<string> labels)
    {
        if (!_root.TryGetProperty("label2id", out var map) || map.ValueKind != JsonValueKind.Object)
            return;
        foreach (var (id, name) in labels.Index())
        {
            if (map.TryGetProperty(name, out var other) && other.ValueKind == JsonValueKind.Number && other.TryGetInt32(out var number) && number != id)
                throw new ReplicationException($"{_path}: '{name}' is {id} in id2label and {number} in label2id; which output is meant is not known, so correct one of the two.");
        }
    }

    /// <summary>What kind of head the class in "architectures" has.</summary>
    public static ModelHead ReadHead(string folder)
    {
        var reader = Open(folder);
        if (!reader._root.TryGetProperty("architectures", out var classes) || classes.ValueKind != JsonValueKind.Array || classes.GetArrayLength() == 0)
            return ModelHead.None;
        var name = classes[0].ValueKind == JsonValueKind.String ? classes[0].GetString()! : "";
        return Enum.GetValues<ModelHead>().FirstOrDefault(head => name.EndsWith($"For{head}", StringComparison.Ordinal));
    }

    private static ConfigReader Open(string folder)
    {
        var path = Path.Combine(folder, "config.json");
        return new ConfigReader(path, JsonFile.ReadObject(path));
    }

    // {"layer": [heads]}, both from 0; an empty object is what transformers 4 writes for a model with all heads.
    private Dictionary<int, IReadOnlyList<int>>? PrunedHeads(BertConfig config)
    {
        const string Key = "pruned_heads";
        const string Wanted = "an object from layer to a list of its cut heads, at least one head of each layer left";
        if (!_root.TryGetProperty(Key, out var map) || map.ValueKind == JsonValueKind.Null)
            return null;
        if (map.ValueKind != JsonValueKind.Object)
            throw Bad(Key, map.GetRawText(), Wanted);
        var pruned = new Dictionary<int, IReadOnlyList<int>>();
        foreach (var entry in map.EnumerateObject())
        {
            var heads = entry.Value.ValueKind == JsonValueKind.Array
                ? entry.Value.EnumerateArray().Select(head => head.ValueKind == JsonValueKind.Number && head.TryGetInt32(out var number) ? number : -1).Distinct().ToList()
                : [-1];
            if (!int.TryParse(entry.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var layer) || layer >= config.NumHiddenLayers
                || heads.Count >= config.NumAttentionHeads || heads.Any(head => head < 0 || head >= config.NumAttentionHeads) || !pruned.TryAdd(layer, heads))
                throw Bad(Key, map.GetRawText(), Wanted);
        }
        return pruned.Values.Any(heads => heads.Count > 0) ? pruned : null;
    }

    private void CheckTogether(BertConfig config, GeometryKeys keys)
    {
        if (config.HiddenSize % config.NumAttentionHeads != 0)
            throw Bad(keys.HiddenSize, $"{config.HiddenSize}", $"a multiple of {keys.Heads}, {config.NumAttentionHeads}");
        if (!BertConfig.Activations.Contains(config.HiddenAct, StringComparer.Ordinal))
            throw Bad(keys.Activation, config.HiddenAct, $"one of {string.Join(", ", BertConfig.Activations)}");
        if (config.PadTokenId >= config.VocabSize)
            throw Bad("pad_token_id", $"{config.PadTokenId}", $"below vocab_size, {config.VocabSize}");
        if (config.LongestInput < 1)
            throw Bad("max_position_embeddings", $"{config.MaxPositionEmbeddings}", $"above pad_token_id, {config.PadTokenId}, by two or more, since positions begin behind it");
    }

    private void Require(string key, string value, string absent)
    {
        if (Text(key, absent) is var text && text != value)
            throw Bad(key, text, value);
    }

    private string Text(string key, string absent)
    {
        if (!_root.TryGetProperty(key, out var value) || value.ValueKind == JsonValueKind.Null)
            return absent;
        return value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Bad(key, value.GetRawText(), "a text");
    }

    private bool Flag(string key)
    {
        if (!_root.TryGetProperty(key, out var value) || value.ValueKind is JsonValueKind.Null or JsonValueKind.False)
            return false;
        return value.ValueKind == JsonValueKind.True ? true : throw Bad(key, value.GetRawText(), "true or false");
    }

    private int Whole(string key, int most, int? absent = null, int least = 1)
    {
        if (!_root.TryGetProperty(key, out var value) || value.ValueKind == JsonValueKind.Null)
            return absent ?? throw new ReplicationException($"{_path} lacks the key {key}; a BERT model has it.");
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt32(out var whole) || whole < least || whole > most)
            throw Bad(key, value.GetRawText(), $"a whole number from {least} to {most}");
        return whole;
    }

    private double Number(string key, double absent, double most) => Number(key, most) ?? absent;

    private double? Number(string key, double most)
    {
        if (!_root.TryGetProperty(key, out var value) || value.ValueKind == JsonValueKind.Null)
            return null;
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out var number) || !(number >= 0 && number < most))
            throw Bad(key, value.GetRawText(), $"a number from 0 to below {most}");
        return number;
    }

    private ReplicationException Bad(string key, string value, string wanted) =>
        new($"{_path}: {key} is {(value.Length <= LongestShown ? value : value[..LongestShown] + "...")}; it must be {wanted}.");
}
