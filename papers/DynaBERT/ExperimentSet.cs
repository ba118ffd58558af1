using Replication.DynaBERT.Cost;
using Replication.Runs;
using Replication.Training;

namespace Replication.DynaBERT;

/// <summary>DynaBERT of one seed: its three stages.</summary>
/// <param name="Width">Stage 1, DynaBERT_W.</param>
/// <param name="Depth">Stage 2, DynaBERT.</param>
/// <param name="Final">After the final fine-tuning: what Table 1 shows.</param>
public sealed record DynaBertRuns(DynaBertSpec Width, DynaBertSpec Depth, DynaBertSpec Final);

/// <summary>An ablation's runs.</summary>
/// <param name="Name">What is left out.</param>
/// <param name="Runs">A run a seed.</param>
public sealed record AblationRuns(string Name, IReadOnlyList<DynaBertSpec> Runs);

/// <summary>A network of one size that was trained alone.</summary>
/// <param name="Width">Its m_w.</param>
/// <param name="Depth">Its m_d.</param>
/// <param name="Runs">A run a seed.</param>
public sealed record SeparateRuns(double Width, double Depth, IReadOnlyList<DynaBertSpec> Runs);

/// <summary>The runs of one task.</summary>
/// <param name="Task">The task.</param>
/// <param name="Teacher">The fine-tuned teacher, one for all seeds.</param>
/// <param name="Seeds">DynaBERT by seed.</param>
/// <param name="Ablations">Stage 1 with something left out.</param>
/// <param name="Separate">Networks trained alone.</param>
public sealed record TaskRuns(
    string Task, FineTuneSpec Teacher, IReadOnlyList<DynaBertRuns> Seeds, IReadOnlyList<AblationRuns> Ablations, IReadOnlyList<SeparateRuns> Separate);

/// <summary>What a profile runs.</summary>
/// <param name="Settings">The profile with the user's wishes.</param>
/// <param name="Tasks">The runs by task.</param>
/// <param name="Exported">The timing of exported folders at the teacher's geometry; null for none.</param>
/// <param name="StepCost">What a training step over the twelve costs; null for none.</param>
/// <param name="Speed">The timing at BERT-base's geometry; null for none.</param>
/// <param name="TeacherSpeed">The timing at the teacher's own geometry; null where that is BERT-base's, or for none.</param>
public sealed record ExperimentSet(ProfileSettings Settings, IReadOnlyList<TaskRuns> Tasks, ExportSpeedSpec? Exported, StepCostSpec? StepCost, SubNetworkSpeedSpec? Speed, SubNetworkSpeedSpec? TeacherSpeed)
{
    /// <summary>Every run that the report needs, the quickest to show something first.</summary>
    public IReadOnlyList<RunSpec> All() =>
    [
        .. new RunSpec?[] { StepCost, Speed, TeacherSpeed, Exported }.OfType<RunSpec>(),
        .. Tasks.SelectMany(task => (RunSpec[])
        [
            task.Teacher,
            .. task.Seeds.SelectMany(seed => new[] { seed.Width, seed.Depth, seed.Final }),
            .. task.Ablations.SelectMany(ablation => ablation.Runs),
            .. task.Separate.SelectMany(separate => separate.Runs),
        ]),
    ];
}
