using Replication.Bert.Tokenization;
using Replication.Glue;
using Replication.Glue.Race;
using Replication.Runs;

namespace Replication.Training;

/// <summary>
/// RACE as a task's data: all passages, or those for middle school alone to train on; both schools and all of dev are measured.
/// </summary>
internal static class RaceData
{
    /// <summary>The splits that a selection reads.</summary>
    public static IEnumerable<RaceSplit> Splits(TaskSelection selection) =>
        selection.HoldOut > 0 ? [RaceSplit.Train] : [RaceSplit.Train, RaceSplit.Dev];

    /// <summary>Reads and tokenises a selection.</summary>
    public static TaskData Read(Workspace workspace, TaskSelection selection, GlueTask task, TextTokenizer pieces, int maxLength)
    {
        var source = workspace.Glue.Tasks;
        List<RaceQuestion> train = [.. source.Race(RaceSplit.Train).Questions
            .Where(question => task.Name == RaceEncoder.Task.Name || question.Level == RaceLevel.Middle)
                .Take(selection.Rows ?? int.MaxValue)];
        EncodedDataset Encoded(IReadOnlyList<RaceQuestion> questions) =>
            RaceEncoder.Encode(questions, pieces, maxLength) with { Task = task };
        if (selection.HoldOut == 0)
            return new TaskData(
                task, Encoded(train) with { Parts = new Dictionary<string, IReadOnlyList<int>>() },
                [("dev", Encoded(source.Race(RaceSplit.Dev).Questions))]);
        var (heldOut, _) = selection.HoldsOutTexts
            ? HeldOutRows.OfGroups(
                [.. train.Index().GroupBy(row => row.Item.File, row => row.Index).Select(passage => (IReadOnlyList<int>)[.. passage])],
                train.Count, selection.HoldOut)
            : HeldOutRows.OneByOne(train.Count, selection.HoldOut);
        return new TaskData(
            task,
            Encoded([.. train.Where((_, i) => !heldOut.Contains(i))]),
            [("held-out", Encoded([.. train.Where((_, i) => heldOut.Contains(i))]))]);
    }
}
