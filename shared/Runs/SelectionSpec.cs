using System.Text.Json.Serialization;

namespace Replication.Runs;

/// <summary>
/// Chooses among finished runs, such as the points of a hyper-parameter grid, by one score. Its result is the chosen run's.
/// </summary>
public sealed record SelectionSpec : RunSpec
{
    /// <inheritdoc/>
    public override string Kind => "select";

    /// <summary>What is chosen, for people, such as "KD: alpha and T"; task and replicate are the candidates'.</summary>
    [NotInKey]
    public required string Name { get; init; }

    /// <summary>The runs, in the order that settles ties: the earlier one is kept.</summary>
    public required IReadOnlyList<RunSpec> Candidates { get; init; }

    /// <summary>Split whose score decides, such as "held-out" or "dev".</summary>
    public required string Split { get; init; }

    /// <summary>Metric that decides, such as "accuracy"; larger is better, and an undefined one is the worst.</summary>
    public required string Metric { get; init; }

    /// <summary>Name of the candidates' scores, in their order, among the samples of the result.</summary>
    [JsonIgnore]
    public string ScoresName => $"{Split} {Metric} by candidate";

    /// <summary>The candidates' task and replicate.</summary>
    public override RunIdentity Identity() => Candidates[0].Identity() with { Variant = Name };

    /// <inheritdoc/>
    public override IReadOnlyList<RunSpec> Needs() => Candidates;

    /// <inheritdoc/>
    public override IReadOnlyList<RunInput> Inputs(Workspace workspace) => [];

    /// <inheritdoc/>
    public override RunWork EstimateWork(Workspace workspace) => default;

    /// <inheritdoc/>
    public override RunResult Execute(RunContext context, CancellationToken cancellation)
    {
        var results = Candidates.Select(candidate => context.Need(candidate).Result).ToList();
        var scores = results.Select(Score).ToList();
        var best = scores.IndexOf(scores.Max());
        return results[best] with
        {
            Chosen = Candidates[best].SpecKey(),
            Samples = new SortedDictionary<string, IReadOnlyList<double>>(StringComparer.Ordinal) { [ScoresName] = scores },
        };
    }

    /// <summary>The spec that a finished selection chose.</summary>
    /// <exception cref="ReplicationException">The result names none of the candidates.</exception>
    public RunSpec ChosenBy(RunResult result) => Candidates.FirstOrDefault(candidate => candidate.SpecKey() == result.Chosen)
        ?? throw new ReplicationException(
            $"The selection '{Name}' names a run that is not one of its candidates; delete its folder and run it again.");

    // Below every real score, and a number that JSON can hold.
    private double Score(RunResult result) =>
        result.Scores.TryGetValue(Split, out var metrics) && metrics.TryGetValue(Metric, out var score) ? score ?? double.MinValue
        : throw new ReplicationException($"The selection '{Name}' needs {Metric} on {Split}, which a candidate did not measure.");
}
