using Replication.Claims;
using Replication.Glue;
using Replication.Training;

namespace Replication.Studies;

/// <summary>What a paper's profile fixes, with the user's wishes; each paper's own record adds to it.</summary>
public abstract record ProfileSettings
{
    /// <summary>The pretrained model that teachers are fine-tuned from, by name or folder.</summary>
    public required string Teacher { get; init; }

    /// <summary>GLUE tasks.</summary>
    public required IReadOnlyList<GlueTask> Tasks { get; init; }

    /// <summary>How many replicates.</summary>
    public required int Replicates { get; init; }

    /// <summary>How teachers are fine-tuned; in quick and small alike in all papers, so that they share them.</summary>
    public TrainingRecipe FineTuning { get; init; } = StandardRecipes.SmallTeacher;

    /// <summary>How students are fine-tuned where that is not as teachers are; null where it is.</summary>
    public TrainingRecipe? StudentTuning { get; init; }

    /// <summary>How students are fine-tuned.</summary>
    public TrainingRecipe OfStudents => StudentTuning is { } own ? own with { Precision = FineTuning.Precision } : FineTuning;

    /// <summary>
    /// Whether a replicate draws teacher, pretraining, general distillation and new rows anew; else all replicates share the first's, and
    /// settle no order.
    /// </summary>
    public bool IsWhole { get; init; }

    /// <summary>Whether variants that no primary order needs are left out.</summary>
    public bool PrimaryOnly { get; init; }

    /// <summary>When verdicts on orders are taken (evidence.md); null for once, over all replicates that are run.</summary>
    public LookPlan? Looks { get; init; }

    /// <summary>Training rows of a task.</summary>
    public RowLimit Rows { get; init; } = RowLimit.None;

    /// <summary>Rounds of the timings; 0 for none.</summary>
    public int SpeedRounds { get; init; }

    /// <summary>A fine-tuned teacher.</summary>
    public FineTuneSpec FineTuned(GlueTask task, int replicate = 1) => new()
    {
        Selection = RowsOf(task), BaseModel = Teacher, Recipe = FineTuning, Seed = replicate,
    };

    /// <summary>The seed of what replicates share unless they are whole.</summary>
    public int SharedSeed(int replicate) => IsWhole ? replicate : 1;

    /// <summary>Refuses profile reference for a paper of which no other program's run is at hand.</summary>
    /// <param name="paper">The paper.</param>
    protected static ReplicationException NoReference(string paper) => new(
        $"{paper} has no reference profile: there is no other program's run to compare with; use quick, small, evidence or paper.",
        ReplicationException.UsageError);

    /// <summary>The training rows of a task.</summary>
    public TaskSelection RowsOf(GlueTask task) => new() { Task = task.Name, Rows = Rows.Of(task) };
}
