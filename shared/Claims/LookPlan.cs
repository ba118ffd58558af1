namespace Replication.Claims;

/// <summary>One planned look at the evidence.</summary>
/// <param name="Replicates">Replicates 1 to this number are looked at.</param>
/// <param name="Alpha">The chance of any false verdict that this look may spend.</param>
public sealed record Look(int Replicates, double Alpha);

/// <summary>
/// When verdicts are taken, written down before the measurement. A verdict is taken at a look and nowhere between: fewer replicates
/// settle nothing, more are shown but do not count. The looks share one level, so that looking twice costs what it must (Bonferroni).
/// </summary>
public sealed record LookPlan
{
    /// <summary>The chance of any false verdict over all looks of a paper's family.</summary>
    public const double Level = 0.05;

    /// <summary>Level of intervals that are shown and decide nothing.</summary>
    public const double Confidence = 1 - Level;

    /// <summary>Takes the looks.</summary>
    /// <exception cref="ArgumentException">There is none, they do not grow, or they spend more than <see cref="Level"/>.</exception>
    public LookPlan(params IReadOnlyList<Look> looks)
    {
        if (looks.Count == 0 || looks.Any(l => l.Replicates < 2 || l.Alpha <= 0))
            throw new ArgumentException("A plan needs a look, each at two replicates or more.", nameof(looks));
        if (looks.Zip(looks.Skip(1)).Any(pair => pair.Second.Replicates <= pair.First.Replicates))
            throw new ArgumentException("Each look takes more replicates than the one before.", nameof(looks));
        if (looks.Sum(l => l.Alpha) > Level + 1e-12)
            throw new ArgumentException($"The looks spend more than {Level} together.", nameof(looks));
        Looks = looks;
    }

    /// <summary>The looks, growing.</summary>
    public IReadOnlyList<Look> Looks { get; }

    /// <summary>Replicates of the last look.</summary>
    public int Planned => Looks[^1].Replicates;

    /// <summary>One look at the end.</summary>
    public static LookPlan Once(int replicates) => new(new Look(replicates, Level));

    /// <summary>A strict look at half of the replicates, with a fifth of the level, and one at the end with the rest.</summary>
    public static LookPlan Twice(int replicates) => new(new Look(replicates / 2, Level / 5), new Look(replicates, Level * 4 / 5));
}
