using Replication.Distillation;

namespace Replication.PatientKD.Tests;

/// <summary>The maps that the paper and the authors' scripts name, and the rule for other depths.</summary>
public sealed class PatientLayerMapsTests
{
    [TestCase(nameof(PatientLayerMaps.Skip), 12, 6, new[] { 2, 4, 6, 8, 10 }, "PKD-Skip")]
    [TestCase(nameof(PatientLayerMaps.Last), 12, 6, new[] { 7, 8, 9, 10, 11 }, "PKD-Last")]
    [TestCase(nameof(PatientLayerMaps.Skip), 24, 6, new[] { 4, 8, 12, 16, 20 }, "PKD-Skip")]
    [TestCase(nameof(PatientLayerMaps.Skip), 6, 3, new[] { 2, 4 }, "PKD-Skip")]
    [TestCase(nameof(PatientLayerMaps.Last), 6, 3, new[] { 4, 5 }, "PKD-Last")]
    [TestCase(nameof(PatientLayerMaps.Script), 12, 3, new[] { 10, 11 }, "PKD (script)")]
    [TestCase(nameof(PatientLayerMaps.Script), 24, 3, new[] { 8, 16 }, "PKD (script)")]
    [TestCase(nameof(PatientLayerMaps.Skip), 12, 3, new[] { 4, 8 }, "PKD-Skip (ours)")]
    [TestCase(nameof(PatientLayerMaps.Last), 12, 3, new[] { 10, 11 }, "PKD-Last")]
    public void Of_KnownDepths_IsThePapersMap(string rule, int teacher, int student, int[] layers, string name)
    {
        var map = Map(rule, teacher, student);
        Assert.That(map.Pairs.Select(p => p.Teacher), Is.EqualTo(layers));
        Assert.That(map.Pairs.Select(p => p.Student), Is.EqualTo(Enumerable.Range(1, student - 1)));
        Assert.That(map.Name, Is.EqualTo(name));
    }

    [Test]
    public void Of_AnyDepths_RisesAndLeavesOutTheTeachersLast(
        [Values(nameof(PatientLayerMaps.Skip), nameof(PatientLayerMaps.Last))] string rule)
    {
        for (var teacher = 3; teacher <= 24; teacher++)
        {
            for (var student = 2; student < teacher; student++)
            {
                var layers = Map(rule, teacher, student).Pairs.Select(p => p.Teacher).ToArray();
                Assert.That(layers, Is.Ordered.Ascending.And.Unique, $"{teacher} to {student}");
                Assert.That(layers, Has.All.InRange(1, teacher - 1), $"{teacher} to {student}");
            }
        }
    }

    private static LayerMap Map(string rule, int teacher, int student) => rule switch
    {
        nameof(PatientLayerMaps.Skip) => PatientLayerMaps.Skip(teacher, student),
        nameof(PatientLayerMaps.Last) => PatientLayerMaps.Last(teacher, student),
        _ => PatientLayerMaps.Script(teacher, student),
    };

    [Test]
    public void Of_StudentDeeperThanTeacher_IsRefused() =>
        Assert.That(
            () => PatientLayerMaps.Last(6, 7),
            Throws.TypeOf<ReplicationException>().With.Message.Contains("at least 7 layers with --teacher"));

    [Test]
    public void Of_StudentOfOneLayer_IsRefused() =>
        Assert.That(() => PatientLayerMaps.Skip(6, 1), Throws.TypeOf<ReplicationException>().With.Message.Contains("at least 2"));

    [Test]
    public void Script_DepthsWithoutScript_IsRefused() =>
        Assert.That(() => PatientLayerMaps.Script(6, 3), Throws.TypeOf<ReplicationException>().With.Message.Contains("scripts"));
}
