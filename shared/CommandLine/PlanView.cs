using System.Globalization;
using Replication.Bert;
using Replication.Studies;
using Replication.Runs;
using Replication.Training;
using Spectre.Console;
using static System.FormattableString;

namespace Replication.CommandLine;

/// <summary>A run of a plan as it is shown.</summary>
/// <param name="Number">Its place in the order, from 1.</param>
/// <param name="Run">The run.</param>
/// <param name="Needs">Numbers of the runs that come first.</param>
/// <param name="Seconds">How long it takes here by the estimate; null where it is unknown or was not asked for.</param>
/// <param name="GpuSeconds">The same on <see cref="AssumedGpu.A100"/>.</param>
/// <param name="Took">How many seconds it took; null where it is not finished.</param>
/// <param name="Missing">What is missing, in one sentence; null for nothing.</param>
internal sealed record PlanLine(
    int Number, PlannedRun Run, IReadOnlyList<int> Needs, double? Seconds, double? GpuSeconds, double? Took, string? Missing)
{
    /// <summary>How long it takes on <see cref="AssumedGpu.Consumer"/>.</summary>
    public double? ConsumerSeconds { get; init; }

    /// <summary>Whether it is done already.</summary>
    public bool IsFinished => Took is not null;

    /// <summary>Whether the estimate rests on published sizes, since data or model are not here.</summary>
    public bool IsByPublishedSizes => Missing is not null && GpuSeconds is not null;
}

/// <summary>A plan with its cost on this machine, also where data or models are still missing.</summary>
/// <param name="Lines">Its runs, in order.</param>
internal sealed record PlanView(IReadOnlyList<PlanLine> Lines)
{
    // Shorter runs are mostly starting and reading.
    private const double LeastSecondsToJudgeBy = 5;

    /// <summary>Time for what is not finished and can be estimated.</summary>
    public TimeSpan Left => TimeSpan.FromSeconds(Open.Sum(l => l.Seconds ?? 0));

    /// <summary>GPU-hours for the same, on <see cref="AssumedGpu.A100"/>.</summary>
    public double GpuHoursLeft => Open.Sum(l => l.GpuSeconds ?? 0) / 3600;

    /// <summary>Hours for the same, on <see cref="AssumedGpu.Consumer"/>.</summary>
    public double ConsumerHoursLeft => Open.Sum(l => l.ConsumerSeconds ?? 0) / 3600;

    /// <summary>Runs that are done.</summary>
    public int Finished => Lines.Count(l => l.IsFinished);

    /// <summary>What is missing, each once.</summary>
    public IReadOnlyList<string> Missing => [.. Lines.Select(l => l.Missing).OfType<string>().Distinct(StringComparer.Ordinal)];

    /// <summary>What each run in the plan's order still takes, by the estimate.</summary>
    public IReadOnlyList<double> SecondsLeft => [.. Lines.Select(l => l.IsFinished ? 0 : l.Seconds ?? 0)];

    private IEnumerable<PlanLine> Open => Lines.Where(l => !l.IsFinished);

    /// <summary>Looks every run of a plan up; measures this machine's speed if any is left to do.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="workspace">Data and models.</param>
    /// <param name="store">Finished runs.</param>
    /// <param name="calibration">How fast this machine is.</param>
    /// <param name="cancellation">Stops between two runs.</param>
    public static PlanView Of(Plan plan, Workspace workspace, RunStore store, Calibration calibration, CancellationToken cancellation)
    {
        var numbers = plan.Runs.Index().ToDictionary(r => r.Item.SpecKey, r => r.Index + 1, StringComparer.Ordinal);
        var lines = Each(plan.Runs.Index(), cancellation)
            .Select(r => Look(r.Index + 1, r.Item, [.. r.Item.Needs.Select(key => numbers[key])], store)).ToList();
        var isOpen = lines.Any(l => !l.IsFinished);
        var assuming = workspace with { AssumesPublishedSizes = true };
        return new PlanView(
            [.. Each(lines, cancellation)
                .Select(line => isOpen ? Estimate(line, line.Missing is null ? workspace : assuming, calibration) : line)]);
    }

    /// <summary>One sentence: how many runs, how many done, how long the rest takes.</summary>
    public string Summary(RunEnvironment environment)
    {
        var unknown = Open.Count(l => l.Seconds is null);
        return Invariant(
            $"{Lines.Count} runs, {Finished} finished, {TimeLeft()} ({environment.Device}, {Words.Threads(environment.Threads)}).")
            + (Open.Count(l => l.IsByPublishedSizes) is var published and > 0
                ? Invariant($" {published} of them are {PublishedTask.Words}.")
                : "")
            + (unknown == 0 ? "" : Invariant($" {unknown} of them cannot be estimated before their data and models are here."));
    }

    /// <summary>How much is left, such as "2 to compute, about 5 min on this machine".</summary>
    public string TimeLeft()
    {
        var left = Lines.Count - Finished;
        return left == 0 ? "nothing is left to compute"
            : Invariant(
                $"{left} to compute, {(Open.Any(l => l.Seconds is null) ? "more than" : "about")} {Words.Duration(Left)} on this machine");
    }

