using Replication.Runs;

namespace Replication.Tests.Runs;

public class PlanTests
{
    [Test]
    public void Build_SharedNeeds_StandOnceAndFirst()
    {
        var teacher = new CountingRun("teacher");
        var choice = new CountingRun("choice", Parts: [new CountingRun("grid 1", Parts: [teacher]), new CountingRun("grid 2", Parts: [new CountingRun("teacher")])]);
        var plan = Plan.Build([new CountingRun("student", Parts: [choice, teacher]), new CountingRun("teacher")]);

        Assert.Multiple(() =>
        {
            Assert.That(plan.Runs.Select(r => ((CountingRun)r.Spec).Name), Is.EqualTo(new[] { "teacher", "grid 1", "grid 2", "choice", "student" }));
            Assert.That(plan.Runs[^1].Needs, Is.EqualTo(new[] { choice.SpecKey(), teacher.SpecKey() }));
        });
    }
}
