using Replication.Bert;
using Replication.Runs;
using Replication.Studies;

namespace Replication.Bench;

/// <summary>
/// What a paper's profile takes: by the plan on this machine, and by the committed evidence on the machine that computed it.
/// </summary>
/// <param name="workspace">Where it would compute.</param>
/// <param name="calibration">How fast this machine is.</param>
internal sealed class PlannedTime(Workspace workspace, Calibration calibration)
{
    /// <summary>Fills a row with the minutes of profile quick in fp32, and the share of each kind of run.</summary>
    public PerformanceRow Quick(PerformanceRow row, IPaper paper)
    {
        var request = new ExperimentRequest
        {
            Profile = Profile.Quick, Precision = Precision.Fp32, PrecisionReason = ExperimentRequest.PrecisionNamed,
            Device = workspace.Environment.Device,
        };
        var runs = Runs.Plan.Build(paper.Declared(request)).Runs
            .Select(run => (run.Spec.Kind, Seconds: calibration.Seconds(run.Spec.EstimateWork(workspace)))).ToList();
        var total = runs.Sum(run => run.Seconds);
        row = row with
        {
            Value = MedianInterval.Once(total / 60),
            Setting = FormattableString.Invariant(
                $"by the plan, not run here: {runs.Count} runs, fp32, from steps timed on this machine. {Committed(paper, Profile.Quick)}"),
        };
        return row.IsReached == true ? row : row with
        {
            Profile =
            [
                .. runs.GroupBy(run => run.Kind, StringComparer.Ordinal)
                    .Select(kind => new StepPart($"{kind.Key} ({kind.Count()})", kind.Sum(run => run.Seconds) / total)),
            ],
        };
    }

    private string Committed(IPaper paper, Profile profile)
    {
        var folder = Path.Combine(workspace.Root, "results", paper.Name, ExperimentRequest.NameOf(profile, Fidelity.Default));
        var runs = Ledger.Read(folder).Runs;
        if (runs.Count == 0)
            return "No committed run";
        var format = Json.Read<ExperimentRequest>(Path.Combine(folder, "request.json")).Precision.Word();
        var machines = runs.Select(run => run.Run.Manifest.Machine).Distinct(StringComparer.Ordinal);
        var minutes = runs.Sum(run => run.Run.Manifest.Seconds) / 60;
        return FormattableString.Invariant(
            $"The {runs.Count} committed runs took {minutes:0.0} min in {format} on {string.Join("; ", machines)}");
    }
}
