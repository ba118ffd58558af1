using Replication.Distillation;
using Replication.Glue;
using Replication.Runs;
using Replication.Studies;
using Replication.Training;

namespace Replication.DistilBERT;

/// <summary>
/// How the stages of one variant depend on each other: unchanged, it is the paper's student; each variant changes one thing.
/// Replicates share the pretraining unless they are whole; each has its own fine-tuning.
/// </summary>
/// <param name="Profile">What the profile fixes.</param>
public sealed record Pipeline(DistilBertProfile Profile)
{
    /// <summary>What the pretraining is called.</summary>
    public string Name { get; init; } = "triple loss";

    /// <summary>How the student is pretrained.</summary>
    public PretrainingRecipe Pretrained { get; init; } = Profile.Pretraining;

    /// <summary>The tasks that it is fine-tuned on.</summary>
    public IReadOnlyList<GlueTask> Tasks { get; init; } = Profile.Tasks;

    /// <summary>Whether a fine-tuned teacher, the first replicate's, takes part in the fine-tuning: "(D)".</summary>
    public bool IsDistilledTwice { get; init; }

    /// <summary>The fine-tuned student; null for a task that it is not run on.</summary>
    public RunSpec? Run(GlueTask task, int replicate) => !Tasks.Contains(task) ? null
        : task != ScoreColumn.Squad ? Student(task, replicate)
        : Answering(replicate) with
        {
            Start = Pretraining(replicate), Teacher = IsDistilledTwice ? Answering(Profile.SharedSeed(replicate)) : null,
        };

    /// <summary>The fine-tuned teacher of any task, SQuAD among them.</summary>
    public RunSpec TaughtBy(GlueTask task, int replicate) => task == ScoreColumn.Squad ? Answering(replicate) : Teacher(task, replicate);

    /// <summary>The fine-tuned student of a task that is read like GLUE's.</summary>
    public StudentFineTuneSpec Student(GlueTask task, int replicate) => new()
    {
        Selection = Rows(task),
        Student = Pretraining(replicate),
        BaseModel = Profile.Teacher,
        TaskTeacher = IsDistilledTwice ? Teacher(task, Profile.SharedSeed(replicate)) : null,
        Recipe = Recipe(task, Profile.OfStudents),
        Seed = replicate,
    };

    /// <summary>The pretraining.</summary>
    public PretrainSpec Pretraining(int replicate = 1) => new()
    {
        Name = Name, Corpus = Profile.Corpus, Teacher = Profile.Teacher, Recipe = Pretrained, Seed = Profile.SharedSeed(replicate),
    };

    /// <summary>The fine-tuned teacher.</summary>
    public FineTuneSpec Teacher(GlueTask task, int replicate) =>
        new() { Selection = Rows(task), BaseModel = Profile.Teacher, Recipe = Recipe(task, Profile.FineTuning), Seed = replicate };

    private QuestionAnsweringSpec Answering(int replicate) => new()
    {
        Selection = Profile.Squad, BaseModel = Profile.Teacher, Recipe = Profile.LongTuning, Seed = replicate,
    };

    private TrainingRecipe Recipe(GlueTask task, TrainingRecipe own) => task == GlueTasks.Imdb ? Profile.LongTuning : own;

    private TaskSelection Rows(GlueTask task) =>
        new() { Task = task.Name, Rows = task == GlueTasks.Imdb ? Profile.Reviews : Profile.Rows.Of(task) };
}
