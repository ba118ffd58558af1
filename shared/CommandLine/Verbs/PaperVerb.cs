using System.CommandLine;
using Replication.Measurements;
using Replication.Studies;
using Replication.Runs;

namespace Replication.CommandLine.Verbs;

/// <summary>A paper's name: plan, run, keep the evidence, write the report, show the verdicts.</summary>
internal static class PaperVerb
{
    public static Command Create(VerbContext context, IPaper paper) => Create(context, [paper], new Command(paper.Name, $"Replicate '{paper.Title}'."));

    public static Command CreateAll(VerbContext context) => Create(context, context.Papers, new Command("all", "Replicate every paper."));

    /// <summary>The option that says where results go.</summary>
    public static Option<string?> Output() => OptionFactory.Text("--output", "Folder for the results (default: results/local).", "FOLDER");

    /// <summary>The option that replaces the committed results.</summary>
    public static Option<bool> UpdateResults() => OptionFactory.Flag("--update-results", "Write into results/, over the committed results, instead of results/local/.");

    /// <summary>The option that lists every claim.</summary>
    public static Option<bool> AllClaims() => OptionFactory.Flag("--all", "List every claim with its verdict.");

    private static Command Create(VerbContext context, IReadOnlyList<IPaper> papers, Command command)
    {
        var options = new PaperOptions();
        options.AddPartsTo(command);
        var (output, updates, listed) = (Output(), UpdateResults(), AllClaims());
        foreach (var option in (Option[])[output, updates, listed])
            command.Options.Add(option);
        var cluster = new ClusterOptions();
        cluster.AddTo(command);
        command.SetAction((parse, cancellation) => Task.Run(() =>
        {
            var display = context.Display(parse);
            var workspace = context.OpenWorkspace(parse);
            var calibration = context.Host.Calibrate(workspace, cancellation);
            var request = options.Request(parse, workspace.Environment.Device, papers, () => PrecisionChoice.LoadOrMake(workspace, calibration));
            if (request.PrecisionReason != ExperimentRequest.PrecisionNamed)
                new PrecisionChoice(request.Precision, request.PrecisionReason!).Keep(workspace);
            if (cluster.IsOn(parse))
                return cluster.Submit(context, parse, papers, request, workspace, display);
            if (cluster.Only(parse) is { } keys)
                return RunOnly(papers, request, workspace, keys, display, cancellation);
            var place = ResultsPlace.Of(context.Root, parse.GetValue(output), parse.GetValue(updates));
            // Every paper is checked before one is begun: what is missing for the last would else be said after hours.
            var views = papers.Select(paper => Plan(paper, request, workspace, calibration)).ToList();
            foreach (var (paper, view) in papers.Zip(views))
                display.Say($"{paper.Title}, profile {request.ProfileName()}: {view.Summary(workspace.Environment)}");
            display.Say(Words.NumberFormat(request.Precision, request.PrecisionReason));
            foreach (var (paper, view) in papers.Zip(views))
            {
                var forecast = new PlanForecast(view.SecondsLeft, workspace.Clock);
                var outcome = display.Watch(
                    progress => new RunExecutor(workspace, new RunStore(workspace), progress).Run(Runs.Plan.Build(paper.Experiments(request)), cancellation), forecast);
                var report = Keep(new PaperReports(place, paper, request.Profile, request.Fidelity, context.Papers), request, Left(paper, request, outcome, workspace), place, display.Say, cancellation);
                VerdictView.Show(display, [report], place, parse.GetValue(listed));
                ThrowIfIncomplete(outcome);
            }
            return 0;
        }));
        return command;
    }

    // Some runs of the plan with what they need, for a job of a cluster; the report is another job's.
    private static int RunOnly(
        IReadOnlyList<IPaper> papers, ExperimentRequest request, Workspace workspace, IReadOnlyList<string> keys, Display display, CancellationToken cancellation)
    {
        var store = new RunStore(workspace);
        var specs = Runs.Plan.Build(papers.SelectMany(paper => paper.Experiments(request))).Runs.Select(run => run.Spec).ToList();
        var chosen = keys.Select(key => specs.FirstOrDefault(spec => store.Key(spec).StartsWith(key, StringComparison.Ordinal)) ?? throw new ReplicationException(
            $"No run of this plan has the key {key}: data, model, threads or program are not those that it was planned with.")).ToList();
        ThrowIfIncomplete(display.Watch(progress => new RunExecutor(workspace, store, progress).Run(Runs.Plan.Build(chosen), cancellation)));
        return 0;
    }

    private static PlanView Plan(IPaper paper, ExperimentRequest request, Workspace workspace, Calibration calibration)
    {
        var view = PlanView.Of(Runs.Plan.Build(paper.Experiments(request)), workspace, new RunStore(workspace), calibration);
        return view.Missing.Count == 0 ? view : throw new ReplicationException(view.Missing[0]);
    }

    private static WrittenReport Keep(
        PaperReports reports, ExperimentRequest request, IReadOnlyList<FinishedRun> runs, ResultsPlace place, Action<string> note, CancellationToken cancellation)
    {
        // The same command in a second terminal ends at the same moment and writes the same files.
        using var held = place.Hold(note, cancellation);
        reports.Keep(request, runs);
        return reports.Write();
    }

    // What the report is made from: a part that was run alone keeps what the rest has left before.
    private static IReadOnlyList<FinishedRun> Left(IPaper paper, ExperimentRequest request, PlanOutcome outcome, Workspace workspace)
    {
        if (request is { Table: null, Claim: null })
            return outcome.Finished;
        var store = new RunStore(workspace);
        return [.. Runs.Plan.Build(paper.Experiments(request with { Table = null, Claim = null })).Runs.Select(run => Find(run.Spec)).OfType<FinishedRun>()];

        FinishedRun? Find(RunSpec spec)
        {
            try
            {
                return store.Find(spec);
            }
            catch (ReplicationException)
            {
                // Its inputs are not at hand, so it was not run here.
                return null;
            }
        }
    }

    private static void ThrowIfIncomplete(PlanOutcome outcome)
    {
        if (outcome.IsComplete)
            return;
        var first = outcome.Failed[0];
        throw new ReplicationException(
            $"{outcome.Failed.Count} of {outcome.Failed.Count + outcome.Finished.Count} runs failed, so the report has gaps; the first: {first.Reason}", inner: first.Cause);
    }
}
