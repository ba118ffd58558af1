using MathNet.Numerics.Statistics;
using Replication.Claims;
using Replication.Glue;
using Replication.Runs;
using Replication.Studies;

namespace Replication.TinyBERT.Report;

/// <summary>A score of one run.</summary>
/// <param name="Seed">The run's seed.</param>
/// <param name="Value">In points: a share times 100.</param>
/// <param name="Run">What it left.</param>
internal sealed record SeedScore(int Seed, double Value, FinishedRun Run);

/// <summary>Finished runs, looked up by what the tables are made of.</summary>
/// <param name="request">What the user asked for.</param>
/// <param name="find">Gives a finished run or null.</param>
internal sealed class Results(ExperimentRequest request, Func<RunSpec, FinishedRun?> find)
{
    /// <summary>The runs.</summary>
    public ExperimentSet Set { get; } = Experiments.Of(request);

    /// <summary>The profile's word.</summary>
    public string Profile => request.ProfileName();

    /// <summary>Whether teacher and geometry are the paper's; the text is the user's.</summary>
    public bool IsPapersOwn => request is { Profile: Studies.Profile.Paper, Teacher: null };

    /// <summary>Why scores may not be held against the paper's for the text's sake; null for no reason.</summary>
    public string? ShortText => PapersText.TooShort(Find(TaskPlanner.IntermediateOf(Set.Tasks[0].Main.Single(v => v.Variant == Variant.Full).Runs[0])!.General!), GeneralDistillationSpec.CorpusTokens);

    /// <summary>A run as it is in the store.</summary>
    public FinishedRun? Find(RunSpec spec) => find(spec);

    /// <summary>The score of the main metric on dev of each seed that is finished; undefined ones are left out.</summary>
    /// <param name="task">The task.</param>
    /// <param name="runs">A run a seed</param>
    public IReadOnlyList<SeedScore> Scores(string task, IReadOnlyList<RunSpec> runs) => Scores(Columns.OfTask(task), runs);

    /// <summary>The score of each seed that is finished; undefined ones are left out.</summary>
    /// <param name="column">Split and metric.</param>
    /// <param name="runs">A run a seed</param>
    public IReadOnlyList<SeedScore> Scores(ScoreColumn column, IReadOnlyList<RunSpec> runs)
    {
        var metric = GlueScorer.Name(column.Metric);
        var scores = new List<SeedScore>();
        foreach (var spec in runs)
        {
            if (find(spec) is { } run && run.Result.Scores.TryGetValue(column.Split, out var metrics) && metrics.TryGetValue(metric, out var score) && score is { } share)
                scores.Add(new SeedScore(spec.Identity().Replicate!.Value, 100 * share, run));
        }
        return scores;
    }

    /// <summary>A variant's scores; none where the profile has it not.</summary>
    public IReadOnlyList<SeedScore> Scores(TaskRuns task, Variant variant, bool ablation) =>
        (ablation ? task.Ablations : task.Main).FirstOrDefault(v => v.Variant == variant) is { } runs ? Scores(task.Task, runs.Runs) : [];

    /// <summary>Mean and spread with the line that says what they are; null where there are none.</summary>
    public Measurement? Measure(string task, string who, IReadOnlyList<SeedScore> scores) => Measure(Columns.OfTask(task), who, scores);

    /// <inheritdoc cref="Measure(string, string, IReadOnlyList{SeedScore})"/>
    public Measurement? Measure(ScoreColumn column, string who, IReadOnlyList<SeedScore> scores) => scores.Count == 0 ? null : new Measurement(
        scores.Average(s => s.Value),
        scores.Count > 1 ? scores.Select(s => s.Value).StandardDeviation() : null,
        [.. scores.Select(s => s.Seed)],
        Signature(column, who, scores));

    // The line that stands beside a measured number.
    private string Signature(ScoreColumn column, string who, IReadOnlyList<SeedScore> scores) => SignatureParts.Join(
        $"{column.Task}/{column.Split} {GlueScorer.Name(column.Metric)}",
        who,
        $"teacher {Set.Settings.Teacher} seed 1",
        Profile,
        SignatureParts.Seeds([.. scores.Select(s => s.Seed)]),
        scores[0].Run.Manifest.Environment.Device,
        SignatureParts.Runs(scores.Select(s => s.Run)));
}
