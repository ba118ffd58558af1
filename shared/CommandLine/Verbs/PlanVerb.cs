using System.CommandLine;
using Replication.Papers;
using Replication.Runs;

namespace Replication.CommandLine.Verbs;

/// <summary>plan [paper]: the graph of runs with its cost; runs nothing.</summary>
internal static class PlanVerb
{
    public static Command Create(VerbContext context)
    {
        var paper = context.PaperArgument();
        var command = new Command("plan", "Show the runs, their order and their cost on this machine; run nothing.") { paper };
        var options = new PaperOptions();
        options.AddTo(command);
        command.SetAction((parse, cancellation) => Task.Run(() =>
        {
            var display = context.Display(parse);
            var workspace = context.OpenWorkspace(parse);
            var chosen = context.Chosen(parse.GetValue(paper));
            var request = options.Request(parse, workspace.Environment.Device, chosen);
            foreach (var one in chosen)
                Show(one, request, workspace, display, () => context.Host.Calibrate(workspace, cancellation));
            return 0;
        }));
        return command;
    }

    private static void Show(IPaper paper, ExperimentRequest request, Workspace workspace, Display display, Func<Calibration> calibrate)
    {
        var view = PlanView.Of(Plan.Build(paper.Experiments(request)), workspace, new RunStore(workspace), calibrate);
        display.Say($"{paper.Title}, profile {request.ProfileName()}");
        display.Result(() => view.ToTable(display), view.ToJson(paper, request, workspace.Environment));
        foreach (var missing in view.Missing)
            display.Say($"Missing: {missing}");
        display.Say(view.Summary(workspace.Environment));
    }
}
