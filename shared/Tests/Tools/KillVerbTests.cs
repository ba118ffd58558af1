using Replication.Tools.Killing;
using Replication.Tools.Trust;

namespace Replication.Tests.Tools;

public sealed class KillVerbTests
{
    private static readonly ToolRow Idle = new("at a random moment", 0, "disturbances", 0);

    [Test]
    public void UntilDisturbed_WayThatHitsTheThirdTime_IsTriedThreeTimes()
    {
        var rounds = 0;

        var row = KillVerb.UntilDisturbed(Idle, () => Idle with { Count = ++rounds == 3 ? 1 : 0 });

        Assert.That((rounds, row.Count, row.Found), Is.EqualTo((3, 1L, 0L)));
    }

    [Test]
    public void UntilDisturbed_WayThatNeverHits_IsNoSuccess() =>
        Assert.That(KillVerb.UntilDisturbed(Idle, () => Idle).Found, Is.EqualTo(1));

    [Test]
    public void UntilDisturbed_WayThatCannotBeTried_IsLeft()
    {
        var row = Idle with { Remark = "not tried: needs root" };

        Assert.That(KillVerb.UntilDisturbed(row, () => throw new InvalidOperationException("It was tried.")), Is.EqualTo(row));
    }
}
