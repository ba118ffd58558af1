using System.CommandLine;
using Replication.Papers;
using Replication.Runs;

namespace Replication.CommandLine.Verbs;

/// <summary>A paper's name: plan, run, keep the evidence, write the report, show the verdicts.</summary>
internal static class PaperVerb
{
    public static Command Create(VerbContext context, IPaper paper) => Create(context, [paper], new Command(paper.Name, $"Replicate '{paper.Title}'."));

    public static Command CreateAll(VerbContext context) => Create(context, context.Papers, new Command("all", "Replicate every paper."));

    /// <summary>The option that says where results go.</summary>
    public static Option<string?> Output() => OptionFactory.Text("--output", "Folder for the results (default: results).", "FOLDER");

    private static Command Create(VerbContext context, IReadOnlyList<IPaper> papers, Command command)
    {
        var options = new PaperOptions();
        options.AddTo(command);
        var output = Output();
        command.Options.Add(output);
        command.SetAction((parse, cancellation) => Task.Run(() =>
        {
            var display = context.Display(parse);
            var workspace = context.OpenWorkspace(parse);
            var request = options.Request(parse, workspace.Environment.Device, papers);
            var results = context.Results(parse.GetValue(output));
            if (request.Precision is null && Bf16Advice.For(workspace.Environment) is { } advice)
                display.Say(advice);
            foreach (var paper in papers)
            {
                var view = Plan(paper, request, workspace, () => context.Host.Calibrate(workspace, cancellation));
                display.Say($"{paper.Title}, profile {request.ProfileName()}: {view.Summary(workspace.Environment)}");
                Run(paper, context.Papers, request, workspace, results, display, cancellation);
            }
            return 0;
        }));
        return command;
    }

    private static PlanView Plan(IPaper paper, ExperimentRequest request, Workspace workspace, Func<Calibration> calibrate)
    {
        var view = PlanView.Of(Runs.Plan.Build(paper.Experiments(request)), workspace, new RunStore(workspace), calibrate);
        return view.Missing.Count == 0 ? view : throw new ReplicationException(view.Missing[0]);
    }

    private static void Run(IPaper paper, IReadOnlyList<IPaper> all, ExperimentRequest request, Workspace workspace, string results, Display display, CancellationToken cancellation)
    {
        var plan = Runs.Plan.Build(paper.Experiments(request));
        var outcome = display.Watch(progress => new RunExecutor(workspace, new RunStore(workspace), progress).Run(plan, cancellation));
        var reports = new PaperReports(results, paper, request.Profile, request.Variant, all);
        // The same command in a second terminal ends at the same moment and writes the same files.
        using (FolderLock.Acquire(Path.Combine(workspace.CacheFolder, "reports"), "The report", Timeout.InfiniteTimeSpan, null, TimeProvider.System, cancellation))
        {
            reports.Keep(request, outcome.Finished);
            reports.Show(display);
        }
        if (outcome.IsComplete)
            return;
        var first = outcome.Failed[0];
        throw new ReplicationException($"{outcome.Failed.Count} of {plan.Runs.Count} runs failed, so the report has gaps; the first: {first.Reason}", inner: first.Cause);
    }
}
