namespace Replication.Runs;

/// <summary>
/// What a run is among those of a paper, by which it is found again. It is not part of the run's key: several papers may share one run.
/// </summary>
/// <param name="Variant">What is trained or measured, such as "PKD-Skip, 3 layers": the same for every task and replicate.</param>
/// <param name="Task">GLUE task by name; null for a run of no task, such as a pretraining.</param>
/// <param name="Replicate">Number from 1 of the replicate, which draws anew everything that is random; null where nothing is.</param>
public sealed record RunIdentity(string Variant, string? Task, int? Replicate)
{
    /// <summary>For people, such as "SST-2 PKD-Skip, 3 layers, seed 1".</summary>
    public string Describe() =>
        FormattableString.Invariant($"{(Task is null ? "" : $"{Task} ")}{Variant}{(Replicate is null ? "" : $", seed {Replicate}")}");
}

/// <summary>A run that a paper declares.</summary>
/// <param name="Identity">What it is in that paper.</param>
/// <param name="Spec">The run.</param>
public sealed record DeclaredRun(RunIdentity Identity, RunSpec Spec)
{
    /// <summary>Whether it is left out where its data is missing, and committed evidence may lack it.</summary>
    public bool IsOptional { get; init; }
}
