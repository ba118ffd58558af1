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

    [Test]
    public void Estimate_OneFinished_CountsTheRest()
    {
        using var bench = new RunBench();
        var (done, open) = (new CountingRun("done", 5), new CountingRun("open", 10));
        bench.Executor.Run(done, CancellationToken.None);

        var estimate = Plan.Build([done, open]).Estimate(bench.Workspace, bench.Store, new Calibration(100, 5));

        Assert.Multiple(() =>
        {
            Assert.That(estimate.Runs.Select(r => r.Seconds), Is.EqualTo(new[] { 7.0, 12.0 }));
            Assert.That(estimate.Runs.Select(r => r.Finished is not null), Is.EqualTo(new[] { true, false }));
            Assert.That(estimate.Remaining, Is.EqualTo(TimeSpan.FromSeconds(12)));
            Assert.That(estimate.Total, Is.EqualTo(TimeSpan.FromSeconds(19)));
        });
    }
}
