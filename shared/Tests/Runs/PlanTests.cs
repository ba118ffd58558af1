using Replication.Runs;
using Replication.Training;

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

    [Test]
    public void Label_RunsOfOneIdentity_SaysWhatSetsThemApartAndNoMore()
    {
        RunSpec Of(double rate, int batch, string teacher) => new LearningRun(
            new TrainingRecipe { LearningRate = rate, BatchSize = batch }, new CountingRun(teacher));

        var plan = Plan.Build([Of(1e-5, 16, "base"), Of(1e-5, 32, "base"), Of(2e-5, 32, "base"), Of(2e-5, 32, "large")]);

        Assert.That(plan.Runs.Where(run => run.Spec is LearningRun).Select(run => run.Label), Is.EqualTo(new[]
        {
            "SST-2 KD, seed 1, batch size 16, learning rate 1E-05, teacher name base",
            "SST-2 KD, seed 1, batch size 32, learning rate 1E-05, teacher name base",
            "SST-2 KD, seed 1, batch size 32, learning rate 2E-05, teacher name base",
            "SST-2 KD, seed 1, batch size 32, learning rate 2E-05, teacher name large",
        }));
    }

    [Test]
    public void Label_RunOfAnIdentityOfItsOwn_IsItsIdentity() => Assert.That(
        Plan.Build([new CountingRun("one"), new CountingRun("two", Steps: 6)]).Runs.Select(run => run.Label),
        Is.EqualTo(new[] { "Counting one", "Counting two" }));

    private sealed record LearningRun(TrainingRecipe Recipe, CountingRun Teacher) : RunSpec
    {
        public override string Kind => "learn";

        public override RunIdentity Identity() => new("KD", "SST-2", 1);

        public override IReadOnlyList<RunSpec> Needs() => [Teacher];

        public override IReadOnlyList<RunInput> Inputs(Workspace workspace) => [];

        public override RunWork EstimateWork(Workspace workspace) => default;

        public override RunResult Execute(RunContext context, CancellationToken cancellation) => new();
    }
}
