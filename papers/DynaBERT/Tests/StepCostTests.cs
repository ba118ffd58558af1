using Replication.Bert;
using Replication.Claims;
using Replication.Measurements;
using Replication.Studies;
using Replication.Tests.Studies;

namespace Replication.DynaBERT.Tests;

/// <summary>What a step costs: counted, measured on a tiny network, and judged.</summary>
public sealed class StepCostTests
{
    private static readonly Pipeline Quick = new(DynaBertProfile.Of(Profile.Quick));

    [Test]
    public void Operations_TwelveSubNetworks_IsTheSumOfWidthsTimesDepths()
    {
        // Attention and pooler do not shrink with all multipliers alike, and so it is near 2.5 x 2.25 only.
        var share = Quick.StepCost.Operations(BertConfig.Base);
        Assert.That(share.Labels, Is.EqualTo(2.5 * 2.25).Within(0.01));
        Assert.That(share.Distilled - share.Labels, Is.EqualTo(2.5 / 3).Within(0.01));
    }

    [Test]
    public void Operations_OfficialTeacher_IsOnePassOfTheWholeNetwork()
    {
        var share = (Quick.StepCost with { TeacherWidth = TeacherWidth.Full }).Operations(BertConfig.Base);
        Assert.That(share.Distilled - share.Labels, Is.EqualTo(1 / 3.0).Within(1e-9));
    }

    [Test]
    public void Execute_TinyNetwork_TimesThreeStepsAndTellsTheirMemory()
    {
        using var tiny = new TinyPipeline(layers: 4, heads: 4);
        var spec = Quick.StepCost with { BaseModel = tiny.Base, Protocol = new SpeedProtocol { BatchSize = 4, Length = 8, Rounds = 2 } };
        var result = TinyPipeline.Execute(tiny.Workspace("runs"), spec).Result;
        Assert.That(result.Samples.Keys, Is.EquivalentTo(new[] { StepCostSpec.Plain, StepCostSpec.Labels, StepCostSpec.Distilled }));
        Assert.That(result.Samples.Values.Select(seconds => seconds.Count), Has.All.EqualTo(2));
        if (OperatingSystem.IsLinux())
            Assert.That(
                result.Facts.Keys,
                Does.Contain(StepCostSpec.MemoryName(StepCostSpec.Plain)).And.Contains(StepCostSpec.MemoryName(StepCostSpec.Distilled)));
    }

    [TestCase("time.labels", 6.0 / 5.8, 6.0 / 6.2, Verdict.Reproduced)]
    [TestCase("time.distilled", 7.0 / 8, 7.0 / 8, Verdict.Below)]
    [TestCase("memory", 5.0 / 7, 5.0 / 7, Verdict.Reproduced)]
    public void Report_MadeUpCosts_AreJudgedByTheirLimits(string id, double one, double other, Verdict verdict)
    {
        var report = new DynaBertPaper().Report(new ExperimentRequest { Profile = Profile.Quick }, MadeUpRuns.Find);
        var outcome = report.Claims.Single(c => c.Claim.Id == $"dynabert.step.{id}");
        Assert.That(outcome.Measured!.Value, Is.EqualTo((one + other) / 2).Within(1e-9));
        Assert.That(outcome.Verdict, Is.EqualTo(verdict), outcome.Reason);
        Assert.That(report.Tables.Select(t => t.Id), Does.Contain("step-cost"));
    }

    [Test]
    public void ExportSpeed_TinyNetwork_TimesBothFormsOfThreeSizes()
    {
        using var tiny = new TinyPipeline(layers: 4, heads: 4);
        var spec = Quick.Exported with { BaseModel = tiny.Base, Protocol = new SpeedProtocol { BatchSize = 1, Length = 8, Rounds = 2 } };
        var samples = TinyPipeline.Execute(tiny.Workspace("runs"), spec).Result.Samples;
        Assert.That(samples, Has.Count.EqualTo(1 + (3 * 2)));
        Assert.That(samples.Values.Select(seconds => seconds.Count), Has.All.EqualTo(2));
    }

    [Test]
    public void Report_ExportedFolders_ShowWhatTheSecondFormCosts()
    {
        var table = new DynaBertPaper()
            .Report(new ExperimentRequest { Profile = Profile.Quick }, MadeUpRuns.Find).Tables.Single(t => t.Id == "exports");
        Assert.That(table.Rows, Has.Count.EqualTo(4));
        var half = table.Rows[2].Select(cell => cell.Text).ToArray();
        Assert.That((half[0], half[1]), Is.EqualTo(("0.5", "0.5")));
        Assert.That(
            double.Parse(half[4], System.Globalization.CultureInfo.InvariantCulture),
            Is.GreaterThan(double.Parse(half[2], System.Globalization.CultureInfo.InvariantCulture)));
        Assert.That((half[3], half[5]), Is.EqualTo(("250.00 ± 0.00", "350.00 ± 0.00")));
    }
}
