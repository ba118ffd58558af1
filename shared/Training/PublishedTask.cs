using Replication.Glue;
using Replication.Glue.Race;

namespace Replication.Training;

/// <summary>A task that is not here as it is published, every row of its mean length: what an estimate of cost needs of it.</summary>
internal static class PublishedTask
{
    /// <summary>What is said beside numbers that rest on it.</summary>
    public const string Words = "estimated from published sizes, since data or model are not here";

    private const int RaceTrain = 87_866, RaceMiddleTrain = 25_421, RaceDev = 4_887;

    /// <summary>A selection.</summary>
    /// <param name="selection">The rows.</param>
    /// <param name="maxLength">Longest sequence in tokens.</param>
    /// <exception cref="ReplicationException">There is no such task.</exception>
    public static TaskData Of(TaskSelection selection, int maxLength)
    {
        var task = GlueTasks.Parse(selection.Task);
        var all = Math.Min(selection.Rows ?? int.MaxValue, Rows(task, GlueSplit.Train));
        var heldOut = (int)(all * selection.HoldOut);
        return new TaskData(task, Alike(all - heldOut), heldOut > 0
            ? [("held-out", Alike(heldOut))]
            : [.. selection.Splits(task).Skip(1).Select(split => (split.ToString(), Alike(Rows(task, split))))]);

        EncodedDataset Alike(int count)
        {
            EncodedText[] texts = [.. Enumerable.Repeat(new EncodedText(new int[Math.Min(MeanLength(task), maxLength)], 1), task.Choices)];
            return new EncodedDataset(task, [.. Enumerable.Range(0, count).Select(row => new EncodedExample(row, texts, 0))], "");
        }
    }

    // With GlueCatalog the sizes of RACE (Lai et al. 2017, Table 2).
    private static int Rows(GlueTask task, GlueSplit split) => task.Choices <= 1 ? GlueCatalog.Entry(task, split).Rows
        : split != GlueSplit.Train ? RaceDev : task.Name == RaceEncoder.Task.Name ? RaceTrain : RaceMiddleTrain;

    // In tokens of BERT's vocabulary with the special ones, of at most 128: counted over the training set, or where it is large the
    // dev set (MNLI, QNLI). QQP, IMDb and RACE are not shipped with anything that it could be counted on, and are taken to be so.
    private static int MeanLength(GlueTask task) => task.Name switch
    {
        "CoLA" => 11,
        "SST-2" => 13,
        "STS-B" => 28,
        "QQP" => 31,
        "WNLI" => 37,
        "MNLI" => 39,
        "QNLI" => 51,
        "MRPC" => 53,
        "RTE" => 67,
        "IMDb" => 290,
        _ => 390,
    };
}
