using Replication.Glue;
using Replication.Runs;
using Replication.Training;

namespace Replication.DistilBERT;

/// <summary>
/// How the stages hang together, of one variant: as it stands the paper's student, of which each variant changes one thing.
/// Replicates share the pretraining; each has its own fine-tuning.
/// </summary>
/// <param name="Profile">What the profile fixes.</param>
public sealed record Pipeline(DistilBertProfile Profile)
{
    /// <summary>What the pretraining is called.</summary>
    public string Name { get; init; } = "triple loss";

    /// <summary>How the student is pretrained.</summary>
    public PretrainingRecipe Recipe { get; init; } = Profile.Pretraining;

    /// <summary>The tasks that it is fine-tuned on.</summary>
    public IReadOnlyList<GlueTask> Tasks { get; init; } = Profile.Tasks;

    /// <summary>Whether a fine-tuned teacher, the first replicate's, takes part in the fine-tuning: "(D)".</summary>
    public bool IsDistilledTwice { get; init; }

    /// <summary>The fine-tuned student; null for a task that it is not run on.</summary>
    public RunSpec? Run(GlueTask task, int replicate) => Tasks.Contains(task) ? Student(task, replicate) : null;

    /// <summary>The fine-tuned student of any task.</summary>
    public StudentFineTuneSpec Student(GlueTask task, int replicate) => new()
    {
        Selection = Rows(task),
        Student = Pretraining(),
        BaseModel = Profile.Teacher,
        TaskTeacher = IsDistilledTwice ? Teacher(task, 1) : null,
        Recipe = Profile.FineTuning,
        Seed = replicate,
    };

    /// <summary>The pretraining.</summary>
    public PretrainSpec Pretraining() => new() { Name = Name, Corpus = Profile.Corpus, Teacher = Profile.Teacher, Recipe = Recipe };

    /// <summary>The fine-tuned teacher.</summary>
    public FineTuneSpec Teacher(GlueTask task, int replicate) =>
        new() { Selection = Rows(task), BaseModel = Profile.Teacher, Recipe = Profile.FineTuning, Seed = replicate };

    private TaskSelection Rows(GlueTask task) => new() { Task = task.Name, Rows = Profile.Rows.Of(task) };
}
