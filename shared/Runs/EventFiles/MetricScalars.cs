using System.Text.Json;

namespace Replication.Runs;

/// <summary>
/// The numbers of a line of metrics.jsonl under TensorBoard's tags: "train/loss", "dev/accuracy", a term of the loss as "train/L_mlm".
/// </summary>
internal static class MetricScalars
{
    private const string StepName = "step", SplitName = "split", EpochName = "epoch", Training = "train";

    /// <summary>The line's numbers; what is not a number, or says which line it is, is left out.</summary>
    /// <exception cref="JsonException">The line is not JSON.</exception>
    public static StepScalars Of(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line);
        var json = JsonElement.ParseValue(ref reader);
        var split = json.TryGetProperty(SplitName, out var named) && named.ValueKind == JsonValueKind.String
            ? named.GetString()!
            : Training;
        var values = new List<KeyValuePair<string, float>>();
        foreach (var property in json.EnumerateObject().Where(p => p.Name is not (StepName or SplitName or EpochName)))
            Add(values, split, property);
        return new StepScalars(json.GetProperty(StepName).GetInt64(), values);
    }

    private static void Add(List<KeyValuePair<string, float>> values, string split, JsonProperty property)
    {
        if (property.Value.ValueKind == JsonValueKind.Object)
        {
            foreach (var term in property.Value.EnumerateObject())
                Add(values, split, term);
        }
        else if (Number(property.Value) is { } value)
        {
            values.Add(new($"{split}/{property.Name}", value));
        }
    }

    // Not-a-number and the infinities are words in JSON.
    private static float? Number(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => (float)value.GetDouble(),
        JsonValueKind.String => value.GetString() switch
        {
            "NaN" => float.NaN,
            "Infinity" => float.PositiveInfinity,
            "-Infinity" => float.NegativeInfinity,
            _ => null,
        },
        _ => null,
    };
}
