using System.CommandLine;
using Replication.Measurements;
using Replication.Studies;
using Replication.Runs;

namespace Replication.CommandLine.Verbs;

/// <summary>A paper's name: plan, run, keep the evidence, write the report, show the verdicts.</summary>
internal static class PaperVerb
{
    public static Command Create(VerbContext context, IPaper paper) =>
        Create(context, [paper], new Command(paper.Name, $"Replicate '{paper.Title}'."));

    public static Command CreateAll(VerbContext context) => Create(context, context.Papers, new Command("all", "Replicate every paper."));

    /// <summary>The option that says where results go.</summary>
    public static Option<string?> Output() => OptionFactory.Text("--output", "Folder for the results (default: results/local).", "FOLDER");

    /// <summary>The option that replaces the committed results.</summary>
    public static Option<bool> UpdateResults() =>
        OptionFactory.Flag("--update-results", "Write into results/, over the committed results, instead of results/local/.");

    /// <summary>The option that lists every claim.</summary>
    public static Option<bool> AllClaims() => OptionFactory.Flag("--all", "List every claim with its verdict.");

    private static Option<bool> Continue() => OptionFactory.Flag(
        "--continue", "Count runs that the results hold already as done, wherever they were computed, and add the others to them.");

    private static Command Create(VerbContext context, IReadOnlyList<IPaper> papers, Command command)
    {
        var options = new PaperOptions();
        options.AddPartsTo(command);
        var (output, updates, listed, continues) = (Output(), UpdateResults(), AllClaims(), Continue());
        foreach (var option in (Option[])[output, updates, listed, continues])
            command.Options.Add(option);
        var cluster = new ClusterOptions();
        cluster.AddTo(command);
        command.SetAction((parse, cancellation) => Task.Run(() =>
        {
            var display = context.Display(parse);
            var workspace = context.OpenWorkspace(parse);
            var calibration = context.Host.Calibrate(workspace, cancellation);
            var request =
                options.Request(parse, workspace.Environment.Device, papers, () => PrecisionChoice.LoadOrMake(workspace, calibration));
            if (request.PrecisionReason != ExperimentRequest.PrecisionNamed)
                new PrecisionChoice(request.Precision, request.PrecisionReason!).Keep(workspace);
            var place = ResultsPlace.Of(context.Root, parse.GetValue(output), parse.GetValue(updates));
            if (context.Host.LockDoubt(workspace.RunsFolder) is { } doubt)
                display.Say(doubt);
            if (cluster.IsOn(parse))
            {
                if (parse.GetValue(continues))
                    throw new ReplicationException(
                        "--continue does not go with --on slurm, whose jobs count the runs in the runs folder alone; leave one out.",
                        ReplicationException.UsageError);
                string[] report =
                [
                    .. parse.GetValue(output) is null ? [] : new[] { "--output", place.Own },
                    .. parse.GetValue(updates) ? new[] { "--update-results" } : [],
                    .. parse.GetValue(listed) ? new[] { "--all" } : [],
                ];
                return cluster.Submit(context, parse, papers, request, workspace, calibration, report, display, cancellation);
            }
            if (cluster.Only(parse) is { } keys)
                return RunOnly(papers, request, workspace, keys, display, cancellation);
            if (OutdatedFolders.Explain(workspace) is { } outdated)
                display.Say(outdated);
            // Every paper is checked before one is begun: what is missing for the last would otherwise be found hours later.
            var work = papers.Select(paper => Work.Of(
                paper, new PaperReports(place, paper, request.Profile, request.Fidelity, context.Papers), request,
                parse.GetValue(continues), workspace,
                calibration, cancellation)).ToList();
            foreach (var reason in work.SelectMany(one => one.LeftOut).Distinct(StringComparer.Ordinal))
                display.Say($"Left out: {reason}");
            foreach (var one in work)
                display.Say($"{one.Paper.Title}, profile {request.ProfileName()}: {one.View.Summary(workspace.Environment)}");
            display.Say(Words.NumberFormat(request.Precision, request.PrecisionReason));
            foreach (var one in work)
            {
                var forecast = new PlanForecast(one.View.SecondsLeft, workspace.Clock);
                var outcome = cluster.Gathers(parse)
                    ? one.Gather()
                    : display.Watch(
                        progress => one.Run(new RunExecutor(workspace, new RunStore(workspace), progress), cancellation), forecast);
                var report = one.Keep(outcome, place, display.Say, cancellation);
                VerdictView.Show(display, [report], place, parse.GetValue(listed));
                ThrowIfIncomplete(outcome);
            }
            return 0;
        }));
        return command;
    }

