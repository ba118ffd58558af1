using Replication.Distillation;

namespace Replication.Tests.Distillation;

/// <summary>The guards of a layer map.</summary>
public sealed class LayerMapTests
{
    private static LayerMap Map(int student, int teacher) => new("test", [new LayerPair(student, teacher)]);

    [Test]
    public void Validate_LayersWithinBothDepths_Passes() => Assert.That(() => Map(3, 6).Validate(3, 6), Throws.Nothing);

    [TestCase(4, 6, "student layer 4")]
    [TestCase(-1, 6, "student layer -1")]
    [TestCase(3, 7, "teacher layer 7")]
    [TestCase(3, -1, "teacher layer -1")]
    public void Validate_LayerOutOfRange_NamesIt(int student, int teacher, string named) =>
        Assert.That(() => Map(student, teacher).Validate(3, 6), Throws.TypeOf<ReplicationException>().With.Message.Contains(named));

    [Test]
    public void Validate_StudentDeeperThanTeacher_IsRefused() =>
        Assert.That(() => Map(1, 1).Validate(7, 6),
            Throws.TypeOf<ReplicationException>().With.Message.Contains("at least 7 layers with --teacher"));
}
