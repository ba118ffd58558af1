using Replication.Runs;
using Replication.Studies;

namespace Replication.All.Tests;

/// <summary>What a plan, a log and a cluster's list call the runs of the papers.</summary>
public sealed class PlanLabelTests
{
    private static IEnumerable<TestCaseData> Requests =>
        from paper in Program.Papers
        from profile in (Profile[])[Profile.Quick, Profile.Small, Profile.Evidence, Profile.Paper]
        select new TestCaseData(paper, new ExperimentRequest { Profile = profile }).SetArgDisplayNames($"{paper.Name}, {profile}");

    [TestCaseSource(nameof(Requests))]
    public void Labels_OfAPapersPlan_TellItsRunsApart(object paper, object request)
    {
        var plan = Plan.Build(((IPaper)paper).Declared((ExperimentRequest)request));

        Assert.That(plan.Runs, Is.Not.Empty);
        Assert.That(plan.Runs.GroupBy(run => run.Label).Where(group => group.Count() > 1).Select(group => group.Key), Is.Empty);
    }
}
