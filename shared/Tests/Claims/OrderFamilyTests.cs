using Replication.Claims;

namespace Replication.Tests.Claims;

public sealed class OrderFamilyTests
{
    [Test]
    public void Judge_ClearDifference_Agrees()
    {
        var outcome = Judge(6, [2.1, 1.8, 2.4, 2.2, 1.9, 2.0]);
        Assert.That(outcome.Verdict, Is.EqualTo(Verdict.AgreesAtSmallScale));
        Assert.That(outcome.Reason, Does.StartWith("The order holds with another teacher: 6 replicates, mean difference +2.07 points"));
        Assert.That(outcome.Measured!.Value, Is.EqualTo(2.0667).Within(1e-3));
    }

    [Test]
    public void Judge_ClearButSmallDifference_SaysHowSmall()
    {
        var outcome = Judge(6, [0.31, 0.28, 0.34, 0.32, 0.29, 0.30]);
        Assert.That(outcome.Verdict, Is.EqualTo(Verdict.AgreesAtSmallScale));
        Assert.That(outcome.Reason, Does.Contain("though by less than the 1 points that would matter"));
    }

    [Test]
    public void Judge_OppositeDifference_Disagrees() =>
        Assert.That(Judge(6, [-2.1, -1.8, -2.4, -2.2, -1.9, -2.0]).Verdict, Is.EqualTo(Verdict.DisagreesAtSmallScale));

    [Test]
    public void Judge_DifferenceNearZero_DoesNotMatter() =>
        Assert.That(Judge(6, [0.2, -0.3, 0.1, -0.2, 0.3, -0.1]).Verdict, Is.EqualTo(Verdict.NoDifferenceThatMatters));

    [Test]
    public void Judge_WideSpread_SaysHowManyReplicates()
    {
        var outcome = Judge(6, [3, -2, 4, -1, 2, 0]);
        Assert.That(outcome.Verdict, Is.EqualTo(Verdict.Inconclusive));
        var sample = new ReplicateSample([3, -2, 4, -1, 2, 0]);
        var needed = TTestPower.ReplicatesFor(sample.Mean / sample.StandardDeviation);
        Assert.That(outcome.Reason, Does.Contain($"{needed} replicates would settle it"));
    }

    [TestCase(0.0)]
    [TestCase(2.0)]
    public void Judge_NoSpread_IsInconclusive(double value) =>
        Assert.That(Judge(6, [value, value, value, value, value, value]).Verdict, Is.EqualTo(Verdict.Inconclusive));

    [Test]
    public void Judge_FewerReplicatesThanPlanned_TakesNoVerdict()
    {
        var outcome = Judge(6, [2.1, 1.8, 2.4, 2.2, 1.9]);
        Assert.That(outcome.Verdict, Is.EqualTo(Verdict.Inconclusive));
        Assert.That(outcome.Reason, Does.StartWith("5 of 6 planned replicates"));
    }

    [Test]
    public void Judge_ReplicatesThatShareADraw_CountAsNoneAndSayWhatTheyShare()
    {
        var outcome = OrderFamily.Judge([Evidence(
            [2.1, 1.8, 2.4, 2.2, 1.9, 2.0]) with { Shared = "SST-2 fine-tuned, seed 1", Next = " Run more." }], LookPlan.Once(6))[0];
        Assert.That(outcome.Verdict, Is.EqualTo(Verdict.Inconclusive));
        Assert.That(outcome.Reason, Does.StartWith(
            "0 of 6 planned replicates, since the 6 seeds here share random draws (SST-2 fine-tuned, seed 1). For these draws alone "
                + "the order holds: 6 seeds, mean difference +2.07 points"));
        Assert.That(outcome.Reason, Does.EndWith(" Run more."));
    }

    [Test]
    public void Judge_AnOrderOfTheFamilyWithoutRuns_StillCountsInIt()
    {
        double[] doubtful = [2.06, 0.89, -0.3, 0.84, 1.02, 0.79];
        var family = OrderFamily.Judge(
            [Evidence(doubtful), Evidence([]) with { Needs = "Needs a GPU." }, Evidence([]), Evidence([])], LookPlan.Once(6));
        Assert.That(family[0].Verdict, Is.EqualTo(Verdict.Inconclusive));
        Assert.That(family[1], Is.EqualTo(new ClaimOutcome(family[1].Claim, null, Verdict.NotRun, "Needs a GPU.")));
    }

    [Test]
    public void Judge_EveryTaskLeftOut_IsInconclusive()
    {
        var outcome = OrderFamily.Judge([Evidence([1, 2]) with { Tasks = [], Note = " Left out: it." }], LookPlan.Once(2))[0];
        Assert.That((outcome.Verdict, outcome.Reason), Is.EqualTo((Verdict.Inconclusive, "No task is left to compare on. Left out: it.")));
    }

