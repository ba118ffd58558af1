using System.Text.Json.Serialization;
using Replication.Bert;
using Replication.Bert.Tokenization;
using Replication.Glue;
using Replication.Runs;

namespace Replication.Training;

/// <summary>Which rows of a task a run trains on and what it is measured on; part of a run's spec.</summary>
public sealed record TaskSelection
{
    /// <summary>The task's name, such as SST-2.</summary>
    public required string Task { get; init; }

    /// <summary>Uses only the first rows of the training set; null for all.</summary>
    public int? Rows { get; init; }

    /// <summary>
    /// Share of the training rows that is held out and measured instead of the dev set, 0 for none; for choosing hyper-parameters.
    /// </summary>
    public double HoldOut { get; init; }

    /// <summary>
    /// Whether rows of one text are held out together, so that no held-out row is a part of a training row or shares a sentence with it
    /// (<see cref="HeldOutRows.ByText"/>); otherwise rows are drawn one by one, as in the first committed results.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool HoldsOutTexts { get; init; }

    /// <summary>The number of rows where it is not all of them, to begin a description with: "(2,400 rows) ", or nothing.</summary>
    public string DescribeRows() => Rows is { } rows ? FormattableString.Invariant($"({rows:N0} rows) ") : "";

    /// <summary>The splits that a run with this selection reads, with their digests.</summary>
    public IReadOnlyList<RunInput> Inputs(Workspace workspace)
    {
        var task = GlueTasks.Parse(Task);
        if (task.Choices > 1)
            return [.. RaceData.Splits(this)
                .Select(split => new RunInput($"{TaskDownload.Race}/{split}", workspace.Glue.Tasks.Race(split).Sha256))];
        return [.. Splits(task).Select(split => new RunInput($"{task.Name}/{split}", workspace.Glue.Load(task, split).Sha256))];
    }

    /// <summary>Training split and, unless rows are held out, the dev splits.</summary>
    internal IEnumerable<GlueSplit> Splits(GlueTask task)
    {
        yield return GlueSplit.Train;
        if (HoldOut > 0)
            yield break;
        yield return GlueSplit.Dev;
        if (task.Name == "MNLI")
            yield return GlueSplit.DevMismatched;
    }
}

/// <summary>A task's data, tokenised.</summary>
/// <param name="Task">The task.</param>
/// <param name="Train">Training rows.</param>
/// <param name="Evaluations">What is measured, by name: "dev" (and "dev-mm" for MNLI), or "held-out".</param>
public sealed record TaskData(GlueTask Task, EncodedDataset Train, IReadOnlyList<(string Name, EncodedDataset Data)> Evaluations)
{
    /// <summary>Reads and tokenises a selection, once per workspace.</summary>
    /// <param name="workspace">Where the data is.</param>
    /// <param name="selection">The rows.</param>
    /// <param name="model">Model whose vocabulary is used.</param>
    /// <param name="maxLength">Longest sequence in tokens.</param>
    public static TaskData Load(Workspace workspace, TaskSelection selection, string model, int maxLength)
    {
        try
        {
            return workspace.Cache.GetOrMake(
                $"task {selection} {model} {maxLength}", () => Read(workspace, selection, model, maxLength));
        }
        catch (ReplicationException) when (workspace.AssumesPublishedSizes)
        {
            return workspace.Cache.GetOrMake($"published {selection} {maxLength}", () => PublishedTask.Of(selection, maxLength));
        }
    }

    /// <summary>The rows of a selection as their file has them.</summary>
    /// <param name="workspace">Where the data is.</param>
    /// <param name="selection">The rows.</param>
    /// <returns>Those that are trained on, and those that are held out from them.</returns>
    public static (IReadOnlyList<GlueExample> Train, IReadOnlyList<GlueExample> HeldOut) Rows(Workspace workspace, TaskSelection selection)
    {
        var task = GlueTasks.Parse(selection.Task);
        var all = workspace.Glue.Load(task, GlueSplit.Train).Examples;
        var rows = all.Take(selection.Rows ?? int.MaxValue).ToList();
        if (selection.HoldOut == 0)
            return (rows, []);
        // Grouping SST-2's phrases takes seconds, and every model's vocabulary asks for it again.
        var (heldOut, leftOut) = selection.HoldsOutTexts
            ? HeldOutRows.OfGroups(
                workspace.Cache.GetOrMake($"texts of {task.Name}", () => HeldOutRows.ByText(task, all)), rows.Count, selection.HoldOut)
            : HeldOutRows.OneByOne(rows.Count, selection.HoldOut);
        return ([.. rows.Where((_, i) => !heldOut.Contains(i) && !leftOut.Contains(i))], [.. rows.Where((_, i) => heldOut.Contains(i))]);
    }

    private static TaskData Read(Workspace workspace, TaskSelection selection, string model, int maxLength)
    {
        if (selection.HoldOut is < 0 or > 0.5)
            throw new ReplicationException(
                FormattableString.Invariant($"The held-out share is {selection.HoldOut}; it must lie between 0 and 0.5."),
                ReplicationException.UsageError);
        if (selection.Rows < 1)
            throw new ReplicationException(
                $"The number of training rows is {selection.Rows}; it must be at least 1.", ReplicationException.UsageError);
        var task = GlueTasks.Parse(selection.Task);
        var pieces = ModelFolder.OpenTokenizer(workspace.Models.Folder(model));
        if (task.Choices > 1)
            return RaceData.Read(workspace, selection, task, pieces, maxLength);
        var (train, heldOut) = Rows(workspace, selection);
        return new TaskData(
            task, Encoded(GlueSplit.Train, train),
            selection.HoldOut > 0
                ? [("held-out", Encoded(GlueSplit.Train, heldOut))]
                : [.. selection.Splits(task).Skip(1).Select(split => (split == GlueSplit.Dev ? "dev" : "dev-mm", Encoded(split, null)))]);

        EncodedDataset Encoded(GlueSplit split, IReadOnlyList<GlueExample>? rows)
        {
            var all = workspace.Glue.Load(task, split);
            return Encoder.Encode(rows is null ? all : all with { Examples = rows }, pieces, maxLength);
        }
    }
}
