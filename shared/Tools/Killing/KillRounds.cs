namespace Replication.Tools.Killing;

/// <summary>
/// Disturbs the plan's process again and again, lets it end, and compares all that it leaves with what an undisturbed one left.
/// </summary>
/// <param name="plan">The process.</param>
/// <param name="random">Decides the moments.</param>
internal sealed class KillRounds(PlanProcess plan, RandomStream random)
{
    private const int MostTimes = 3;

    /// <summary>The ways, in turn.</summary>
    public static IReadOnlyList<Trial> Ways { get; } =
    [
        new Kill("at a random moment"), new Kill("at a checkpoint", ".checkpoints"), new Kill("at an output", "model"),
        new Kill("at a teacher's outputs", "outputs.bin"),
        new Kill("at a token store", "corpus-"), new Kill("at the ledger", "runs.jsonl.gz"), new Kill("at the report", "report"),
        new Kill("two processes", processes: 2), new Kill("four processes", processes: 4),
        new FullDisk(), new ReadOnlyDisk(), new ClosedFolder(), new ClockJump(), new MemoryLimit(),
    ];

    /// <summary>Disturbs up to three times and lets the plan end.</summary>
    /// <returns>How often it was disturbed, and what is wrong; null where nothing is.</returns>
    public (int Disturbed, string? Fault) Round(Trial way)
    {
        var (disturbed, fault) = InTurn([.. Enumerable.Repeat(way, 1 + random.NextInt32(MostTimes))]);
        return (disturbed.Sum(), fault);
    }

    /// <summary>Disturbs in some ways, each once, and lets the plan end.</summary>
    /// <param name="ways">The ways; all but the last leave work, and all have the results folder of the first.</param>
    /// <returns>How often each disturbed it, and what is wrong; null where nothing is.</returns>
    public (int[] Disturbed, string? Fault) InTurn(IReadOnlyList<Trial> ways)
    {
        plan.Clear();
        using var end = ways[0].Begin(plan);
        var disturbed = new int[ways.Count];
        try
        {
            foreach (var (place, way) in ways.Index())
                disturbed[place] = way.Disturb(plan, random);
            PlanProcess.EndWell(plan.Start());
            return (disturbed, plan.Difference());
        }
        catch (TrialFault e)
        {
            return (disturbed, e.Message);
        }
    }
}