    // Some runs of the plan with what they need, for a job of a cluster; the report is another job's.
    private static int RunOnly(
        IReadOnlyList<IPaper> papers, ExperimentRequest request, Workspace workspace, IReadOnlyList<string> keys, Display display,
        CancellationToken cancellation)
    {
        var store = new RunStore(workspace);
        var specs = Runs.Plan.Build(papers.SelectMany(paper => paper.Experiments(request))).Runs.Select(run => run.Spec).ToList();
        var chosen = keys.Select(
            key =>
            specs.FirstOrDefault(spec => store.Key(spec).StartsWith(key, StringComparison.Ordinal)) ?? throw new ReplicationException(
            $"No run of this plan has the key {key}: data, model, threads or program are not those that it was planned with.")).ToList();
        ThrowIfIncomplete(
            display.Watch(progress => new RunExecutor(workspace, store, progress).Run(Runs.Plan.Build(chosen), cancellation)));
        return 0;
    }

    private static void ThrowIfIncomplete(PlanOutcome outcome)
    {
        if (outcome.IsComplete)
            return;
        var first = outcome.Failed[0];
        throw new ReplicationException(
            $"{outcome.Failed.Count} of {outcome.Failed.Count + outcome.Finished.Count} runs failed, so the report has gaps; the "
                + $"first: {first.Reason}", inner: first.Cause);
    }

    // What a call has to do for a paper.
    private sealed record Work(
        IPaper Paper, PaperReports Reports, ExperimentRequest Request, bool Adds, Plan Plan, PlanView View, Workspace Workspace)
    {
        public static Work Of(
            IPaper paper, PaperReports reports, ExperimentRequest request, bool adds, Workspace workspace, Calibration calibration,
            CancellationToken cancellation)
        {
            var declared = paper.Declared(request);
            var (plan, view) = Look(adds ? reports.Open(declared, workspace) : declared);
            var lacking = view.Lines.Where(line => line.Missing is not null)
                .ToDictionary(line => line.Run.SpecKey, line => line.Missing!, StringComparer.Ordinal);
            string[] leftOut = [.. declared.Where(run => run.IsOptional).Select(
                run => lacking.GetValueOrDefault(run.Spec.SpecKey())).OfType<string>().Distinct(StringComparer.Ordinal)];
            if (leftOut.Length > 0)
            {
                declared = [.. declared.Where(run => !run.IsOptional || !lacking.ContainsKey(run.Spec.SpecKey()))];
                (plan, view) = Look(adds ? reports.Open(declared, workspace) : declared);
            }
            return view.Missing.Count == 0
                ? new Work(paper, reports, request, adds, plan, view, workspace) { LeftOut = leftOut }
                : throw new ReplicationException(view.Missing[0]);

            (Plan Plan, PlanView View) Look(IReadOnlyList<DeclaredRun> runs)
            {
                var built = Runs.Plan.Build(runs, cancellation);
                return (built, PlanView.Of(built, workspace, new RunStore(workspace), calibration, cancellation));
            }
        }

        // Why runs that are optional are not in the plan.
        public IReadOnlyList<string> LeftOut { get; private init; } = [];

        // What is added is kept as it ends, so that a stop loses none of it.
        public PlanOutcome Run(RunExecutor executor, CancellationToken cancellation) =>
            executor.Run(Plan, cancellation, Adds ? run => Reports.Add(Request, Plan, [run]) : null);

        // What is there, whatever else is not.
        public PlanOutcome Gather()
        {
            var store = new RunStore(Workspace);
            var found = Plan.Runs.Select(run => (Run: run, Finished: Find(store, run.Spec))).ToList();
            return new PlanOutcome(
                [.. found.Select(one => one.Finished).OfType<FinishedRun>()],
                [.. found.Where(one => one.Finished is null).Select(one => new FailedRun(
                    one.Run, null, $"{one.Run.Label} is not finished; its job's log says why."))]);
        }

        // The same command in a second terminal ends at the same moment and writes the same files.
        public WrittenReport Keep(PlanOutcome outcome, ResultsPlace place, Action<string> note, CancellationToken cancellation)
        {
            using var held = place.Hold(note, cancellation);
            if (Adds)
                Reports.Add(Request, Plan, outcome.Finished);
            else if (Request is { Table: null, Claim: null })
                Reports.Keep(Request, Plan, outcome.Finished);
            else
                KeepWhole();
            return Reports.Write();
        }

        // The report of a part that was run alone has what the rest has left before, in run folders or in the ledger.
        private void KeepWhole()
        {
            var request = Request with { Table = null, Claim = null };
            var plan = Runs.Plan.Build(Paper.Declared(request));
            var store = new RunStore(Workspace);
            Reports.KeepPart(request, plan, [.. plan.Runs.Select(run => Find(store, run.Spec)).OfType<FinishedRun>()], Workspace);
        }

        private static FinishedRun? Find(RunStore store, RunSpec spec)
        {
            try
            {
                return store.Find(spec);
            }
            catch (ReplicationException)
            {
                // Its inputs are not here, so it was not run here.
                return null;
            }
        }
    }
}
