using MathNet.Numerics.Statistics;
using Replication.Claims;
using Replication.Glue;
using Replication.Runs;
using Replication.Studies;

namespace Replication.DistilBERT.Report;

/// <summary>A score of one run on the dev set.</summary>
/// <param name="Seed">The run's seed.</param>
/// <param name="Value">The task's main metric in points: a share times 100.</param>
/// <param name="Run">What it left.</param>
internal sealed record SeedScore(int Seed, double Value, FinishedRun Run);

/// <summary>Finished runs, looked up by what the tables are made of.</summary>
/// <param name="request">What the user asked for.</param>
/// <param name="find">Gives a finished run or null.</param>
internal sealed class Results(ExperimentRequest request, Func<RunSpec, FinishedRun?> find)
{
    /// <summary>The runs.</summary>
    public ExperimentSet Set { get; } = Experiments.Of(request);

    /// <summary>What the profile fixes.</summary>
    public ProfileSettings Settings => Set.Settings;

    /// <summary>The form of the method.</summary>
    public Fidelity Fidelity => request.Fidelity;

    /// <summary>The profile's word.</summary>
    public string Profile => request.ProfileName();

    /// <summary>Whether teacher and geometry are the paper's; the text is the user's.</summary>
    public bool IsPapersOwn => request is { Profile: Studies.Profile.Paper, Teacher: null };

    /// <summary>Why scores may not be held against the paper's for the text's sake; null for no reason.</summary>
    public string? ShortText => PapersText.TooShort(Find(Set.Pretraining(Variant.Triple)), PretrainSpec.TextTokens);

    /// <summary>A run as it is in the store.</summary>
    public FinishedRun? Find(RunSpec spec) => find(spec);

    /// <summary>The score of each seed that is finished; undefined ones are left out.</summary>
    /// <param name="runs">A run a seed</param>
    /// <param name="task">The task.</param>
    public IReadOnlyList<SeedScore> Scores(IReadOnlyList<RunSpec> runs, string task)
    {
        var metric = GlueScorer.Name(GlueTasks.Parse(task).MainMetric);
        var scores = new List<SeedScore>();
        foreach (var spec in runs)
        {
            if (find(spec) is { } run && run.Result.Scores.TryGetValue("dev", out var metrics) && metrics.TryGetValue(metric, out var score) && score is { } share)
                scores.Add(new SeedScore(spec.Identity().Replicate!.Value, 100 * share, run));
        }
        return scores;
    }

    /// <summary>Median and spread over seeds, as the paper's tables have it; null where nothing is finished.</summary>
    public Measurement? Median(IReadOnlyList<RunSpec> runs, string task, string who)
    {
        var scores = Scores(runs, task);
        return scores.Count == 0 ? null : new Measurement(
            scores.Select(s => s.Value).Median(),
            scores.Count > 1 ? scores.Select(s => s.Value).StandardDeviation() : null,
            [.. scores.Select(s => s.Seed)],
            Signatures.OfScore(this, task, who, scores));
    }
}
