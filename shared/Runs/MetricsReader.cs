using System.Text.Json;

namespace Replication.Runs;

/// <summary>Reads the metrics.jsonl of a finished run.</summary>
public static class MetricsReader
{
    /// <summary>Its lines; none where the run kept none.</summary>
    public static IEnumerable<JsonElement> Lines(FinishedRun run)
    {
        if (run.Open(MetricsWriter.FileName) is not { } content)
            yield break;
        using var reader = new StreamReader(content);
        while (reader.ReadLine() is { } line)
        {
            using var json = JsonDocument.Parse(line);
            yield return json.RootElement.Clone();
        }
    }
}
