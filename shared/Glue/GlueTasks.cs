namespace Replication.Glue;

/// <summary>GLUE's nine tasks (Wang et al., 2019, table 1); the label order is the hub's.</summary>
public static class GlueTasks
{
    private static readonly GlueMetric[] AccuracyAlone = [GlueMetric.Accuracy];

    // The Patient-KD authors select on accuracy for both paraphrase tasks, so it comes before F1.
    private static readonly GlueMetric[] AccuracyAndF1 = [GlueMetric.Accuracy, GlueMetric.F1];

    /// <summary>Linguistic acceptability of a sentence.</summary>
    public static GlueTask Cola { get; } = new("CoLA", ["unacceptable", "acceptable"], IsPair: false, [GlueMetric.Matthews]);

    /// <summary>Sentiment of a phrase from a film review.</summary>
    public static GlueTask Sst2 { get; } = new("SST-2", ["negative", "positive"], IsPair: false, AccuracyAlone);

    /// <summary>Whether two sentences from the news are paraphrases.</summary>
    public static GlueTask Mrpc { get; } = new("MRPC", ["not_equivalent", "equivalent"], IsPair: true, AccuracyAndF1);

    /// <summary>Whether two questions ask the same.</summary>
    public static GlueTask Qqp { get; } = new("QQP", ["not_duplicate", "duplicate"], IsPair: true, AccuracyAndF1);

    /// <summary>Similarity of two sentences, 0 to 5.</summary>
    public static GlueTask Stsb { get; } = new("STS-B", [], IsPair: true, [GlueMetric.Pearson, GlueMetric.Spearman]);

    /// <summary>Whether a premise entails a hypothesis, contradicts it, or neither.</summary>
    public static GlueTask Mnli { get; } = new("MNLI", ["entailment", "neutral", "contradiction"], IsPair: true, AccuracyAlone);

    /// <summary>Whether a sentence answers a question.</summary>
    public static GlueTask Qnli { get; } = new("QNLI", ["entailment", "not_entailment"], IsPair: true, AccuracyAlone);

    /// <summary>Whether a premise entails a hypothesis.</summary>
    public static GlueTask Rte { get; } = new("RTE", ["entailment", "not_entailment"], IsPair: true, AccuracyAlone);

    /// <summary>Whether a sentence with its pronoun replaced follows from the original.</summary>
    public static GlueTask Wnli { get; } = new("WNLI", ["not_entailment", "entailment"], IsPair: true, AccuracyAlone);

    /// <summary>
    /// Sentiment of a film review (Maas et al., 2011): no task of GLUE, but read, trained on and scored like one; its test set is measured.
    /// </summary>
    public static GlueTask Imdb { get; } = new("IMDb", ["neg", "pos"], IsPair: false, AccuracyAlone);

    /// <summary>
    /// GLUE's diagnostic set, which has MNLI's classes and is answered by its model for the server; it is never trained on.
    /// </summary>
    public static GlueTask Diagnostic { get; } = new("AX", Mnli.Labels, IsPair: true, [GlueMetric.Matthews]);

    /// <summary>All nine, in GLUE's order.</summary>
    public static IReadOnlyList<GlueTask> All { get; } = [Cola, Sst2, Mrpc, Stsb, Qqp, Mnli, Qnli, Rte, Wnli];

    /// <summary>The task of a name such as SST-2; case and hyphens do not matter.</summary>
    /// <exception cref="ReplicationException">There is no such task; the nearest name is suggested.</exception>
    public static GlueTask Parse(string name) => Find(name) ?? throw new ReplicationException(
        $"'{name}' is not a GLUE task; there are {string.Join(", ", All)}, and {Imdb} beside "
            + $"them.{Suggestion.For(name, All.Append(Imdb).Select(task => task.Name))}",
        ReplicationException.UsageError);

    /// <summary>The task of a name, as <see cref="Parse"/> reads it; null where there is none.</summary>
    public static GlueTask? Find(string name) =>
        All.Concat([Imdb, Diagnostic, Race.RaceEncoder.Task, Race.RaceEncoder.MiddleTask])
            .FirstOrDefault(task => string.Equals(Plain(task.Name), Plain(name), StringComparison.OrdinalIgnoreCase));

    /// <summary>The splits of a task: train, dev and test, for MNLI two of each of the last.</summary>
    public static IReadOnlyList<GlueSplit> Splits(GlueTask task) => task.Name switch
    {
        _ when task.Name == Mnli.Name =>
            [GlueSplit.Train, GlueSplit.Dev, GlueSplit.DevMismatched, GlueSplit.Test, GlueSplit.TestMismatched],
        _ when task.Name == Imdb.Name => [GlueSplit.Train, GlueSplit.Dev],
        _ when task.Name == Diagnostic.Name => [GlueSplit.Test],
        _ => [GlueSplit.Train, GlueSplit.Dev, GlueSplit.Test],
    };

    /// <summary>Whether the labels of a split are kept by GLUE's server.</summary>
    public static bool IsHidden(GlueSplit split) => split is GlueSplit.Test or GlueSplit.TestMismatched;

    private static string Plain(string name) => name.Replace("-", "", StringComparison.Ordinal);
}
