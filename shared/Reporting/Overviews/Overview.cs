using Replication.Claims;

namespace Replication.Reporting.Overviews;

/// <summary>
/// results/overview: what was found in all papers, as a page, as Markdown and as pictures, from the committed verdicts alone.
/// </summary>
public static class Overview
{
    /// <summary>Name of its folder under results/.</summary>
    public const string FolderName = "overview";

    /// <summary>The Markdown's name.</summary>
    public const string TextName = "overview.md";

    /// <summary>The page's name; git leaves it out as it does all pages.</summary>
    public const string PageName = "overview.html";

    /// <summary>The picture of the orders.</summary>
    public const string OrdersName = "orders.svg";

    /// <summary>The picture of sizes and speeds.</summary>
    public const string RatiosName = "sizes-and-speeds.svg";

    /// <summary>From the folder to that of all results.</summary>
    internal const string Way = "../";

    /// <summary>The files by name.</summary>
    /// <param name="resultsFolder">Holds paper/profile/claims.csv, and deployment where it was measured.</param>
    /// <exception cref="ReplicationException">A claims.csv cannot be read.</exception>
    public static IReadOnlyDictionary<string, string> Files(string resultsFolder)
    {
        var papers = JudgedPaper.Read(resultsFolder);
        var orders = ForestPlot.Of(papers.Select(paper => (paper.Heading, paper.Of(ClaimKind.Order))));
        var ratios = DeviationPlot.Of(papers);
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [OrdersName] = Html.Text(orders),
            [RatiosName] = Html.Text(ratios),
            [TextName] = OverviewText.Of(papers, ShippedResults.Markdown(resultsFolder, Way)),
            [PageName] = OverviewPage.Of(
                papers, orders, ratios, ShippedResults.Pages(resultsFolder), ShippedResults.Figures(resultsFolder)),
        };
    }

    /// <summary>Writes the files into their folder; none where no paper has verdicts.</summary>
    /// <exception cref="ReplicationException">A claims.csv cannot be read, or a file cannot be written.</exception>
    public static void Write(string resultsFolder)
    {
        if (JudgedPaper.Read(resultsFolder).Count == 0)
            return;
        foreach (var (name, text) in Files(resultsFolder))
            AtomicFile.WriteText(Path.Combine(resultsFolder, FolderName, name), text);
    }
}

/// <summary>A paper with the verdicts of the largest profile that was run.</summary>
/// <param name="Folder">Its folder under results/, such as "tinybert/small".</param>
/// <param name="Claims">Its verdicts.</param>
internal sealed record JudgedPaper(string Folder, IReadOnlyList<ClaimOutcome> Claims)
{
    // Reference is held against another program, not against the paper.
    private static readonly string[] Profiles = ["paper", "evidence", "small", "quick"];

    /// <summary>The paper's name, as its claims have it.</summary>
    public string Name => Claims[0].Claim.Paper;

    /// <summary>The profile.</summary>
    public string Profile => Folder[(Folder.IndexOf('/', StringComparison.Ordinal) + 1)..];

    /// <summary>Such as "TinyBERT, profile small".</summary>
    public string Heading => HeadingOf(Name, Profile);

    /// <inheritdoc cref="Heading"/>
    public static string HeadingOf(string paper, string profile) => $"{paper}, profile {profile}";

    /// <summary>The papers under a folder of results, by name.</summary>
    public static IReadOnlyList<JudgedPaper> Read(string resultsFolder) =>
    [
        .. from paper in Directory.GetDirectories(resultsFolder).Select(Path.GetFileName).OfType<string>().Order(StringComparer.Ordinal)
           let profile = Profiles.FirstOrDefault(name => File.Exists(Path.Combine(resultsFolder, paper, name, ReportFiles.Claims)))
           where profile is not null
           let claims = ClaimsTable.Read(Path.Combine(resultsFolder, paper, profile, ReportFiles.Claims))
           where claims.Count > 0
           select new JudgedPaper($"{paper}/{profile}", claims),
    ];

    /// <summary>The verdicts of some kinds.</summary>
    public IReadOnlyList<ClaimOutcome> Of(params ClaimKind[] kinds) => [.. Claims.Where(outcome => kinds.Contains(outcome.Claim.Kind))];
}
