using Replication.Export.Benchmark;

namespace Replication.Tests.Export;

public sealed class PublishedModelsTests
{
    [TestCase("none", 0)]
    [TestCase("whole", 6)]
    [TestCase("sub-networks", 12)]
    [TestCase("TinyBERT4,sub-networks", 13)]
    public void Chosen_Words_StandForSoMany(string words, int models) =>
        Assert.That(PublishedModels.Chosen(words.Split(',')), Has.Count.EqualTo(models));

    [Test]
    public void Names_CanBeListedWithCommas() =>
        Assert.That(PublishedModels.Names, Has.None.Contains(",").And.Count.EqualTo(18).And.Unique);
}
