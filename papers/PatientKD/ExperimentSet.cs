using Replication.Distillation;
using Replication.Runs;

namespace Replication.PatientKD;

/// <summary>How a student is trained.</summary>
public enum Method
{
    /// <summary>On the labels alone.</summary>
    FT,

    /// <summary>Plain distillation.</summary>
    KD,

    /// <summary>Patient-KD with the skip map.</summary>
    Skip,

    /// <summary>Patient-KD with the last map.</summary>
    Last,
}

/// <summary>A student of a table, once a seed.</summary>
/// <param name="Method">How it is trained.</param>
/// <param name="Layers">Its layers.</param>
/// <param name="BaseModel">Where its first weights come from.</param>
/// <param name="Teacher">The teacher's base model; the student's own for <see cref="Method.FT"/>.</param>
/// <param name="Map">Layers of the patience term; null for none.</param>
/// <param name="Seeds">The seeds.</param>
/// <param name="Runs">The run of each seed: a training, or the selection whose choice stands in the table.</param>
public sealed record StudentRuns(
    Method Method, int Layers, string BaseModel, string Teacher, LayerMap? Map, IReadOnlyList<int> Seeds, IReadOnlyList<RunSpec> Runs);

/// <summary>The runs of one task.</summary>
/// <param name="Task">The task.</param>
/// <param name="Teachers">Teachers by base model: the run of each seed.</param>
/// <param name="Students">The students.</param>
public sealed record TaskRuns(
    string Task, IReadOnlyList<(string BaseModel, IReadOnlyList<RunSpec> Runs)> Teachers, IReadOnlyList<StudentRuns> Students)
{
    /// <summary>The student of a method, depth and teacher; null where the profile has none.</summary>
    public StudentRuns? Find(Method method, int layers, string teacher) =>
        Students.FirstOrDefault(s => s.Method == method && s.Layers == layers && s.Teacher == teacher);
}

/// <summary>What a profile runs.</summary>
/// <param name="Teacher">Base model of the teacher of Tables 1 and 2.</param>
/// <param name="TeacherLayers">Its depth.</param>
/// <param name="StudentLayers">Depths of the students, deepest first.</param>
/// <param name="Grid">The search.</param>
/// <param name="Tasks">The runs by task.</param>
/// <param name="Speed">The timing of Table 4; null for none.</param>
public sealed record ExperimentSet(
    string Teacher, int TeacherLayers, IReadOnlyList<int> StudentLayers, Grid Grid, IReadOnlyList<TaskRuns> Tasks, Speed.SpeedSpec? Speed)
{
    /// <summary>Every run that the report needs, the quickest to show something first.</summary>
    public IReadOnlyList<RunSpec> All() =>
    [
        .. Speed is null ? (RunSpec[])[] : [Speed],
        .. Tasks.SelectMany(t => t.Teachers.SelectMany(teacher => teacher.Runs).Concat(t.Students.SelectMany(s => s.Runs))),
        .. Searches(),
    ];

    /// <summary>The searches of hyper-parameters, each once.</summary>
    public IReadOnlyList<SelectionSpec> Searches() =>
    [
        .. Tasks.SelectMany(t => t.Teachers.SelectMany(teacher => teacher.Runs).Concat(t.Students.SelectMany(s => s.Runs)))
            .SelectMany(Behind)
            .DistinctBy(search => search.SpecKey(), StringComparer.Ordinal),
    ];

    // A run that is a choice itself, or the searches that it takes values from, first things first.
    private static IEnumerable<SelectionSpec> Behind(RunSpec run) => run switch
    {
        SelectionSpec search => [.. search.Candidates.SelectMany(Behind), search],
        PatientKdSpec { Tuning: { } tuning } => Behind(tuning.Selection),
        _ => [],
    };
}
