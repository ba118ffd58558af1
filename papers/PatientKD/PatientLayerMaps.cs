using Replication.Distillation;

namespace Replication.PatientKD;

/// <summary>Which teacher layers a student may learn from.</summary>
public enum MapKind
{
    /// <summary>PKD-Skip: every k-th layer of the teacher.</summary>
    Skip,

    /// <summary>PKD-Last: the layers before the teacher's last.</summary>
    Last,

    /// <summary>The layers that the authors' scripts name; for students of 3 layers they are in no paper.</summary>
    Script,
}

/// <summary>
/// I_pt, the teacher layer of each student layer (section 3.2). The student's last layer is left out, as the teacher's
/// outputs already lead it; so M layers have M - 1 pairs. Layers count from 1.
/// </summary>
public static class PatientLayerMaps
{
    /// <summary>The map of a kind for a teacher of N and a student of M layers.</summary>
    /// <exception cref="ReplicationException">The student is not shallower than the teacher, or has no layer to map.</exception>
    public static LayerMap Of(MapKind kind, int teacherLayers, int studentLayers) => kind switch
    {
        MapKind.Skip => Skip(teacherLayers, studentLayers),
        MapKind.Last => Last(teacherLayers, studentLayers),
        MapKind.Script => Script(teacherLayers, studentLayers),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    /// <summary>
    /// Every N/M-th layer: 12 to 6 gives 2 4 6 8 10; 24 to 6 gives 4 8 12 16 20; 6 to 3 gives 2 4. For 12 to 3 the paper says
    /// Skip while the authors' script takes 10 and 11, so the rule's 4 8 is named "PKD-Skip (ours)".
    /// </summary>
    public static LayerMap Skip(int teacherLayers, int studentLayers)
    {
        var name = (teacherLayers, studentLayers) == (12, 3) ? "PKD-Skip (ours)" : "PKD-Skip";
        return Map(name, teacherLayers, studentLayers, j => j * teacherLayers / studentLayers);
    }

    /// <summary>The M - 1 layers before the last: 12 to 6 gives 7 8 9 10 11; 12 to 3 gives 10 11, which is also what the authors' script has.</summary>
    public static LayerMap Last(int teacherLayers, int studentLayers) =>
        Map("PKD-Last", teacherLayers, studentLayers, j => teacherLayers - studentLayers + j);

    /// <summary>The authors' scripts for a student of 3 layers: 10 11 of 12, and 8 16 of 24.</summary>
    /// <exception cref="ReplicationException">The scripts have no such pair of depths.</exception>
    public static LayerMap Script(int teacherLayers, int studentLayers) => (teacherLayers, studentLayers) switch
    {
        (12, 3) => Map("PKD (script)", 12, 3, j => 9 + j),
        (24, 3) => Map("PKD (script)", 24, 3, j => 8 * j),
        (12, 6) or (24, 6) => Skip(teacherLayers, studentLayers),
        _ => throw new ReplicationException(
            $"The authors' scripts name no layers for a teacher of {teacherLayers} and a student of {studentLayers}; use PKD-Skip or PKD-Last.", ReplicationException.UsageError),
    };

    private static LayerMap Map(string name, int teacherLayers, int studentLayers, Func<int, int> teacherLayer)
    {
        if (studentLayers < 2)
            throw new ReplicationException($"A student of {studentLayers} layer has none to map, since its last is left out; it needs at least 2.", ReplicationException.UsageError);
        var map = new LayerMap(name, [.. Enumerable.Range(1, studentLayers - 1).Select(j => new LayerPair(j, teacherLayer(j)))]);
        map.Validate(studentLayers, teacherLayers);
        return map;
    }
}
