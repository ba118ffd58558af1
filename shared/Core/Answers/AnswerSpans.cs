namespace Replication;

/// <summary>How answers are searched for.</summary>
/// <param name="Candidates">Best starts and best ends of a window that are combined, and answers that are listed.</param>
/// <param name="MaxTokens">Most tokens of an answer.</param>
/// <param name="NullThreshold">Nothing is answered where the null score exceeds the best answer's by more than this; null where something
/// always is.</param>
public sealed record AnswerSearch(int Candidates = 20, int MaxTokens = 30, double? NullThreshold = null);

/// <summary>Finds answers from start and end logits.</summary>
internal static class AnswerSpans
{
    /// <summary>The best answers of a question.</summary>
    /// <param name="context">The passage.</param>
    /// <param name="windows">All windows of the question.</param>
    /// <param name="starts">Start logits of each window, at least one per token.</param>
    /// <param name="ends">End logits of each window.</param>
    /// <param name="search">How to search.</param>
    public static AnswerPrediction Find(
        string context, IReadOnlyList<AnswerWindow> windows, IReadOnlyList<float[]> starts, IReadOnlyList<float[]> ends,
        AnswerSearch search)
    {
        var scores = new Dictionary<(int Start, int End), double>();
        var nullScore = double.PositiveInfinity;
        for (var w = 0; w < windows.Count; w++)
        {
            var window = windows[w];
            nullScore = Math.Min(nullScore, (double)starts[w][0] + ends[w][0]);
            var lasts = Top(window, ends[w], search.Candidates).ToList();
            foreach (var start in Top(window, starts[w], search.Candidates))
            {
                foreach (var end in lasts.Where(end => end >= start && end - start < search.MaxTokens))
                {
                    var place = (window.Places[start - window.ContextFirst].Start, window.Places[end - window.ContextFirst].End);
                    var score = (double)starts[w][start] + ends[w][end];
                    if (!scores.TryGetValue(place, out var other) || score > other)
                        scores[place] = score;
                }
            }
        }
        var best = scores.OrderByDescending(s => s.Value).ThenBy(s => s.Key.Start).ThenBy(s => s.Key.End).Take(search.Candidates).ToList();
        return Prediction(context, best, nullScore, search);
    }

    private static AnswerPrediction Prediction(
        string context, List<KeyValuePair<(int Start, int End), double>> best, double nullScore, AnswerSearch search)
    {
        var isNone = best.Count == 0 || nullScore - best[0].Value > search.NullThreshold;
        var listsNone = best.Count == 0 || search.NullThreshold is not null;
        var highest = best.Select(b => b.Value).Concat(listsNone ? [nullScore] : []).Max();
        var weights = best.Select(b => Math.Exp(b.Value - highest)).ToList();
        var nullWeight = listsNone ? Math.Exp(nullScore - highest) : 0;
        var sum = weights.Sum() + nullWeight;
        return new AnswerPrediction(
            isNone ? "" : Piece(context, best[0].Key),
            [
                .. best.Select(
                    (b, i) => new AnswerSpan(Piece(context, b.Key), CodePoints.Before(context, b.Key.Start), b.Value, weights[i] / sum)
                {
                    Utf16Start = b.Key.Start,
                }),
            ],
            nullScore,
            nullWeight / sum);
    }

    private static string Piece(string context, (int Start, int End) place) => context[place.Start..place.End];

    // The best positions of the whole window, of which those outside the passage are then left out; the first of equal ones.
    private static IEnumerable<int> Top(AnswerWindow window, float[] logits, int count) => Enumerable.Range(0, window.InputIds.Length)
        .OrderByDescending(position => logits[position])
            .Take(count).Where(position => position >= window.ContextFirst && position <= window.ContextLast);
}