    [TestCase(1, Verdict.Reproduced)]
    [TestCase(-1, Verdict.Below)]
    public void Judge_WithPublishedTeacher_IsReproducedOrBelow(int sign, Verdict expected) => Assert.That(
        OrderFamily.Judge(
            [Evidence([.. new[] { 2.1, 1.8, 2.4, 2.2, 1.9, 2.0 }.Select(v => sign * v)])], LookPlan.Once(6),
            publishedTeacher: true)[0].Verdict, Is.EqualTo(expected));

    [Test]
    public void Judge_MoreReplicatesThanPlanned_CountsThePlannedOnes() =>
        Assert.That(Judge(6, [2.1, 1.8, 2.4, 2.2, 1.9, 2.0, -90]).Verdict, Is.EqualTo(Verdict.AgreesAtSmallScale));

    [Test]
    public void Judge_SettledAtFirstLook_StaysSettled()
    {
        var plan = new LookPlan(new Look(4, 0.02), new Look(6, 0.03));
        var outcome = OrderFamily.Judge([Evidence([2.1, 1.8, 2.4, 2.2, -9, 9])], plan)[0];
        Assert.That(outcome.Verdict, Is.EqualTo(Verdict.AgreesAtSmallScale));
        Assert.That(outcome.Reason, Does.Contain("4 replicates"));
    }

    [Test]
    public void Twice_LooksHalfWayAtAFifthOfTheLevel_AndSpendsItOnce()
    {
        var looks = LookPlan.Twice(16).Looks;
        Assert.That(looks.Select(look => look.Replicates), Is.EqualTo((int[])[8, 16]));
        Assert.That(looks.Select(look => look.Alpha), Is.EqualTo((double[])[0.01, 0.04]).Within(1e-12));
    }

    [Test]
    public void Judge_TwoTasks_AveragesWithinReplicates()
    {
        PairedDifference[] pairs = [.. Enumerable.Range(1, 6).SelectMany(r => new PairedDifference[]
        {
            new("SST-2", r, 1.4 + 0.01 * r), new("CoLA", r, 8.4 - 0.02 * r),
        })];
        var outcome = OrderFamily.Judge([Evidence([]) with { Differences = pairs, Tasks = ["SST-2", "CoLA"] }], LookPlan.Once(6))[0];
        Assert.That(outcome.Measured!.Spread, Is.LessThan(0.1), "what sets the tasks apart is no spread of the replicates");
        Assert.That(outcome.Reason, Does.Contain("SST-2 +1.4").And.Contain("CoLA +8.3"));
    }

    [Test]
    public void Judge_ReplicateWithoutATask_DoesNotCount()
    {
        PairedDifference[] pairs = [new("SST-2", 1, 1), new("CoLA", 1, 1), new("SST-2", 2, 1)];
        var outcome = OrderFamily.Judge([Evidence([]) with { Differences = pairs, Tasks = ["SST-2", "CoLA"] }], LookPlan.Once(2))[0];
        Assert.That(outcome.Reason, Does.StartWith("1 of 2 planned replicates"));
    }

    [TestCase(-0.2, Verdict.AgreesAtSmallScale)]
    [TestCase(-2.0, Verdict.DisagreesAtSmallScale)]
    [TestCase(-1.0, Verdict.Inconclusive)]
    public void Judge_NonInferiority_IsHeldAgainstTheMargin(double mean, Verdict expected)
    {
        double[] values = [mean + 0.1, mean - 0.1, mean + 0.05, mean - 0.05, mean + 0.02, mean - 0.02];
        var outcome = OrderFamily.Judge([Evidence(values) with { Form = OrderForm.NonInferiority }], LookPlan.Once(6))[0];
        Assert.That(outcome.Verdict, Is.EqualTo(expected));
    }

    [Test]
    public void Judge_Family_IsAdjustedByHolm()
    {
        // Alone p is about 0.03; among four that show nothing it is four times that.
        double[] doubtful = [2.06, 0.89, -0.3, 0.84, 1.02, 0.79];
        double[] noise = [3, -2, 4, -1, 2, -5];
        Assert.That(Judge(6, doubtful).Verdict, Is.EqualTo(Verdict.AgreesAtSmallScale));
        var family = OrderFamily.Judge([Evidence(doubtful), Evidence(noise), Evidence(noise), Evidence(noise)], LookPlan.Once(6));
        Assert.That(family[0].Verdict, Is.EqualTo(Verdict.Inconclusive));
    }

    [Test]
    public void Plan_SpendsTooMuch_IsRefused() =>
        Assert.That(() => new LookPlan(new Look(4, 0.05), new Look(6, 0.05)), Throws.ArgumentException);

    private static ClaimOutcome Judge(int planned, double[] values) => OrderFamily.Judge([Evidence(values)], LookPlan.Once(planned))[0];

    private static OrderEvidence Evidence(double[] values) => ClaimSamples.Evidence(ClaimSamples.Of(ClaimKind.Order), values);
}
