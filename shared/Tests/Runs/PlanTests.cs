using Replication.Runs;

namespace Replication.Tests.Runs;

public class PlanTests
{
    [Test]
    public void Build_SharedNeeds_StandOnceAndFirst()
    {
        var teacher = new CountingRun("teacher");
        var choice = new CountingRun(
            "choice", Parts: [new CountingRun("grid 1", Parts: [teacher]), new CountingRun("grid 2", Parts: [new CountingRun("teacher")])]);
        var plan = Plan.Build([new CountingRun("student", Parts: [choice, teacher]), new CountingRun("teacher")]);

        Assert.Multiple(() =>
        {
            Assert.That(plan.Runs.Select(r => ((CountingRun)r.Spec).Name),
                Is.EqualTo(new[] { "teacher", "grid 1", "grid 2", "choice", "student" }));
            Assert.That(plan.Runs[^1].Needs, Is.EqualTo(new[] { choice.SpecKey(), teacher.SpecKey() }));
        });
    }

    [Test]
    public void Build_NeededRunIsDeclaredLater_TakesItsDeclaredIdentity()
    {
        var teacher = new CountingRun("teacher");
        var plan = Plan.Build([
            new DeclaredRun(new RunIdentity("KD", "SST-2", 2), new CountingRun("student", Parts: [teacher, new CountingRun("rows")])),
            new DeclaredRun(new RunIdentity("BERT12", "SST-2", 2), teacher),
            new DeclaredRun(new RunIdentity("FT", "SST-2", 2), teacher),
        ]);

        Assert.That(plan.Runs.Select(r => r.Identity.Describe()),
            Is.EqualTo(new[] { "SST-2 BERT12, seed 2", "Counting rows", "SST-2 KD, seed 2" }));
    }
}
