using Replication.Claims;
using Replication.Reporting;
using Replication.Reporting.Overviews;
using Replication.Runs;
using Replication.Studies;

namespace Replication.CommandLine;

/// <summary>A report that was written.</summary>
/// <param name="Paper">The paper.</param>
/// <param name="Report">Its content.</param>
/// <param name="Folder">Where its pages are.</param>
/// <param name="IsCommittedEvidence">Whether it was made from the repository's evidence, for want of runs of this machine.</param>
/// <param name="Changes">Verdicts that are not the committed ones; null where none are committed.</param>
internal sealed record WrittenReport(
    IPaper Paper, PaperReport Report, string Folder, bool IsCommittedEvidence, IReadOnlyList<VerdictChange>? Changes);

/// <summary>A paper's results in a profile: the evidence and all that is made of it.</summary>
/// <param name="place">Where results are.</param>
/// <param name="paper">The paper.</param>
/// <param name="profile">The profile.</param>
/// <param name="fidelity">The form of the method. One that is not the default has a folder of its own.</param>
/// <param name="papers">All papers, whose students figures may show beside the paper's own.</param>
internal sealed class PaperReports(ResultsPlace place, IPaper paper, Profile profile, Fidelity fidelity, IReadOnlyList<IPaper> papers)
{
    private const string RequestName = "request.json";

    /// <summary>Where its pages are written.</summary>
    public string Folder { get; } = place.OwnFolder(paper.Name, ExperimentRequest.NameOf(profile, fidelity));

    /// <summary>What was asked for when the evidence was kept; null where there is none.</summary>
    public ExperimentRequest? Kept() => Evidence is { } evidence ? Request(evidence) : null;

    private string Committed => place.CommittedFolder(paper.Name, ExperimentRequest.NameOf(profile, fidelity));

    // Runs of this machine's own go before those of the repository; null where there are neither.
    private string? Evidence => new[] { Folder, Committed }.FirstOrDefault(folder => File.Exists(Path.Combine(folder, RequestName)));

    /// <summary>
    /// The runs that neither this machine's ledger nor the committed one has of the present data and models.
    /// </summary>
    public IReadOnlyList<DeclaredRun> Open(IReadOnlyList<DeclaredRun> declared, Workspace workspace)
    {
        Ledger[] ledgers = [Ledger.Read(Folder), Ledger.Read(Committed)];
        return [.. declared.Where(run => !ledgers.Any(ledger => ledger.Covers(run.Spec, workspace)))];
    }

    /// <summary>Writes the request and some runs as the evidence, and no other runs.</summary>
    public void Keep(ExperimentRequest request, Plan plan, IEnumerable<FinishedRun> runs)
    {
        Ledger.Write(Folder, plan.Entries(runs));
        AtomicFile.WriteText(Path.Combine(Folder, RequestName), Json.Text(request));
    }

    /// <summary>
    /// Writes some runs as the evidence, and of the plan's other runs keeps those whose data and models have not changed.
    /// </summary>
    public void KeepPart(ExperimentRequest request, Plan plan, IReadOnlyList<FinishedRun> runs, Workspace workspace)
    {
        var kept = Ledger.Read(Folder);
        var others = plan.Runs.ExceptBy(runs.Select(run => run.Manifest.SpecKey), run => run.SpecKey, StringComparer.Ordinal)
            .Where(run => kept.Find(run.Spec) is not null && !IsOutdated(kept, run.Spec, workspace)).Select(run => kept.Find(run.Spec)!);
        Keep(request, plan, [.. runs, .. others]);
    }

    // Runs whose data is missing now stay.
    private static bool IsOutdated(Ledger kept, RunSpec spec, Workspace workspace)
    {
        try
        {
            return !kept.Covers(spec, workspace);
        }
        catch (ReplicationException)
        {
            return false;
        }
    }

    /// <summary>Adds some runs to the committed evidence and to that of this machine.</summary>
    public void Add(ExperimentRequest request, Plan plan, IEnumerable<FinishedRun> runs)
    {
        Ledger.Add(Folder, [.. plan.Entries(runs), .. Ledger.Read(Committed).Runs]);
        AtomicFile.WriteText(Path.Combine(Folder, RequestName), Json.Text(request));
    }

    /// <summary>Makes tables, figures, claims and pages from the evidence alone; the same evidence gives the same bytes.</summary>
    public WrittenReport Write()
    {
        if (Directory.Exists(Folder))
            AtomicFile.DiscardLeftovers(Folder);
        var evidence = Evidence ?? throw new InvalidOperationException($"{Folder} holds no evidence.");
        var others = papers.Where(other => other.Name != paper.Name)
            .SelectMany(other => new PaperReports(place, other, profile, Fidelity.Default, papers).Students()).ToList();
        // A paper may have renamed its variants; the committed ledger is renamed where it is what is written.
        if (evidence == Folder)
            Ledger.Name(Folder, Plan.Build(paper.Declared(Request(evidence))));
        var report = paper.Report(Request(evidence), Find(evidence), others);
        // Before they are written over.
        var committed = CommittedVerdicts.Read(Committed);
        ReportWriter.Write(report, Folder, place.Own);
        ResultsIndex.Write(place.Own);
        Overview.Write(place.Own);
        if (place.Own == place.Committed)
            ReadmeFindings.Update(Path.Combine(Path.GetDirectoryName(place.Committed)!, "README.md"), place.Committed);
        return new WrittenReport(
            paper, report, Folder, evidence != Folder, committed is null ? null : CommittedVerdicts.Changes(committed, report.Claims));
    }

    private IReadOnlyList<TrainedStudent> Students() => Evidence is { } evidence ? paper.Students(Request(evidence), Find(evidence)) : [];

    private static ExperimentRequest Request(string evidence) => Json.Read<ExperimentRequest>(Path.Combine(evidence, RequestName));

    private static Func<RunSpec, FinishedRun?> Find(string evidence) => Ledger.Read(evidence).Find;

    /// <summary>The profiles and forms of a paper that have evidence.</summary>
    public static IReadOnlyList<(Profile Profile, Fidelity Fidelity)> Kept(ResultsPlace place, IPaper paper) =>
    [
        .. from profile in Enum.GetValues<Profile>()
           from fidelity in paper.Fidelities
           where new PaperReports(place, paper, profile, fidelity, []).Evidence is not null
           select (profile, fidelity),
    ];
}
