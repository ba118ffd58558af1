using System.Text.RegularExpressions;

namespace Replication.Glue;

/// <summary>How people spell a task's folder and the files of its splits: letter case, hyphens and underlines do not matter.</summary>
internal static partial class SplitNames
{
    private static readonly string[] Development = ["dev", "validation", "val", "valid", "development"];
    private static readonly string[] Training = ["train", "training"];
    private static readonly string[] Testing = ["test", "testing"];

    // What a table may be stored in; of these only TSV and Parquet are read.
    private static readonly string[] TableEndings =
        [".tsv", ".parquet", ".csv", ".txt", ".json", ".jsonl", ".arrow", ".gz", ".zip", ".xlsx"];

    /// <summary>Whether a folder's name stands for a task.</summary>
    public static bool IsTask(string folder, GlueTask task) =>
        Plain(folder) is var name && (name == Plain(task.Name) || name == TaskLayout.Of(task).Config);

    /// <summary>Whether a file's name, of a part of a split too, stands for a split of a task.</summary>
    public static bool IsSplit(string file, GlueTask task, GlueSplit split)
    {
        if (!IsRead(file))
            return false;
        var name = Plain(Shard().Replace(Path.GetFileNameWithoutExtension(file), ""));
        var spellings = split switch
        {
            GlueSplit.Train => Training,
            GlueSplit.Dev or GlueSplit.DevMismatched => Development,
            _ => Testing,
        };
        return spellings.Any(spelling => name == spelling + Matched(task, split));
    }

    /// <summary>Whether a file may be a table that nobody recognised.</summary>
    public static bool IsStrange(string file, GlueTask task) =>
        TableEndings.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase)
            && !GlueTasks.Splits(task).Any(split => IsSplit(file, task, split));

    /// <summary>The name of a file, or of all the parts that a split is stored in.</summary>
    public static string WithoutPart(string file) => Shard().Replace(Path.GetFileNameWithoutExtension(file), "") + Path.GetExtension(file);

    /// <summary>Whether a file is Parquet.</summary>
    public static bool IsParquet(string file) => Path.GetExtension(file).Equals(".parquet", StringComparison.OrdinalIgnoreCase);

    private static bool IsRead(string file) =>
        IsParquet(file) || Path.GetExtension(file).Equals(".tsv", StringComparison.OrdinalIgnoreCase);

    private static string Matched(GlueTask task, GlueSplit split) => task.Name != GlueTasks.Mnli.Name || split == GlueSplit.Train ? ""
        : split is GlueSplit.Dev or GlueSplit.Test ? "matched" : "mismatched";

    private static string Plain(string name) => new([.. name.Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant)]);

    [GeneratedRegex(@"-\d{5}-of-\d{5}$")]
    private static partial Regex Shard();
}
