using Replication.Glue;
using Replication.Runs;
using Replication.Training;

namespace Replication.Tests.Training;

public sealed class MeasuredRowsTests
{
    [Test]
    public void WithMeasuredRows_Classes_AddsRowsAndTheLargerClassToTheFacts()
    {
        var facts = Of(GlueTasks.Sst2, [0, 1, 1, 1]).Facts;
        Assert.That(facts.Keys, Is.EqualTo(new[] { "measured rows", "share of the larger class", "steps" }));
        Assert.That((facts[MeasuredRows.Count], facts[MeasuredRows.LargerClass], facts["steps"]), Is.EqualTo((4, 0.75, 7)));
    }

    [Test]
    public void WithMeasuredRows_Regression_HasNoLargerClass() =>
        Assert.That(Of(GlueTasks.Stsb, [1.5f, 2, 2]).Facts.Keys, Is.EqualTo(new[] { "measured rows", "steps" }));

    private static RunResult Of(GlueTask task, float[] labels)
    {
        EncodedDataset Rows(float[] values) =>
            new(task, [.. values.Select((label, row) => new EncodedExample(row, [2, 3], 2, label))], "made up");
        var data = new TaskData(task, Rows([0]), [("dev", Rows(labels)), ("dev-mm", Rows([1]))]);
        return new RunResult { Facts = new Dictionary<string, double> { ["steps"] = 7 } }.WithMeasuredRows(data);
    }
}
