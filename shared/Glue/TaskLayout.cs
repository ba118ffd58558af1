namespace Replication.Glue;

/// <summary>How a task's files are named and laid out, as GLUE distributes them (TSV) and as the hub does (Parquet).</summary>
/// <param name="Config">The task's name on the hub.</param>
/// <param name="HubColumns">Columns of the sentences in Parquet.</param>
/// <param name="TsvColumns">Columns of the sentences in TSV.</param>
/// <param name="TsvLabel">Column of the label in TSV.</param>
/// <param name="LabelWords">Whether TSV writes the label as a word; else as its index or score.</param>
internal sealed record TaskLayout(
    string Config, IReadOnlyList<string> HubColumns, IReadOnlyList<string> TsvColumns, string TsvLabel, bool LabelWords = false)
{
    /// <summary>Column names of CoLA's TSV files for training and development, which have no header.</summary>
    public static IReadOnlyList<string> HeaderlessColumns { get; } = ["source", "label", "original label", "sentence"];

    private static readonly string[] Pair = ["sentence1", "sentence2"];

    private static readonly Dictionary<string, TaskLayout> Layouts = new(StringComparer.Ordinal)
    {
        [GlueTasks.Cola.Name] = new("cola", ["sentence"], ["sentence"], "label"),
        [GlueTasks.Sst2.Name] = new("sst2", ["sentence"], ["sentence"], "label"),
        [GlueTasks.Mrpc.Name] = new("mrpc", Pair, ["#1 String", "#2 String"], "Quality"),
        [GlueTasks.Qqp.Name] = new("qqp", ["question1", "question2"], ["question1", "question2"], "is_duplicate"),
        [GlueTasks.Stsb.Name] = new("stsb", Pair, Pair, "score"),
        [GlueTasks.Mnli.Name] = new("mnli", ["premise", "hypothesis"], Pair, "gold_label", LabelWords: true),
        [GlueTasks.Qnli.Name] = new("qnli", ["question", "sentence"], ["question", "sentence"], "label", LabelWords: true),
        [GlueTasks.Rte.Name] = new("rte", Pair, Pair, "label", LabelWords: true),
        [GlueTasks.Wnli.Name] = new("wnli", Pair, Pair, "label"),
        [GlueTasks.Diagnostic.Name] = new("ax", ["premise", "hypothesis"], Pair, "label", LabelWords: true),
    };

    /// <summary>The layout of a task.</summary>
    public static TaskLayout Of(GlueTask task) => Layouts[task.Name];

    /// <summary>The name of a split's TSV file without its ending.</summary>
    public static string TsvName(GlueTask task, GlueSplit split) =>
        task.Name == GlueTasks.Diagnostic.Name ? DiagnosticName : Matched(task, split, "dev");

    /// <summary>What GLUE calls the folder and the file of its diagnostic set.</summary>
    public const string DiagnosticName = "diagnostic";

    /// <summary>The name of a split on the hub.</summary>
    public static string HubName(GlueTask task, GlueSplit split) => Matched(task, split, "validation");

    private static string Matched(GlueTask task, GlueSplit split, string dev)
    {
        var matched = task.Name == GlueTasks.Mnli.Name ? "_matched" : "";
        return split switch
        {
            GlueSplit.Train => "train",
            GlueSplit.Dev => dev + matched,
            GlueSplit.Test => "test" + matched,
            GlueSplit.DevMismatched when matched != "" => dev + "_mismatched",
            GlueSplit.TestMismatched when matched != "" => "test_mismatched",
            _ => throw new ReplicationException($"{task} has no mismatched split; only {GlueTasks.Mnli} has."),
        };
    }
}
