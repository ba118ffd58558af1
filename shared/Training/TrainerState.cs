namespace Replication.Training;

/// <summary>What a checkpoint of a classifier's training holds besides weights and moments.</summary>
internal sealed class TrainerState : LoopState
{
    /// <summary>Scores of the last evaluation.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, double?>> Scores { get; set; } =
        new Dictionary<string, IReadOnlyDictionary<string, double?>>();

    /// <summary>Score of the best evaluation so far; null before the first, and where the last weights count.</summary>
    public double? BestScore { get; set; }

    /// <summary>Its step.</summary>
    public long BestStep { get; set; }
}
