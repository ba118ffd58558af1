using Replication.Glue;

namespace Replication.Tests.Glue;

public sealed class LabelOrderTests
{
    private static readonly GlueTask Mnli = GlueTasks.Parse("MNLI");

    [Test]
    public void Sort_NamesInAnotherOrderAndCase_AreTheTasksOrder()
    {
        var order = LabelOrder.Of("m", ["CONTRADICTION", "NEUTRAL", "ENTAILMENT"], Mnli);

        Assert.That(Mnli.Labels, Is.EqualTo(new[] { "entailment", "neutral", "contradiction" }));
        Assert.That(order.Sort([1, 2, 3]), Is.EqualTo(new float[] { 3, 2, 1 }));
        Assert.That(order.IsAssumed, Is.False);
    }

    [Test]
    public void Of_NoNames_IsAssumedAndSaidToBe() =>
        Assert.That(LabelOrder.Of("m", ["LABEL_0", "LABEL_1", "LABEL_2"], Mnli).IsAssumed, Is.True);

    [Test]
    public void Of_OtherWords_AreNamed() => Assert.That(
        () => LabelOrder.Of("m", ["yes", "maybe", "no"], Mnli),
        Throws.TypeOf<ReplicationException>().With.Message.Contains("yes, maybe, no where MNLI has"));

    [Test]
    public void Of_AnotherNumber_IsRefused() => Assert.That(
        () => LabelOrder.Of("m", ["a", "b"], Mnli),
        Throws.TypeOf<ReplicationException>().With.Message.Contains("has 2 outputs where MNLI needs 3"));
}
