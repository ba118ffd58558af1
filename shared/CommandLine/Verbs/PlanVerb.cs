using System.CommandLine;
using System.Globalization;
using Replication.Bert;
using Replication.Measurements;
using Replication.Studies;
using Replication.Runs;

namespace Replication.CommandLine.Verbs;

/// <summary>plan [paper]: the graph of runs with its cost in either number format; runs nothing.</summary>
internal static class PlanVerb
{
    // Headings, the sentences below the table, and the prompt take the rest of a screen.
    private const int RunsOnAScreen = 17;

    public static Command Create(VerbContext context)
    {
        var paper = context.PaperArgument();
        var all = OptionFactory.Flag("--all", "List every run, however many there are.");
        var costs = OptionFactory.Text(
            "--costs", "Write what the paper profile costs on GPUs as a page, docs/cluster.md, and nothing else.", "FILE");
        var command = new Command("plan", "Show the runs, their order and their cost on this machine; run nothing.") { paper, all, costs };
        var options = new PaperOptions();
        options.AddPartsTo(command);
        var cluster = new ClusterOptions();
        cluster.AddTo(command);
        command.Options.Add(cluster.DryRun);
        command.SetAction((parse, cancellation) => Task.Run(() =>
        {
            var display = context.Display(parse);
            if (parse.GetValue(costs) is { } page)
            {
                AtomicFile.WriteText(Path.GetFullPath(page), ClusterPage.Of(context.Papers, context.Root, cancellation));
                display.Result($"{page} is written.", new { Event = "costs", File = Path.GetFullPath(page) });
                return 0;
            }
            var workspace = context.OpenWorkspace(parse);
            if (OutdatedFolders.Explain(workspace) is { } outdated)
                display.Say(outdated);
            var chosen = context.Chosen(parse.GetValue(paper));
            var calibration = context.Host.Calibrate(workspace, cancellation);
            var request =
                options.Request(parse, workspace.Environment.Device, chosen, () => PrecisionChoice.LoadOrMake(workspace, calibration));
            var inOther = request with { Precision = request.Precision == Precision.Bf16 ? Precision.Fp32 : Precision.Bf16 };
            if (cluster.IsOn(parse))
                return cluster.ShowScripts(context, parse, chosen, request, workspace, calibration, display, cancellation);
            var listed = parse.GetValue(all);
            var isPriced = request.Profile == Profile.Paper && workspace.Environment.Device == "cpu";
            display.Say($"{Words.NumberFormat(request.Precision, request.PrecisionReason)} In {inOther.Precision.Word()} "
                + $"{View(chosen, inOther).TimeLeft()}.");
            foreach (var one in chosen)
            {
                var view = View([one], request);
                display.Say($"{one.Title}, profile {request.ProfileName()}");
                display.Json(view.ToJson(one, request, workspace.Environment, View([one], inOther)));
                if (listed || chosen.Count == 1)
                    display.Table(() => view.ToTable(display, listed || view.Lines.Count <= RunsOnAScreen));
                ShowMissing(display, view, listed);
                display.Text(Sum(view));
            }
            // What two papers share is computed once.
            var whole = View(chosen, request);
            if (chosen.Count > 1)
                display.Result($"All {chosen.Count} papers, what they share counted once: {Sum(whole)}", Total(whole, request));
            if (whole.Certainty() is { } certainty)
                display.Say(certainty);
            if (isPriced)
                display.Say($"{AssumedGpu.Words} {AssumedGpu.ConsumerWords}");
            return 0;

            PlanView View(IEnumerable<IPaper> papers, ExperimentRequest of)
            {
                var plan = Plan.Build(papers.SelectMany(Declared), cancellation);
                var view = PlanView.Of(plan, workspace, new RunStore(workspace), calibration, cancellation);
                return isPriced && of.Precision != Precision.Bf16
                    ? view.PricedAs(View(papers, of with { Precision = Precision.Bf16 }))
                    : view;

                IReadOnlyList<DeclaredRun> Declared(IPaper one)
                {
                    cancellation.ThrowIfCancellationRequested();
                    return one.Declared(of);
                }
            }

            static string Hours(double hours) => hours.ToString(hours < 10 ? "0.0" : "n0", CultureInfo.InvariantCulture);

            string Sum(PlanView view) => view.Summary(workspace.Environment)
                + (isPriced && view.GpuHoursLeft > 0
                    ? $" On a GPU: about {Hours(view.GpuHoursLeft)} GPU-hours, on a consumer's about {Hours(view.ConsumerHoursLeft)}."
                    : "");
        }));
        return command;
    }

    private static void ShowMissing(Display display, PlanView view, bool all)
    {
        const int Few = 3;
        foreach (var missing in view.Missing.Take(all ? int.MaxValue : Few))
            display.Say($"Missing: {missing}");
        if (!all && view.Missing.Count > Few)
            display.Say(string.Create(
                CultureInfo.InvariantCulture, $"And {view.Missing.Count - Few} more data sets or models are missing; --all names them."));
    }

    private static object Total(PlanView view, ExperimentRequest request) => new
    {
        Event = "plan-total", Profile = request.ProfileName(), Runs = view.Lines.Count, view.Finished, SecondsLeft = view.Left.TotalSeconds,
        view.GpuHoursLeft,
    };
}
