using System.Reflection;

namespace Replication.Claims;

/// <summary>A paper's published cells, found by table, model, task and metric.</summary>
public sealed class PublishedCells
{
    private static readonly string[] Columns =
        ["paper", "table", "split", "model", "task", "metric", "value", "unit", "source", "confidence"];

    private PublishedCells(IReadOnlyList<PublishedCell> all) => All = all;

    /// <summary>Every cell, in the file's order.</summary>
    public IReadOnlyList<PublishedCell> All { get; }

    /// <summary>Reads published.csv.</summary>
    /// <param name="stream">UTF-8 with a header.</param>
    /// <param name="name">The file's name, for messages.</param>
    /// <exception cref="ReplicationException">A line cannot be used, or names a cell a second time; the message names file, line and
    /// column.</exception>
    public static PublishedCells Read(Stream stream, string name = "published.csv")
    {
        var cells = new List<PublishedCell>();
        var keys = new HashSet<string>(StringComparer.Ordinal);
        foreach (var row in CsvRow.ReadAll(stream, name, Columns))
        {
            var cell = new PublishedCell(
                row.Required("paper"), row.Required("table"), row.Required("split"), row.Required("model"), row.Required("task"),
                row.Required("metric"),
                row.Required("value"), row.Required("unit"), row.Required("source"), row.Member<Confidence>("confidence"));
            if (!keys.Add(cell.Key))
                throw row.Bad("metric", $"the first value of {cell.Key}, not a second one,");
            cells.Add(cell);
        }
        return new PublishedCells(cells);
    }

    /// <summary>Reads the published.csv in a paper's assembly.</summary>
    /// <exception cref="InvalidOperationException">It has none.</exception>
    public static PublishedCells OfAssembly(Assembly assembly)
    {
        const string Name = "published.csv";
        using var stream = assembly.GetManifestResourceStream(Name)
            ?? throw new InvalidOperationException($"{Name} is not embedded in {assembly.GetName().Name}.");
        return Read(stream, Name);
    }

    /// <summary>The models of a table, in its order.</summary>
    public IEnumerable<string> Models(string table) => All.Where(cell => cell.Table == table).Select(cell => cell.Model).Distinct();

    /// <summary>The same with cells that follow from them, such as ratios.</summary>
    public PublishedCells With(IEnumerable<PublishedCell> more) => new([.. All, .. more]);

    /// <summary>A model's score as a share of another's, in %; null where one of them is not published.</summary>
    public double? Share(string table, string model, string whole, string task, string metric)
    {
        double? Value(string of) =>
            All.FirstOrDefault(c => (c.Table, c.Model, c.Task, c.Metric) == (table, of, task, metric))?.RegressionValue;
        return 100 * Value(model) / Value(whole);
    }

    /// <summary>The one cell of a table, model, task and metric (and split, where several are printed).</summary>
    /// <exception cref="ReplicationException">There is no such cell, or more than one; the message names the nearest.</exception>
    public PublishedCell Find(string table, string model, string task, string metric, string? split = null)
    {
        var found = All.Where(c => Matches(c.Table, table) && Matches(c.Model, model) && Matches(c.Task, task) && Matches(c.Metric, metric)
            && (split is null || Matches(c.Split, split))).ToList();
        if (found.Count == 1)
            return found[0];
        var asked = $"{table} / {model} / {task} / {metric}" + (split is null ? "" : $" / {split}");
        if (found.Count > 1)
            throw new ReplicationException(
                $"Several published cells match {asked}: say which split of {string.Join(", ", found.Select(c => c.Split))}.");
        var nearest = All
            .Select(c => (c.Key, Right: Score(c)))
            .OrderByDescending(c => c.Right).ThenBy(c => c.Key, StringComparer.Ordinal)
            .Take(3).Select(c => $"'{c.Key}'");
        throw new ReplicationException($"No published cell {asked}; the nearest are {string.Join(", ", nearest)}.");

        // Whole parts that agree count most; within a part, how much of its beginning agrees.
        double Score(PublishedCell c) =>
            Likeness(c.Table, table) + Likeness(c.Model, model) + Likeness(c.Task, task) + Likeness(c.Metric, metric)
                + (split is null ? 0 : Likeness(c.Split, split));
    }

    private static bool Matches(string a, string b) => string.Equals(a, b, StringComparison.Ordinal);

    private static double Likeness(string a, string b)
    {
        if (Matches(a, b))
            return 2;
        var common = a.Zip(b).TakeWhile(p => char.ToLowerInvariant(p.First) == char.ToLowerInvariant(p.Second)).Count();
        return 2.0 * common / (a.Length + b.Length);
    }
}
