namespace Replication.Distillation;

/// <summary>A student layer and the teacher layer that it learns from; layers count from 1, 0 is the embedding output.</summary>
public readonly record struct LayerPair(int Student, int Teacher);

/// <summary>
/// Which teacher layer each of some student layers learns from. Layers count from 1; 0 is the embedding output.
/// </summary>
/// <param name="Name">How reports name the map.</param>
/// <param name="Pairs">(student layer, teacher layer), in rising order of the student layer.</param>
public sealed record LayerMap(string Name, IReadOnlyList<LayerPair> Pairs)
{
    /// <summary>Checks the map against two depths.</summary>
    /// <exception cref="ReplicationException">A layer is out of range, or the student is deeper than the teacher.</exception>
    public void Validate(int studentLayers, int teacherLayers)
    {
        if (studentLayers > teacherLayers)
            throw new ReplicationException(
                $"The student has {studentLayers} layers, more than its teacher's {teacherLayers}; name a teacher of at least "
                + $"{studentLayers} layers with --teacher.");
        foreach (var (student, teacher) in Pairs)
        {
            if (student < 0 || student > studentLayers)
                throw new ReplicationException(
                    $"Layer map {Name}: student layer {student} is out of range; it must lie between 0 and {studentLayers}.");
            if (teacher < 0 || teacher > teacherLayers)
                throw new ReplicationException(
                    $"Layer map {Name}: teacher layer {teacher} is out of range; it must lie between 0 and {teacherLayers}.");
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} {string.Join(' ', Pairs.Select(p => $"{p.Student}<{p.Teacher}"))}";
}
