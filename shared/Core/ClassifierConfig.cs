using System.Globalization;
using System.Text.Json;

namespace Replication.Bert;

/// <summary>Reads what config.json says of a classifier: its classes, its kind of problem, its head.</summary>
internal static class ClassifierConfig
{
    private const string Problem = "problem_type", Regression = "regression", OneLabel = "single_label_classification",
        ManyLabels = "multi_label_classification";

    private static readonly string[] LabelCounts = ["num_labels", "_num_labels"];

    // What a text classifier is trained from, or is.
    private static readonly string[] TextHeads = ["SequenceClassification", "MaskedLM", "PreTraining"];

    /// <summary>The names in id2label, in the order of their ids; null where the key is missing.</summary>
    public static IReadOnlyList<string>? ReadLabels(string folder) => Labels(ConfigFile.Open(folder));

    private static string[]? Labels(ConfigFile reader)
    {
        if (reader.Find("id2label") is not { } map)
            return null;
        if (map.ValueKind != JsonValueKind.Object)
            throw reader.Bad("id2label", map.GetRawText(), "an object from id to name");
        var labels = new string?[map.EnumerateObject().Count()];
        foreach (var entry in map.EnumerateObject())
        {
            if (!int.TryParse(entry.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var id) || id >= labels.Length
                || labels[id] is not null)
                throw reader.Bad("id2label", $"'{entry.Name}' among {labels.Length}", $"a name for each id from 0 to {labels.Length - 1}");
            labels[id] = entry.Value.ValueKind == JsonValueKind.String
                ? entry.Value.GetString()!
                : throw reader.Bad("id2label", entry.Value.GetRawText(), $"a text for {id}");
        }
        if (labels.GroupBy(label => label, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw reader.Bad("id2label", $"'{twice.Key}' more than once", "a name of its own for each id");
        CheckInverse(reader, labels!);
        return labels!;
    }

    // Who trained the model may have meant either; names of one map alone are what a changed default leaves behind.
    private static void CheckInverse(ConfigFile reader, string[] labels)
    {
        if (reader.Find("label2id") is not { ValueKind: JsonValueKind.Object } map)
            return;
        var ids = labels.Index().ToDictionary(label => label.Item, label => label.Index, StringComparer.Ordinal);
        foreach (var entry in map.EnumerateObject())
            if (ids.TryGetValue(entry.Name, out var id) && entry.Value.ValueKind == JsonValueKind.Number
                && entry.Value.TryGetInt32(out var number) && number != id)
                throw new ReplicationException(
                    $"{reader.Path}: '{entry.Name}' is {id} in id2label and {number} in label2id; which output is meant is not known, "
                    + $"so correct one of the two.");
    }

    /// <summary>What kind of head the class in "architectures" has.</summary>
    public static ModelHead ReadHead(string folder)
    {
        var reader = ConfigFile.Open(folder);
        var name = Architecture(reader) ?? "";
        return Enum.GetValues<ModelHead>().FirstOrDefault(head => name.EndsWith($"For{head}", StringComparison.Ordinal));
    }

    /// <summary>
    /// The names in id2label, if what the file says fits a classifier of texts with so many outputs; null where it names none.
    /// </summary>
    /// <exception cref="ReplicationException">It is a classifier of another kind, or of another number of classes; the message names file
    /// and key.</exception>
    public static IReadOnlyList<string>? Check(string folder, int outputs)
    {
        var reader = ConfigFile.Open(folder);
        if (Architecture(reader) is { } name && name.IndexOf("For", StringComparison.Ordinal) is var place and >= 0
            && !TextHeads.Contains(name[(place + 3)..], StringComparer.Ordinal))
            throw reader.Bad("architectures", name, "a class that ends in ForSequenceClassification for a model that labels texts");
        CheckProblem(reader, outputs);
        foreach (var key in LabelCounts)
            if (reader.Find(key) is { } count
                && !(count.ValueKind == JsonValueKind.Number && count.TryGetInt32(out var number) && number == outputs))
                throw reader.Bad(key, count.GetRawText(), $"{outputs}, the number of the classifier's outputs");
        var labels = Labels(reader);
        return labels is null || labels.Length == outputs
            ? labels
            : throw reader.Bad("id2label", $"a list of {labels.Length}", $"a name for each of the classifier's {outputs} outputs");
    }

    // transformers answers the three kinds differently: a softmax, a score, or for each label whether it holds.
    private static void CheckProblem(ConfigFile reader, int outputs)
    {
        switch (reader.Text(Problem, ""))
        {
            case "" or OneLabel when outputs > 1:
            case "" or Regression when outputs == 1:
                return;
            case ManyLabels:
                throw reader.Bad(Problem, ManyLabels, $"{OneLabel} or {Regression}, since a text gets one label or one score here");
            case OneLabel or Regression:
                throw reader.Bad(
                    Problem, reader.Text(Problem, ""),
                    outputs == 1
                    ? $"{Regression} for a classifier with one output"
                    : $"{OneLabel} for a classifier with {outputs} outputs");
            case var other:
                throw reader.Bad(Problem, other, $"{OneLabel} or {Regression}");
        }
    }

    private static string? Architecture(ConfigFile reader) =>
        reader.Find("architectures") is { ValueKind: JsonValueKind.Array } classes && classes.GetArrayLength() > 0
            && classes[0].ValueKind == JsonValueKind.String
            ? classes[0].GetString() : null;

    /// <summary>
    /// Whether the file is one of TinyBERT's authors, whose classifiers read relu(pooled); transformers, which has no such model, writes
    /// other keys beside theirs.
    /// </summary>
    public static bool IsOfTinyBertsAuthors(string folder)
    {
        var reader = ConfigFile.Open(folder);
        return new[] { "cell", "emb_size", "structure" }.All(key => reader.Find(key) is not null) && reader.Find("architectures") is null
            && reader.Find("transformers_version") is null;
    }
}
