
namespace Replication.PatientKD.Tests;

/// <summary>The maps that the paper and the authors' scripts name, and the rule for other depths.</summary>
public sealed class PatientLayerMapsTests
{
    [TestCase(MapKind.Skip, 12, 6, new[] { 2, 4, 6, 8, 10 }, "PKD-Skip")]
    [TestCase(MapKind.Last, 12, 6, new[] { 7, 8, 9, 10, 11 }, "PKD-Last")]
    [TestCase(MapKind.Skip, 24, 6, new[] { 4, 8, 12, 16, 20 }, "PKD-Skip")]
    [TestCase(MapKind.Skip, 6, 3, new[] { 2, 4 }, "PKD-Skip")]
    [TestCase(MapKind.Last, 6, 3, new[] { 4, 5 }, "PKD-Last")]
    [TestCase(MapKind.Script, 12, 3, new[] { 10, 11 }, "PKD (script)")]
    [TestCase(MapKind.Script, 24, 3, new[] { 8, 16 }, "PKD (script)")]
    [TestCase(MapKind.Skip, 12, 3, new[] { 4, 8 }, "PKD-Skip (ours)")]
    [TestCase(MapKind.Last, 12, 3, new[] { 10, 11 }, "PKD-Last")]
    public void Of_KnownDepths_IsThePapersMap(MapKind kind, int teacher, int student, int[] layers, string name)
    {
        var map = PatientLayerMaps.Of(kind, teacher, student);
        Assert.That(map.Pairs.Select(p => p.Teacher), Is.EqualTo(layers));
        Assert.That(map.Pairs.Select(p => p.Student), Is.EqualTo(Enumerable.Range(1, student - 1)));
        Assert.That(map.Name, Is.EqualTo(name));
    }

    [Test]
    public void Of_AnyDepths_RisesAndLeavesOutTheTeachersLast([Values(MapKind.Skip, MapKind.Last)] MapKind kind)
    {
        for (var teacher = 3; teacher <= 24; teacher++)
        {
            for (var student = 2; student < teacher; student++)
            {
                var layers = PatientLayerMaps.Of(kind, teacher, student).Pairs.Select(p => p.Teacher).ToArray();
                Assert.That(layers, Is.Ordered.Ascending.And.Unique, $"{teacher} to {student}");
                Assert.That(layers, Has.All.InRange(1, teacher - 1), $"{teacher} to {student}");
            }
        }
    }

    [Test]
    public void Of_StudentDeeperThanTeacher_IsRefused() =>
        Assert.That(() => PatientLayerMaps.Last(6, 7), Throws.TypeOf<ReplicationException>().With.Message.Contains("at least 7 layers with --teacher"));

    [Test]
    public void Of_StudentOfOneLayer_IsRefused() =>
        Assert.That(() => PatientLayerMaps.Skip(6, 1), Throws.TypeOf<ReplicationException>().With.Message.Contains("at least 2"));

    [Test]
    public void Script_DepthsWithoutScript_IsRefused() =>
        Assert.That(() => PatientLayerMaps.Script(6, 3), Throws.TypeOf<ReplicationException>().With.Message.Contains("scripts"));
}
