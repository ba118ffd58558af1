using System.Text.Json.Serialization;

namespace Replication.Training;

/// <summary>What a checkpoint holds besides weights and moments, whatever is trained.</summary>
public class LoopState
{
    /// <summary>Steps done.</summary>
    public long Step { get; set; }

    /// <summary>Tokens trained on, padding left out.</summary>
    public long RealTokens { get; set; }

    /// <summary>The same with padding.</summary>
    public long PaddedTokens { get; set; }

    /// <summary>Steps since the last line of losses.</summary>
    public int WindowSteps { get; set; }

    /// <summary>Sum of their losses.</summary>
    public double WindowLoss { get; set; }

    /// <summary>Sum of their terms.</summary>
    public SortedDictionary<string, double> WindowTerms { get; set; } = new(StringComparer.Ordinal);

    /// <summary>Mean loss of the last line; 0 before the first.</summary>
    public double LastLoss { get; set; }

    /// <summary>Mean terms of the last line.</summary>
    public SortedDictionary<string, double> LastTerms { get; set; } = new(StringComparer.Ordinal);

    /// <summary>Mean loss since the last line.</summary>
    [JsonIgnore]
    public double MeanLoss => WindowSteps == 0 ? 0 : WindowLoss / WindowSteps;

    /// <summary>Share of the computed tokens that were padding.</summary>
    [JsonIgnore]
    public double PaddingShare => PaddedTokens == 0 ? 0 : 1 - (double)RealTokens / PaddedTokens;

    /// <summary>Counts a step.</summary>
    internal void Add(StepReport step)
    {
        Step++;
        RealTokens += step.RealTokens;
        PaddedTokens += step.PaddedTokens;
        WindowSteps++;
        WindowLoss += step.Loss.Total;
        foreach (var (name, value) in step.Loss.Terms)
            WindowTerms[name] = WindowTerms.GetValueOrDefault(name) + value;
    }

    /// <summary>Takes the means for a line of losses and begins the next one.</summary>
    internal void CloseWindow()
    {
        LastLoss = MeanLoss;
        LastTerms = new(WindowTerms.ToDictionary(t => t.Key, t => t.Value / WindowSteps), StringComparer.Ordinal);
        (WindowSteps, WindowLoss) = (0, 0);
        WindowTerms.Clear();
    }
}
