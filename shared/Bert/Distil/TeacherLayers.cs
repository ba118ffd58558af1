namespace Replication.Bert.Distil;

/// <summary>Where a student's first weights come from.</summary>
public enum StudentStart
{
    /// <summary>One teacher layer out of two, from the first: the paper's words. Layers 0, 2, 4, 6, 8, 10 of 12.</summary>
    EverySecond,

    /// <summary>The layers that the authors' script takes, the first and the last among them: 0, 2, 4, 7, 9, 11 of 12.</summary>
    OfficialCode,

    /// <summary>Nothing of the teacher: the paper's ablation.</summary>
    Random,
}

/// <summary>Which teacher layers a student of half the depth starts from; they count from 0 here, as in the authors' script.</summary>
public static class TeacherLayers
{
    /// <summary>The layers of a start, in the student's order; empty for <see cref="StudentStart.Random"/>.</summary>
    /// <param name="start">Paper or official code.</param>
    /// <param name="teacherLayers">The teacher's depth N, an even number.</param>
    /// <remarks>
    /// The script knows N = 12 alone. Other depths follow the same pattern: 2i in the lower half of the student and 2i + 1 in the
    /// upper, so that the teacher's last layer is taken: 0, 2, 5 of 6.
    /// </remarks>
    /// <exception cref="ReplicationException">The depth cannot be halved.</exception>
    public static IReadOnlyList<int> Of(StudentStart start, int teacherLayers)
    {
        var students = Half(teacherLayers);
        return start switch
        {
            StudentStart.EverySecond => [.. Enumerable.Range(0, students).Select(i => 2 * i)],
            StudentStart.OfficialCode => [.. Enumerable.Range(0, students).Select(i => 2 * i < students ? 2 * i : (2 * i) + 1)],
            StudentStart.Random => [],
            _ => throw new ArgumentOutOfRangeException(nameof(start), start, null),
        };
    }

    /// <summary>The student's depth.</summary>
    /// <exception cref="ReplicationException">The depth cannot be halved.</exception>
    public static int Half(int teacherLayers) => teacherLayers >= 2 && teacherLayers % 2 == 0
        ? teacherLayers / 2
        : throw new ReplicationException(
            $"The teacher has {teacherLayers} layers, which cannot be halved; choose one with an even number.");
}
