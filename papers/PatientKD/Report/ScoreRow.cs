using Replication.Runs;

namespace Replication.PatientKD.Report;

/// <summary>A row of scores: a model of the paper, and what stands in its place here.</summary>
/// <param name="Published">The model as the ledger names it.</param>
/// <param name="Here">What stands in its place; empty where nothing does.</param>
/// <param name="Who">The signature's word for it.</param>
/// <param name="Runs">Its runs of a task, one a seed; empty where there are none.</param>
internal sealed record ScoreRow(string Published, Func<TaskRuns, string> Here, Func<TaskRuns, string> Who, Func<TaskRuns, IReadOnlyList<RunSpec>> Runs)
{
    /// <summary>The 24-layer teacher of Table 5.</summary>
    public const string Deep = "bert-large-uncased";

    /// <summary>Rows of Table 1.</summary>
    public static IReadOnlyList<ScoreRow> Table1(ExperimentSet set) =>
    [
        Nothing("BERT12 (Google)"),
        Teacher("BERT12 (Teacher)", set.Teacher),
        .. from share in (int[])[2, 4]
           from method in (Method[])[Method.FT, Method.KD, Method.Skip]
           select Student($"BERT{12 / share}-{(method == Method.Skip ? "PKD" : method)}", method, set.TeacherLayers / share, set.Teacher, set.Teacher),
    ];

    /// <summary>Rows of Table 2.</summary>
    public static IReadOnlyList<ScoreRow> Table2(ExperimentSet set) =>
    [
        Student("BERT6 (PKD-Last)", Method.Last, set.TeacherLayers / 2, set.Teacher, set.Teacher),
        Student("BERT6 (PKD-Skip)", Method.Skip, set.TeacherLayers / 2, set.Teacher, set.Teacher),
    ];

    /// <summary>Rows of Table 5; those of the 24-layer teacher have a counterpart in the paper profile only.</summary>
    public static IReadOnlyList<ScoreRow> Table5(ExperimentSet set) =>
    [
        Teacher("BERT12 (Teacher)", set.Teacher),
        Teacher("BERT24 (Teacher)", Deep),
        Student("#1 BERT12->BERT6[Base]-KD", Method.KD, set.TeacherLayers / 2, set.Teacher, set.Teacher),
        Student("#2 BERT24->BERT6[Base]-KD", Method.KD, 6, Deep, set.Teacher),
        Student("#3 BERT24->BERT6[Large]-KD", Method.KD, 6, Deep, Deep),
        Student("#4 BERT24->BERT6[Large]-PKD", Method.Skip, 6, Deep, Deep),
    ];

    private static ScoreRow Nothing(string published) => new(published, _ => "", _ => "", _ => []);

    private static ScoreRow Teacher(string published, string baseModel) => new(
        published, _ => $"{baseModel}, fine-tuned", _ => $"teacher {baseModel}", task => task.Teachers.FirstOrDefault(t => t.BaseModel == baseModel).Runs ?? []);

    private static ScoreRow Student(string published, Method method, int layers, string teacher, string baseModel)
    {
        StudentRuns? Find(TaskRuns task) => task.Students.FirstOrDefault(s => s.Method == method && s.Layers == layers && s.Teacher == teacher && s.BaseModel == baseModel);
        return new ScoreRow(
            published,
            task => Find(task) is { } student ? $"{layers} layers, {student.Map?.Name ?? method.ToString()}" : "",
            task => Find(task) is { } student ? Signatures.Student(student) : "",
            task => Find(task)?.Runs ?? []);
    }
}
