using Replication.Bert;
using Replication.Bert.Tokenization;
using Replication.Glue;
using Replication.Runs;

namespace Replication.Bench;

/// <summary>How many tokens a second one core cuts texts into.</summary>
internal static class TokenizingSpeed
{
    private const int LeastRounds = 6, MostRounds = 25;

    /// <summary>Fills a row.</summary>
    public static PerformanceRow Measure(PerformanceRow row, Workspace workspace, TimeSpan budget, CancellationToken cancellation)
    {
        var data = workspace.Glue.Load(GlueTasks.Parse("SST-2"), GlueSplit.Train);
        var texts = data.Examples.Select(example => example.Sentence1).ToList();
        var tokenizer = ModelFolder.OpenTokenizer(workspace.Models.Folder(TimedRows.Model));
        var load = ProcessorLoad.Begin();
        var tokens = Tokens(tokenizer, texts);
        var rates = new List<double>();
        var start = workspace.Clock.GetTimestamp();
        while (rates.Count < LeastRounds || (rates.Count < MostRounds && workspace.Clock.GetElapsedTime(start) < budget))
        {
            cancellation.ThrowIfCancellationRequested();
            var begin = workspace.Clock.GetTimestamp();
            Tokens(tokenizer, texts);
            rates.Add(tokens / workspace.Clock.GetElapsedTime(begin).TotalSeconds);
        }
        return row with
        {
            Value = MedianInterval.Of(rates),
            OtherWork = load.OfOthers(),
            Setting = FormattableString.Invariant(
                $"one thread, {texts.Count:n0} sentences of SST-2, {tokens:n0} tokens of BERT's uncased vocabulary, special ones included"),
        };
    }

    private static long Tokens(TextTokenizer tokenizer, List<string> texts)
    {
        var count = 0L;
        foreach (var text in texts)
            count += tokenizer.EncodePair(text, null, TimedRows.Recipe.MaxLength).Ids.Length;
        return count;
    }
}
