using Replication.Glue;

namespace Replication.Training;

/// <summary>Which of a task's training rows are held out to choose hyper-parameters on; the same for every seed.</summary>
/// <param name="HeldOut">Rows that are measured.</param>
/// <param name="LeftOut">Rows that are neither measured nor trained on, since both sides have what they are a part of.</param>
internal sealed record HeldOutRows(HashSet<int> HeldOut, HashSet<int> LeftOut)
{
    /// <summary>Rows drawn one by one, whatever texts they share.</summary>
    /// <param name="total">Rows of which they are drawn, the first ones.</param>
    /// <param name="share">The share that is held out.</param>
    public static HeldOutRows OneByOne(int total, double share) => new([.. Drawn(total).Take(Target(total, share))], []);

    /// <summary>
    /// Whole groups of rows, so many that they come next to the share without passing it. A row of several groups is held out where all
    /// of them are, and left out where only some are.
    /// </summary>
    /// <param name="groups">Rows by group; one that is not among the first <paramref name="total"/> does not count.</param>
    /// <param name="total">Rows of which they are drawn, the first ones.</param>
    /// <param name="share">The share that is held out.</param>
    public static HeldOutRows OfGroups(IReadOnlyList<IReadOnlyList<int>> groups, int total, double share)
    {
        var open = new int[total];
        foreach (var row in groups.SelectMany(group => group).Where(row => row < total))
            open[row]++;
        var (held, touched, target) = (new HashSet<int>(), new HashSet<int>(), Target(total, share));
        foreach (var group in Drawn(groups.Count).Select(number => groups[number]))
        {
            int[] last = [.. group.Where(row => row < total && open[row] == 1)];
            if (last.Length == 0 || held.Count + last.Length > target)
                continue;
            held.UnionWith(last);
            foreach (var row in group.Where(row => row < total))
            {
                open[row]--;
                touched.Add(row);
            }
            if (held.Count == target)
                break;
        }
        touched.ExceptWith(held);
        return new HeldOutRows(held, touched);
    }

    /// <summary>
    /// The groups of rows that have a text in common: in SST-2, whose rows are phrases, a sentence with its parts; elsewhere all rows that
    /// share a sentence with another of them, such as MNLI's of one premise.
    /// </summary>
    /// <param name="task">The task.</param>
    /// <param name="rows">All rows of its training set.</param>
    public static IReadOnlyList<IReadOnlyList<int>> ByText(GlueTask task, IReadOnlyList<GlueExample> rows) =>
        task == GlueTasks.Sst2 ? PhraseGroups.Of([.. rows.Select(row => row.Sentence1)]) : BySentence(rows);

    private static IReadOnlyList<IReadOnlyList<int>> BySentence(IReadOnlyList<GlueExample> rows)
    {
        var parent = Enumerable.Range(0, rows.Count).ToArray();
        var first = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (number, row) in rows.Index())
        {
            foreach (var sentence in row.Sentence2 is null ? (string[])[row.Sentence1] : [row.Sentence1, row.Sentence2])
            {
                if (!first.TryAdd(sentence, number))
                    parent[Root(number)] = Root(first[sentence]);
            }
        }
        return [.. Enumerable.Range(0, rows.Count).GroupBy(Root).Select(group => (IReadOnlyList<int>)[.. group])];

        int Root(int row)
        {
            while (parent[row] != row)
                row = parent[row] = parent[parent[row]];
            return row;
        }
    }

    private static int Target(int total, double share) => (int)Math.Round(total * share);

    private static int[] Drawn(int count)
    {
        var numbers = Enumerable.Range(0, count).ToArray();
        new RandomStream(0, "held-out rows").Shuffle<int>(numbers);
        return numbers;
    }
}
