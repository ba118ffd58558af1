using MathNet.Numerics.Statistics;

namespace Replication.Claims;

/// <summary>A score of one model over some rows of the dev set, a row counting as often as it is named.</summary>
/// <param name="rows">Row numbers, from 0.</param>
public delegate double RowScore(ReadOnlySpan<int> rows);

/// <summary>The two sides of an order in one replicate on one task.</summary>
/// <param name="Better">The side that the paper has ahead.</param>
/// <param name="Worse">The other.</param>
public sealed record ScoredPair(RowScore Better, RowScore Worse);

/// <summary>A task's pairs, a pair a replicate in the order of the replicates.</summary>
/// <param name="Task">The task.</param>
/// <param name="DevRows">Rows of the dev set that all pairs are scored on.</param>
/// <param name="Pairs">A pair a replicate.</param>
public sealed record ScoredTask(string Task, int DevRows, IReadOnlyList<ScoredPair> Pairs);

/// <summary>
/// The multi-bootstrap of MultiBERTs (Sellam et al. 2022): replicates and dev rows are drawn anew together, rows alike for all
/// replicates, so that the interval tells what other training runs scored on other rows would say.
/// </summary>
public static class MultiBootstrap
{
    /// <summary>The percentile interval of the mean difference over tasks and replicates.</summary>
    /// <param name="tasks">The tasks, each with the same replicates.</param>
    /// <param name="random">Draws replicates and rows.</param>
    /// <param name="level">Such as 0.95.</param>
    /// <param name="draws">How often both are drawn anew.</param>
    /// <exception cref="ArgumentException">There is no task or no replicate, or the tasks have not equally many.</exception>
    public static Interval Interval(IReadOnlyList<ScoredTask> tasks, RandomStream random, double level = 0.95, int draws = 1000)
    {
        if (tasks.Count == 0 || tasks[0].Pairs.Count == 0 || tasks.Any(t => t.Pairs.Count != tasks[0].Pairs.Count || t.DevRows < 1))
            throw new ArgumentException("Every task needs dev rows and the same replicates, at least one.", nameof(tasks));
        var replicates = new int[tasks[0].Pairs.Count];
        var rows = tasks.Select(t => new int[t.DevRows]).ToArray();
        var means = new double[draws];
        for (var draw = 0; draw < draws; draw++)
        {
            Draw(replicates, replicates.Length, random);
            var sum = 0.0;
            foreach (var (task, drawn) in tasks.Zip(rows))
            {
                Draw(drawn, drawn.Length, random);
                // A replicate that is drawn twice is scored once.
                foreach (var group in replicates.GroupBy(r => r))
                    sum += group.Count() * (task.Pairs[group.Key].Better(drawn) - task.Pairs[group.Key].Worse(drawn));
            }
            means[draw] = sum / (tasks.Count * replicates.Length);
        }
        return new Interval(means.Quantile((1 - level) / 2), means.Quantile((1 + level) / 2));
    }

    private static void Draw(int[] into, int count, RandomStream random)
    {
        for (var i = 0; i < into.Length; i++)
            into[i] = random.NextInt32(count);
    }
}
