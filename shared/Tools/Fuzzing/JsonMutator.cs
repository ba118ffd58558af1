using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Replication.Tools.Fuzzing;

/// <summary>Changes a JSON text so that it stays JSON: nulls, other kinds, lost and repeated keys, numbers at the edge.</summary>
internal static class JsonMutator
{
    private static readonly string[] Values =
    [
        "null", "true", "0", "-1", "1", "2147483647", "-2147483648", "9223372036854775807", "1e308", "-0.5", "\"\"", "\"x\"", "\"NaN\"",
        "\"\\ud800\"", "[]", "{}", "[null]", "{\"a\":null}", "[[[[[[]]]]]]",
    ];

    /// <summary>The changed text; null for bytes that are no JSON object or array, or a line of them.</summary>
    public static byte[]? TryChange(byte[] content, RandomStream random)
    {
        try
        {
            var node = JsonNode.Parse(content);
            var places = new List<(JsonNode Parent, string? Key, int Index)>();
            Collect(node, places);
            if (places.Count == 0)
                return null;
            var (parent, key, index) = places[random.NextInt32(places.Count)];
            return Encoding.UTF8.GetBytes(Changed(node!, parent, key, index, random));
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    private static void Collect(JsonNode? node, List<(JsonNode, string?, int)> places)
    {
        if (node is JsonObject map)
        {
            foreach (var (key, value) in map)
            {
                places.Add((map, key, 0));
                Collect(value, places);
            }
        }
        else if (node is JsonArray list)
        {
            for (var i = 0; i < list.Count; i++)
            {
                places.Add((list, null, i));
                Collect(list[i], places);
            }
        }
    }

    private static string Changed(JsonNode root, JsonNode parent, string? key, int index, RandomStream random)
    {
        var kind = random.NextInt32(8);
        if (parent is JsonObject map && key is not null)
        {
            switch (kind)
            {
                case 0:
                    map.Remove(key);
                    return root.ToJsonString();
                case 1:
                    var value = map[key]?.DeepClone();
                    map.Remove(key);
                    map["renamed " + key] = value;
                    return root.ToJsonString();
                case 2:
                    // A key that appears twice, which no tree can hold.
                    const string Mark = "\u0001twice";
                    map[Mark] = map[key]?.DeepClone();
                    return root.ToJsonString()
                        .Replace(JsonSerializer.Serialize(Mark), JsonSerializer.Serialize(key), StringComparison.Ordinal);
            }
            map[key] = JsonNode.Parse(Values[random.NextInt32(Values.Length)]);
            return root.ToJsonString();
        }
        var list = (JsonArray)parent;
        if (kind == 0)
            list.RemoveAt(index);
        else if (kind == 1)
            list.Add(list[index]?.DeepClone());
        else
            list[index] = JsonNode.Parse(Values[random.NextInt32(Values.Length)]);
        return root.ToJsonString();
    }
}
