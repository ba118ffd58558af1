namespace Replication.Tests.Core;

public sealed class LabelSetTests
{
    [TestCase(float.NaN)]
    [TestCase(float.PositiveInfinity)]
    public void ToPrediction_OutputsThatAreNoNumbers_AreRefused(float output)
    {
        using var folder = new TemporaryFolder();
        folder.Write("config.json", """{"id2label": {"0": "no", "1": "yes"}}""");
        var labels = LabelSet.Read(folder.Path, outputs: 2);

        Assert.That(() => labels.ToPrediction([0, output]),
            Throws.TypeOf<ReplicationException>().With.Message.Contains("where a number was expected"));
        Assert.That(labels.ToPrediction([0, 1]).Label, Is.EqualTo("yes"));
    }

    [Test]
    public void Read_NamesForAnotherNumberOfOutputs_AreRefused()
    {
        using var folder = new TemporaryFolder();
        folder.Write("config.json", """{"id2label": {"0": "no", "1": "yes"}}""");

        Assert.That(() => LabelSet.Read(folder.Path, outputs: 3),
            Throws.TypeOf<ReplicationException>().With.Message.Contains("id2label is a list of 2"));
    }
}
