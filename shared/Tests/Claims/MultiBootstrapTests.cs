using Replication.Claims;

namespace Replication.Tests.Claims;

public sealed class MultiBootstrapTests
{
    [Test]
    public void Interval_SameDifferenceOnEveryRow_IsAPoint()
    {
        var interval = MultiBootstrap.Interval([Task(50, 5, (_, _) => 1)], new RandomStream(1, "bootstrap"));
        Assert.That(interval, Is.EqualTo(new Interval(1, 1)));
    }

    [Test]
    public void Interval_OnlyRowsDiffer_HasTheStandardErrorOfRows()
    {
        // Half of 400 rows differ by 1 in every replicate: the mean is 0.5, its standard error 0.5 / sqrt(400) = 0.025.
        var interval = MultiBootstrap.Interval([Task(400, 5, (_, row) => row % 2)], new RandomStream(1, "bootstrap"), draws: 4000);
        Assert.That(interval.Low, Is.EqualTo(0.5 - 1.96 * 0.025).Within(0.005));
        Assert.That(interval.High, Is.EqualTo(0.5 + 1.96 * 0.025).Within(0.005));
    }

    [Test]
    public void Interval_OnlyReplicatesDiffer_HasTheStandardErrorOfReplicates()
    {
        // 100 replicates, half ahead by 1: 0.5 / sqrt(100) = 0.05.
        var interval =
            MultiBootstrap.Interval([Task(30, 100, (replicate, _) => replicate % 2)], new RandomStream(1, "bootstrap"), draws: 4000);
        Assert.That(interval.Low, Is.EqualTo(0.5 - 1.96 * 0.05).Within(0.012));
        Assert.That(interval.High, Is.EqualTo(0.5 + 1.96 * 0.05).Within(0.012));
    }

    [Test]
    public void Interval_UnequalReplicates_IsRefused() =>
        Assert.That(() => MultiBootstrap.Interval([Task(5, 2, (_, _) => 1), Task(5, 3, (_, _) => 1)], new RandomStream(1, "bootstrap")),
            Throws.ArgumentException);

    private static ScoredTask Task(int rows, int replicates, Func<int, int, double> difference) => new("SST-2", rows,
        [.. Enumerable.Range(0, replicates).Select(replicate => new ScoredPair(
            drawn =>
            {
                var sum = 0.0;
                foreach (var row in drawn)
                    sum += difference(replicate, row);
                return sum / drawn.Length;
            },
            _ => 0))]);
}