    /// <summary>
    /// How sure the estimate is, in one sentence: by the runs that are finished here, if there are any; null where nothing is left.
    /// </summary>
    public string? Certainty()
    {
        if (Finished == Lines.Count)
            return null;
        var ratios = Lines.Where(l => l is { Took: not null, Seconds: >= LeastSecondsToJudgeBy })
            .Select(l => l.Took!.Value / l.Seconds!.Value).Order().ToList();
        return ratios.Count == 0
            ? "How sure: computed from a short timing of this machine; no run of the plan is finished here to check it by."
            : string.Create(
                CultureInfo.InvariantCulture,
                $"How sure: the {Counted(ratios.Count, "run")} finished here took {ratios[0]:0.0} to {ratios[^1]:0.0} times "
                + $"the estimate, so about {Words.Duration(Left * ratios[0])} to {Words.Duration(Left * ratios[^1])}.");
    }

    /// <summary>The plan as a table: every run, or a row a kind.</summary>
    public Table ToTable(Display display, bool all) => all ? Runs(display) : Kinds(display);

    private Table Runs(Display display)
    {
        var table = display.Table(("#", true), ("run", false), ("kind", false), ("time", true), ("state", false), ("needs", false));
        foreach (var line in Lines)
        {
            table.AddRow(
                new Text(line.Number.ToString(CultureInfo.InvariantCulture)),
                new Text(line.Run.Label),
                new Text(line.Run.Spec.Kind),
                new Text(line.IsFinished || line.Seconds is null ? "" : Words.Duration(TimeSpan.FromSeconds(line.Seconds.Value))),
                new Text(line.IsFinished ? "finished" : line.Missing is null ? "" : "input missing"),
                new Text(string.Join(' ', line.Needs)));
        }
        return table;
    }

    private Table Kinds(Display display)
    {
        var table = display.Table(
            ("kind", false), ("runs", true), ("finished", true), ("input missing", true), ("time", true), ("GPU-hours", true));
        foreach (var kind in Lines.GroupBy(l => l.Run.Spec.Kind, StringComparer.Ordinal))
        {
            var part = new PlanView([.. kind]);
            table.AddRow(
                new Text(kind.Key), new Text(Invariant($"{part.Lines.Count}")), new Text(Invariant($"{part.Finished}")),
                new Text(Invariant($"{part.Lines.Count(l => l.Missing is not null)}")), new Text(Words.Duration(part.Left)),
                new Text(Invariant($"{part.GpuHoursLeft:0.0}")));
        }
        return table;
    }

    /// <summary>The plan for programs.</summary>
    /// <param name="paper">The paper.</param>
    /// <param name="request">What was asked of it.</param>
    /// <param name="environment">Where it would run.</param>
    /// <param name="other">The same plan in the other number format.</param>
    public object ToJson(IPaper paper, ExperimentRequest request, RunEnvironment environment, PlanView other) => new
    {
        Event = "plan",
        Paper = paper.Name,
        Profile = request.ProfileName(),
        environment.Device,
        environment.Threads,
        Precision = request.Precision.Word(),
        request.PrecisionReason,
        SecondsLeft = Left.TotalSeconds,
        GpuHoursLeft,
        ConsumerHoursLeft,
        SecondsLeftInOtherPrecision = other.Left.TotalSeconds,
        Missing,
        Runs = Lines.Select(l => new
        {
            l.Number, Label = l.Run.Label, l.Run.Spec.Kind, l.Needs, l.Seconds, Finished = l.IsFinished, Key = l.Run.SpecKey,
        }),
    };

    /// <summary>The same with the GPU-hours of another view of it: a GPU trains in bf16, whatever is faster here.</summary>
    public PlanView PricedAs(PlanView other) => new(
        [.. Lines.Zip(other.Lines, (line, its) => line with { GpuSeconds = its.GpuSeconds, ConsumerSeconds = its.ConsumerSeconds })]);

    // A paper profile has hundreds of runs, whose data and models are read to tell their keys.
    private static IEnumerable<T> Each<T>(IEnumerable<T> items, CancellationToken cancellation)
    {
        foreach (var item in items)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return item;
        }
    }

    private static PlanLine Look(int number, PlannedRun run, IReadOnlyList<int> needs, RunStore store)
    {
        try
        {
            return new PlanLine(number, run, needs, null, null, store.Find(run.Spec)?.Manifest.Seconds, null);
        }
        catch (ReplicationException e)
        {
            return new PlanLine(number, run, needs, null, null, null, e.Message);
        }
    }

    private static PlanLine Estimate(PlanLine line, Workspace workspace, Calibration calibration)
    {
        try
        {
            var work = line.Run.Spec.EstimateWork(workspace);
            return line with
            {
                Seconds = calibration.Seconds(work), GpuSeconds = AssumedGpu.A100.Rates.Seconds(work),
                ConsumerSeconds = AssumedGpu.Consumer.Rates.Seconds(work),
            };
        }
        catch (ReplicationException e)
        {
            return line with { Missing = line.Missing ?? e.Message };
        }
    }

    private static string Counted(int count, string noun) => Invariant($"{count} {noun}{(count == 1 ? "" : "s")}");
}
