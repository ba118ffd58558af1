namespace Replication.Training;

/// <summary>
/// Rows that are phrases, by sentence. Which sentence a phrase was cut out of is not in the data, so that a phrase that is no part of a
/// longer one stands for its sentence, and every phrase belongs to all sentences that contain it word for word.
/// </summary>
internal static class PhraseGroups
{
    /// <summary>A group a sentence: its own rows and those of its parts.</summary>
    /// <param name="rows">The rows' texts, words with spaces between them.</param>
    public static IReadOnlyList<IReadOnlyList<int>> Of(IReadOnlyList<string> rows)
    {
        var byText = rows.Select((text, row) => (Text: string.Join(' ', text.Split(' ', StringSplitOptions.RemoveEmptyEntries)), Row: row))
            .GroupBy(phrase => phrase.Text, phrase => phrase.Row, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal);
        var find = byText.GetAlternateLookup<ReadOnlySpan<char>>();
        var phrases = byText.Select(phrase => (phrase.Value, Parts: PartsOf(phrase.Key))).ToList();
        var parts = phrases.SelectMany(phrase => phrase.Parts).ToHashSet();
        return
        [
            .. from phrase in phrases
               where !parts.Contains(phrase.Value)
               select (IReadOnlyList<int>)[.. phrase.Parts.Prepend(phrase.Value).Distinct().SelectMany(rowsOfPart => rowsOfPart)],
        ];

        // The rows of each shorter phrase that stands in a text.
        List<int[]> PartsOf(string text)
        {
            var found = new List<int[]>();
            int[] starts = [0, .. Enumerable.Range(0, text.Length).Where(i => text[i] == ' ').Select(i => i + 1)];
            for (var first = 0; first < starts.Length; first++)
            {
                for (var end = first + 1; end <= starts.Length; end++)
                {
                    var part = text.AsSpan(starts[first], (end == starts.Length ? text.Length : starts[end] - 1) - starts[first]);
                    if (part.Length < text.Length && find.TryGetValue(part, out var rowsOfPart))
                        found.Add(rowsOfPart);
                }
            }
            return found;
        }
    }
}
