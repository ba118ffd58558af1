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
    /// <summary>Fills a row with the minutes of profile quick in fp32.</summary>
    public PerformanceRow Quick(PerformanceRow row, IPaper paper)
    {
        var (runs, seconds) = Plan(paper, Profile.Quick);
        return row with
        {
            Value = MedianInterval.Once(seconds / 60),
            Setting = FormattableString.Invariant(
                $"by the plan, not run here: {runs} runs, fp32, from steps timed on this machine. {Committed(paper, Profile.Quick)}"),
        };
    }

    /// <summary>What is known of the runs of profile small, in a sentence.</summary>
    public string Small(IPaper paper)
    {
        var (runs, seconds) = Plan(paper, Profile.Small);
        return FormattableString.Invariant(
            $"by the plan {runs} runs in {seconds / 3600:0.0} h in fp32, {runs * 3600 / seconds:0} runs an hour. ")
            + Committed(paper, Profile.Small);
    }

    private (int Runs, double Seconds) Plan(IPaper paper, Profile profile)
    {
        var request = new ExperimentRequest
        {
            Profile = profile, Precision = Precision.Fp32, PrecisionReason = ExperimentRequest.PrecisionNamed,
            Device = workspace.Environment.Device,
        };
        var plan = Runs.Plan.Build(paper.Declared(request));
        return (plan.Runs.Count, plan.Runs.Sum(run => calibration.Seconds(run.Spec.EstimateWork(workspace))));
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
