using Replication.Papers;
using Replication.Reporting;
using Replication.Runs;

namespace Replication.CommandLine;

/// <summary>A paper's results in a profile: results/&lt;paper&gt;/&lt;profile&gt; with the evidence and all that is made of it.</summary>
/// <param name="results">The folder of all results.</param>
/// <param name="paper">The paper.</param>
/// <param name="profile">The profile.</param>
/// <param name="variant">The form of the method; null for the paper's. Another one has a folder of its own.</param>
/// <param name="papers">All papers, whose students figures may show beside the paper's own.</param>
internal sealed class PaperReports(string results, IPaper paper, Profile profile, MethodVariant? variant, IReadOnlyList<IPaper> papers)
{
    /// <summary>Where it lies.</summary>
    public string Folder { get; } = Path.Combine(results, paper.Name, ExperimentRequest.NameOf(profile, variant));

    /// <summary>The evidence.</summary>
    public string Runs => Path.Combine(Folder, "runs");

    private string RequestFile => Path.Combine(Folder, "request.json");

    /// <summary>Keeps what was asked for and what the runs found.</summary>
    public void Keep(ExperimentRequest request, IEnumerable<FinishedRun> runs)
    {
        Evidence.Export(runs, Runs);
        AtomicFile.WriteText(RequestFile, Json.Text(request));
    }

    /// <summary>Makes tables, figures, claims and pages from the evidence alone; the same evidence gives the same bytes.</summary>
    private PaperReport Write()
    {
        var others = papers.Where(other => other.Name != paper.Name).SelectMany(other => new PaperReports(results, other, profile, null, papers).Students()).ToList();
        var report = paper.Report(Json.Read<ExperimentRequest>(RequestFile), Evidence.Load(Runs), others);
        ReportWriter.Write(report, Folder, results);
        ResultsIndex.Write(results);
        return report;
    }

    /// <summary>Writes the report and shows its verdicts.</summary>
    public void Show(Display display)
    {
        var report = Write();
        display.Result(() => VerdictView.ToTable(display, report), VerdictView.ToJson(paper, report, Folder));
        display.Say($"{VerdictView.Summary(report)} The report is {Path.Combine(Folder, ReportFiles.Page)}.");
    }

    private IReadOnlyList<TrainedStudent> Students() =>
        File.Exists(RequestFile) ? paper.Students(Json.Read<ExperimentRequest>(RequestFile), Evidence.Load(Runs)) : [];

    /// <summary>The profiles and forms of a paper that have evidence.</summary>
    public static IReadOnlyList<(Profile Profile, MethodVariant? Variant)> Kept(string results, IPaper paper) =>
    [
        .. from profile in Enum.GetValues<Profile>()
           from variant in paper.Variants
           let kept = variant == MethodVariant.Paper ? (MethodVariant?)null : variant
           where File.Exists(new PaperReports(results, paper, profile, kept, []).RequestFile)
           select (profile, kept),
    ];
}
