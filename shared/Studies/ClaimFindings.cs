using System.Reflection;

namespace Replication.Studies;

/// <summary>
/// findings.md of a paper: why a claim does not hold where that is known, by the claim's id. A heading "## id" begins a text, and a
/// star at an id's end stands for any. Texts under "# With another teacher" count only where the teacher is not the paper's.
/// </summary>
public sealed class ClaimFindings
{
    private const string Small = "# With another teacher", Entry = "## ";

    private readonly IReadOnlyList<(string Id, bool IsSmall, string Text)> _texts;

    private ClaimFindings(IReadOnlyList<(string Id, bool IsSmall, string Text)> texts) => _texts = texts;

    /// <summary>None.</summary>
    public static ClaimFindings None { get; } = new([]);

    /// <summary>Reads the findings.md in a paper's assembly; empty where it has none.</summary>
    public static ClaimFindings OfAssembly(Assembly assembly)
    {
        using var stream = assembly.GetManifestResourceStream("findings.md");
        if (stream is null)
            return None;
        using var reader = new StreamReader(stream);
        return Parse(reader.ReadToEnd());
    }

    /// <summary>Reads a text of that form.</summary>
    public static ClaimFindings Parse(string markdown)
    {
        var texts = new List<(string, bool, string)>();
        var isSmall = false;
        string? id = null;
        var lines = new List<string>();
        void Close()
        {
            if (id is not null)
                texts.Add((id, isSmall, string.Join(' ', lines.Select(l => l.Trim()).Where(l => l.Length > 0))));
            (id, lines) = (null, []);
        }
        foreach (var line in markdown.ReplaceLineEndings("\n").Split('\n'))
        {
            if (line.StartsWith(Entry, StringComparison.Ordinal))
            {
                Close();
                id = line[Entry.Length..].Trim();
            }
            else if (line.StartsWith("# ", StringComparison.Ordinal))
            {
                Close();
                isSmall = line.Trim() == Small;
            }
            else
            {
                lines.Add(line);
            }
        }
        Close();
        return new ClaimFindings(texts);
    }

    /// <summary>The text of a claim; null for none. A text of its own goes before one of many claims.</summary>
    public string? Of(string id, bool isPapersOwn) => _texts
        .Where(t => !t.IsSmall || !isPapersOwn)
        .Where(t => t.Id == id || (t.Id.EndsWith('*') && id.StartsWith(t.Id[..^1], StringComparison.Ordinal)))
        .OrderBy(t => t.Id.EndsWith('*')).Select(t => t.Text).FirstOrDefault();

    /// <summary>The ids that have a text.</summary>
    public IEnumerable<string> Ids => _texts.Select(t => t.Id);
}
