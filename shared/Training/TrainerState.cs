using System.Text.Json.Serialization;

namespace Replication.Training;

/// <summary>What a checkpoint holds besides weights and moments.</summary>
internal sealed class TrainerState
{
    /// <summary>Steps done.</summary>
    public long Step { get; set; }

    /// <summary>Tokens trained on.</summary>
    public long RealTokens { get; set; }

    /// <summary>The same with padding.</summary>
    public long PaddedTokens { get; set; }

    /// <summary>Steps since the last line of losses.</summary>
    public int WindowSteps { get; set; }

    /// <summary>Sum of their losses.</summary>
    public double WindowLoss { get; set; }

    /// <summary>Sum of their terms.</summary>
    public SortedDictionary<string, double> WindowTerms { get; set; } = new(StringComparer.Ordinal);

    /// <summary>Scores of the last evaluation.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, double?>> Scores { get; set; } =
        new Dictionary<string, IReadOnlyDictionary<string, double?>>();

    /// <summary>Score of the best evaluation so far; null before the first, and where the last weights count.</summary>
    public double? BestScore { get; set; }

    /// <summary>Its step.</summary>
    public long BestStep { get; set; }

    /// <summary>Mean loss since the last line.</summary>
    [JsonIgnore]
    public double MeanLoss => WindowSteps == 0 ? 0 : WindowLoss / WindowSteps;

    /// <summary>Share of the computed tokens that were padding.</summary>
    [JsonIgnore]
    public double PaddingShare => PaddedTokens == 0 ? 0 : 1 - (double)RealTokens / PaddedTokens;

    /// <summary>Mean terms since the last line.</summary>
    public SortedDictionary<string, double> MeanTerms() =>
        new(WindowTerms.ToDictionary(t => t.Key, t => t.Value / WindowSteps), StringComparer.Ordinal);

    /// <summary>Counts a step.</summary>
    public void Add(LossReport report, long realTokens, long paddedTokens)
    {
        RealTokens += realTokens;
        PaddedTokens += paddedTokens;
        WindowSteps++;
        WindowLoss += report.Total;
        foreach (var (name, value) in report.Terms)
            WindowTerms[name] = WindowTerms.GetValueOrDefault(name) + value;
    }

    /// <summary>Begins the next line of losses.</summary>
    public void ClearWindow()
    {
        WindowSteps = 0;
        WindowLoss = 0;
        WindowTerms.Clear();
    }
}
