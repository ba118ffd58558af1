namespace Replication.Bench;

/// <summary>What a row's value says of a step.</summary>
internal enum StepMeasure
{
    /// <summary>FLOP/s of its matrix products, padding not counted, over those of the yardstick, in percent.</summary>
    ShareOfYardstick,

    /// <summary>Its time over that of what stands beside it.</summary>
    TimesBeside,

    /// <summary>The other way round: how many times as fast it is.</summary>
    FasterThanBeside,

    /// <summary>Its time over that of its matrix products at the yardstick's rate.</summary>
    TimesProducts,
}

/// <summary>Some work that is timed.</summary>
internal sealed record StepSubject : IDisposable
{
    /// <summary>What it is, for people: geometry, batch, lengths.</summary>
    public required string Setting { get; init; }

    /// <summary>Does it once.</summary>
    public required Action Step { get; init; }

    /// <summary>What its value says.</summary>
    public StepMeasure Measure { get; init; }

    /// <summary>Floating-point operations of its matrix products, padding not counted; 0 where <see cref="Beside"/> counts.</summary>
    public double Flops { get; init; }

    /// <summary>What it is held against, whose times are added up.</summary>
    public IReadOnlyList<(string Name, Action Run)> Beside { get; init; } = [];

    /// <summary>Where its time goes; asked where it falls short.</summary>
    public Func<IReadOnlyList<StepPart>> Profile { get; init; } = () => [];

    /// <summary>What is disposed of with it.</summary>
    public IReadOnlyList<IDisposable> Owned { get; init; } = [];

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var owned in Owned)
            owned.Dispose();
    }
}
