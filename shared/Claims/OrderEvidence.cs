namespace Replication.Claims;

/// <summary>What an order says of the mean difference D.</summary>
public enum OrderForm
{
    /// <summary>One side is ahead: D is above zero.</summary>
    Superiority,

    /// <summary>One side is no worse, or keeps a share: D is above minus the smallest effect of interest.</summary>
    NonInferiority,
}

/// <summary>An order with what was measured for it.</summary>
public sealed record OrderEvidence
{
    /// <summary>The claim; its kind is <see cref="ClaimKind.Order"/>.</summary>
    public required Claim Claim { get; init; }

    /// <summary>What it says.</summary>
    public OrderForm Form { get; init; } = OrderForm.Superiority;

    /// <summary>The smallest difference that would matter to a user, in the claim's unit; named before the measurement.</summary>
    public required double SmallestEffect { get; init; }

    /// <summary>
    /// Better minus worse in each task and replicate; <see cref="PairedDifference.Replicate"/> is the replicate's number.
    /// </summary>
    public required IReadOnlyList<PairedDifference> Differences { get; init; }

    /// <summary>The tasks that count, fixed before the measurement; a replicate that lacks one of them does not count.</summary>
    public required IReadOnlyList<string> Tasks { get; init; }

    /// <summary>The line beside the number.</summary>
    public required string Signature { get; init; }

    /// <summary>
    /// What its replicates have in common although a replicate draws everything anew, such as one teacher: they then count as none; null
    /// for nothing.
    /// </summary>
    public string? Shared { get; init; }

    /// <summary>What a reader must know of the tasks, such as one that is left out; empty for nothing.</summary>
    public string Note { get; init; } = "";

    /// <summary>What it takes where nothing is measured.</summary>
    public string? Needs { get; init; }

    /// <summary>How the planned replicates are run, while they are not all there; empty for nothing to say.</summary>
    public string Next { get; init; } = "";

    /// <summary>What other dev rows would say, from <see cref="MultiBootstrap"/>; null where predictions are not at hand.</summary>
    public Interval? OverRows { get; init; }

    /// <summary>The mean difference that settles the claim either way lies on the two sides of this.</summary>
    internal double Bound => BoundOf(Form, SmallestEffect);

    /// <inheritdoc cref="Bound"/>
    internal static double BoundOf(OrderForm form, double smallestEffect) => form == OrderForm.Superiority ? 0 : -smallestEffect;

    /// <summary>The replicates that have every task, growing, each with D_r: the mean of its differences over the tasks.</summary>
    /// <exception cref="ArgumentException">A task and replicate occur twice.</exception>
    internal IReadOnlyList<(int Replicate, double Difference)> ByReplicate()
    {
        var counted = Differences.Where(d => Tasks.Contains(d.Task, StringComparer.Ordinal)).ToList();
        if (counted.GroupBy(d => (d.Task, d.Replicate)).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new ArgumentException($"Claim {Claim.Id}: {twice.Key.Task}, replicate {twice.Key.Replicate} occurs twice.");
        return
        [
            .. from difference in counted
               group difference.Value by difference.Replicate into replicate
               where replicate.Count() == Tasks.Count
               orderby replicate.Key
               select (replicate.Key, replicate.Average()),
        ];
    }
}
