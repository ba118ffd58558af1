using System.Globalization;
using Replication.Papers;
using Replication.Runs;
using Spectre.Console;

namespace Replication.CommandLine;

/// <summary>A run of a plan as it is shown.</summary>
/// <param name="Number">Its place in the order, from 1.</param>
/// <param name="Run">The run.</param>
/// <param name="Needs">Numbers of the runs that come first.</param>
/// <param name="Seconds">How long it takes here; null where an input is missing.</param>
/// <param name="IsFinished">Whether it is done already.</param>
/// <param name="Missing">What is missing, in one sentence; null for nothing.</param>
internal sealed record PlanLine(int Number, PlannedRun Run, IReadOnlyList<int> Needs, double? Seconds, bool IsFinished, string? Missing);

/// <summary>A plan with its cost on this machine, also where data or models are still missing.</summary>
/// <param name="Lines">Its runs, in order.</param>
internal sealed record PlanView(IReadOnlyList<PlanLine> Lines)
{
    /// <summary>Time for what is not finished and can be estimated.</summary>
    public TimeSpan Left => TimeSpan.FromSeconds(Lines.Where(l => !l.IsFinished).Sum(l => l.Seconds ?? 0));

    /// <summary>Runs that are done.</summary>
    public int Finished => Lines.Count(l => l.IsFinished);

    /// <summary>What is missing, each once.</summary>
    public IReadOnlyList<string> Missing => [.. Lines.Select(l => l.Missing).OfType<string>().Distinct(StringComparer.Ordinal)];

    /// <summary>Looks every run of a plan up; asks for this machine's speed if any is left to do.</summary>
    public static PlanView Of(Plan plan, Workspace workspace, RunStore store, Func<Calibration> calibrate)
    {
        var numbers = plan.Runs.Index().ToDictionary(r => r.Item.SpecKey, r => r.Index + 1, StringComparer.Ordinal);
        Calibration? calibration = null;
        var lines = new List<PlanLine>();
        foreach (var (index, run) in plan.Runs.Index())
        {
            var needs = run.Needs.Select(key => numbers[key]).ToArray();
            try
            {
                var isFinished = store.Find(run.Spec) is not null;
                calibration ??= isFinished ? null : calibrate();
                var seconds = isFinished ? 0 : calibration!.Seconds(run.Spec.EstimateWork(workspace));
                lines.Add(new PlanLine(index + 1, run, needs, seconds, isFinished, null));
            }
            catch (ReplicationException e)
            {
                lines.Add(new PlanLine(index + 1, run, needs, null, false, e.Message));
            }
        }
        return new PlanView(lines);
    }

    /// <summary>One sentence: how many runs, how many done, how long the rest takes.</summary>
    public string Summary(RunEnvironment environment)
    {
        var left = Lines.Count - Finished;
        var time = left == 0 ? "nothing is left to compute"
            : $"{left} to compute, {(Missing.Count > 0 ? "more than " : "about ")}{Words.Duration(Left)} on this machine";
        return string.Create(CultureInfo.InvariantCulture,
            $"{Lines.Count} runs, {Finished} finished, {time} ({environment.Device}, {Words.Threads(environment.Threads)}).");
    }

    /// <summary>The runs as a table.</summary>
    public Table ToTable(Display display)
    {
        var table = display.Table(("#", true), ("run", false), ("kind", false), ("time", true), ("state", false), ("needs", false));
        foreach (var line in Lines)
        {
            table.AddRow(
                new Text(line.Number.ToString(CultureInfo.InvariantCulture)),
                new Text(line.Run.Spec.Describe()),
                new Text(line.Run.Spec.Kind),
                new Text(line.IsFinished || line.Seconds is null ? "" : Words.Duration(TimeSpan.FromSeconds(line.Seconds.Value))),
                new Text(line.IsFinished ? "finished" : line.Missing is null ? "" : "input missing"),
                new Text(string.Join(' ', line.Needs)));
        }
        return table;
    }

    /// <summary>The plan for programs.</summary>
    public object ToJson(IPaper paper, ExperimentRequest request, RunEnvironment environment) => new
    {
        Event = "plan",
        Paper = paper.Name,
        Profile = request.ProfileName(),
        environment.Device,
        environment.Threads,
        SecondsLeft = Left.TotalSeconds,
        Missing,
        Runs = Lines.Select(l => new { l.Number, Label = l.Run.Spec.Describe(), l.Run.Spec.Kind, l.Needs, l.Seconds, Finished = l.IsFinished, Key = l.Run.SpecKey }),
    };
}
