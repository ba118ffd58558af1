namespace Replication.Measurements;

/// <summary>Seconds of each timed pass by model, round by round; equal positions were measured one right after the other.</summary>
/// <param name="Seconds">By the subject's name; as many values for each.</param>
public sealed record SpeedReport(IReadOnlyDictionary<string, IReadOnlyList<double>> Seconds)
{
    /// <summary>A model's seconds a pass.</summary>
    /// <exception cref="KeyNotFoundException">The model was not measured.</exception>
    public Spread PassSeconds(string name) => Spread.Of(Seconds[name]);

    /// <summary>How many times as fast a model is as another: the ratio of their seconds, taken within each round.</summary>
    /// <param name="reference">The model that counts as 1, such as the teacher.</param>
    /// <param name="name">The model that is compared with it.</param>
    /// <exception cref="KeyNotFoundException">A model was not measured.</exception>
    public Spread Speedup(string reference, string name) =>
        Spread.Of([.. Seconds[reference].Zip(Seconds[name], (slow, fast) => slow / fast)]);
}
