using System.Text.Json;

namespace Replication.Runs;

/// <summary>A number that a run noted while it computed.</summary>
/// <param name="Split">What it was measured on: "train" for what is minimised, "dev", "train-sample", "held-out".</param>
/// <param name="Name">Such as "loss", "L_PT", "epoch", "accuracy".</param>
/// <param name="Step">Training step.</param>
/// <param name="Value">The number; a loss in single precision, which is as exact as it was computed and half as long in a file.</param>
public readonly record struct CurvePoint(string Split, string Name, int Step, double Value)
{
    /// <summary>The split of training lines, which name none.</summary>
    public const string Training = "train";

    // It follows from the recipe's schedule, so that nothing is lost by leaving it out.
    private const string LearningRate = "learningRate";

    /// <summary>The points of a run's metrics.jsonl by split, name and step; undefined scores are left out.</summary>
    /// <param name="content">The file.</param>
    /// <param name="path">Its name, for messages.</param>
    /// <exception cref="ReplicationException">A line is not what a run writes.</exception>
    internal static IReadOnlyList<CurvePoint> Read(Stream content, string path)
    {
        using var reader = new StreamReader(content);
        var points = new List<CurvePoint>();
        for (var number = 1; reader.ReadLine() is { } line; number++)
        {
            try
            {
                using var json = JsonDocument.Parse(line);
                points.AddRange(Of(json.RootElement));
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
            {
                throw new ReplicationException(
                    $"{path}, line {number}: not what a run notes ({e.Message.TrimEnd('.')}); delete the run's folder and run the "
                    + $"command that computes it again.", inner: e);
            }
        }
        return [.. Sorted(points)];
    }

    /// <summary>In the order of the ledger.</summary>
    internal static IEnumerable<CurvePoint> Sorted(IEnumerable<CurvePoint> points) =>
        points.OrderBy(p => p.Split, StringComparer.Ordinal).ThenBy(p => p.Name, StringComparer.Ordinal).ThenBy(p => p.Step);

    private static IEnumerable<CurvePoint> Of(JsonElement line)
    {
        var step = line.GetProperty("step").GetInt32();
        var split = line.TryGetProperty("split", out var name) ? name.GetString()! : Training;
        foreach (var property in line.EnumerateObject())
        {
            if (property.Value.ValueKind == JsonValueKind.Number && property.Name is not ("step" or LearningRate))
                yield return new CurvePoint(
                    split, property.Name, step, split == Training ? property.Value.GetSingle() : property.Value.GetDouble());
            else if (property.NameEquals("terms"))
            {
                foreach (var term in property.Value.EnumerateObject())
                    yield return new CurvePoint(split, term.Name, step, term.Value.GetSingle());
            }
        }
    }
}
