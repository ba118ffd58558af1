using Replication.Glue;
using Replication.Runs;
using Replication.Training;

namespace Replication.DistilBERT;

/// <summary>What a profile runs, by what the tables ask for.</summary>
/// <param name="settings">The profile with the user's wishes.</param>
public sealed class ExperimentSet(ProfileSettings settings)
{
    private static readonly string[] LargeTasks = ["SST-2", "QQP", "MNLI", "QNLI"];

    /// <summary>The profile with the user's wishes.</summary>
    public ProfileSettings Settings => settings;

    /// <summary>The timing of Table 3.</summary>
    public SpeedSpec Speed { get; } = new() { Passes = settings.SpeedPasses, Vocabulary = settings.Teacher };

    /// <summary>The memory of the loss over the vocabulary.</summary>
    public VocabularyMemorySpec Memory { get; } = new();

    private IEnumerable<int> Seeds => Enumerable.Range(1, settings.Seeds);

    /// <summary>The pretraining of a variant.</summary>
    public PretrainSpec Pretraining(Variant variant) => new()
    {
        Name = variant.Name(), Corpus = settings.Corpus, Teacher = settings.Teacher, Recipe = settings.Pretraining.Of(variant),
    };

    /// <summary>Fine-tuned teachers of a task, by seed.</summary>
    public IReadOnlyList<RunSpec> Teachers(string task) =>
        [.. (settings.TeacherPerSeed ? Seeds : [1]).Select(seed => new FineTuneSpec
        {
            Selection = Selection(task), BaseModel = settings.Teacher, Recipe = settings.FineTuning, Seed = seed,
        })];

    /// <summary>Fine-tuned students of a variant on a task, by seed; none where the profile has not the variant, or not on that task.</summary>
    public IReadOnlyList<RunSpec> Students(Variant variant, string task) =>
        settings.Variants.Contains(variant) && (variant == Variant.Triple ? settings.Tasks : settings.AblationTasks).Contains(task)
            ? [.. Seeds.Select(seed => Student(variant, task, seed))]
            : [];

    /// <summary>Students of the second distillation on a task, by seed; none where the profile has none there.</summary>
    public IReadOnlyList<RunSpec> TaskDistilled(string task) => task == settings.DistilledTask && settings.Tasks.Contains(task)
        ? [.. Seeds.Select(seed => Student(Variant.Triple, task, seed) with { TaskTeacher = Teachers(task)[0] })]
        : [];

    /// <summary>Every run that the report needs, the quickest to show something first.</summary>
    public IReadOnlyList<RunSpec> All() =>
    [
        Speed,
        Memory,
        .. settings.Variants.SelectMany(variant => settings.Tasks.SelectMany(task => Students(variant, task))),
        .. settings.Tasks.SelectMany(Teachers),
        .. settings.Tasks.SelectMany(TaskDistilled),
    ];

    private StudentFineTuneSpec Student(Variant variant, string task, int seed) => new()
    {
        Selection = Selection(task), Student = Pretraining(variant), BaseModel = settings.Teacher, Recipe = settings.FineTuning, Seed = seed,
    };

    private TaskSelection Selection(string task) => new() { Task = GlueTasks.Parse(task).Name, Rows = LargeTasks.Contains(task) ? settings.Rows : null };
}
