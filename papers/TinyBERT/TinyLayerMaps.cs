using Replication.Distillation;

namespace Replication.TinyBERT;

/// <summary>The strategies of Table 4.</summary>
public enum MapStrategy
{
    /// <summary>g(m) = floor(m N / M), the paper's choice: 3 6 9 12 of 12 for 4 layers, 1 3 4 6 of 6.</summary>
    Uniform,

    /// <summary>g(m) = m + N - M, the teacher's last layers.</summary>
    Top,

    /// <summary>g(m) = m, its first layers.</summary>
    Bottom,
}

/// <summary>
/// g(m), the teacher layer that student layer m learns from (section 3.1). The embeddings, layer 0, and the prediction layer
/// always learn from their own kind and are not part of the map.
/// </summary>
public static class TinyLayerMaps
{
    /// <summary>The map of a strategy for a teacher of N and a student of M layers.</summary>
    /// <exception cref="ReplicationException">The student is deeper than the teacher.</exception>
    public static LayerMap Of(MapStrategy strategy, int teacherLayers, int studentLayers)
    {
        Func<int, int> g = strategy switch
        {
            MapStrategy.Uniform => m => m * teacherLayers / studentLayers,
            MapStrategy.Top => m => m + teacherLayers - studentLayers,
            MapStrategy.Bottom => m => m,
            _ => throw new ArgumentOutOfRangeException(nameof(strategy), strategy, null),
        };
        var map = new LayerMap(
            strategy.ToString().ToLowerInvariant(), [.. Enumerable.Range(1, studentLayers).Select(m => new LayerPair(m, Math.Max(0, g(m))))]);
        map.Validate(studentLayers, teacherLayers);
        return map;
    }
}
