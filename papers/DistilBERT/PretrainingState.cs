using System.Text.Json.Serialization;
using Replication.Training;

namespace Replication.DistilBERT;

/// <summary>What a checkpoint of a pretraining holds besides weights and moments.</summary>
internal sealed class PretrainingState
{
    /// <summary>Steps done.</summary>
    public long Step { get; set; }

    /// <summary>Tokens trained on, padding not counted.</summary>
    public long Tokens { get; set; }

    /// <summary>Steps since the last line of losses.</summary>
    public int WindowSteps { get; set; }

    /// <summary>Sum of their losses.</summary>
    public double WindowLoss { get; set; }

    /// <summary>Sum of their terms.</summary>
    public SortedDictionary<string, double> WindowTerms { get; set; } = new(StringComparer.Ordinal);

    /// <summary>Mean terms of the last whole window.</summary>
    public SortedDictionary<string, double> LastTerms { get; set; } = new(StringComparer.Ordinal);

    /// <summary>Mean loss of the window.</summary>
    [JsonIgnore]
    public double MeanLoss => WindowSteps == 0 ? 0 : WindowLoss / WindowSteps;

    /// <summary>Counts a step of several parts.</summary>
    public void Add(IReadOnlyList<LossReport> parts, long tokens)
    {
        Step++;
        Tokens += tokens;
        WindowSteps++;
        WindowLoss += parts.Average(p => p.Total);
        // A part in which no word happens to be hidden has no L_mlm.
        foreach (var term in parts.SelectMany(p => p.Terms).GroupBy(t => t.Key, t => t.Value))
            WindowTerms[term.Key] = WindowTerms.GetValueOrDefault(term.Key) + term.Average();
    }

    /// <summary>The window's mean terms; the next window begins.</summary>
    public SortedDictionary<string, double> CloseWindow()
    {
        LastTerms = new(WindowTerms.ToDictionary(t => t.Key, t => t.Value / WindowSteps), StringComparer.Ordinal);
        (WindowSteps, WindowLoss) = (0, 0);
        WindowTerms.Clear();
        return LastTerms;
    }
}
