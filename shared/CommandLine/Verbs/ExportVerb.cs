using System.CommandLine;
using System.Globalization;
using Replication.Bert.SubNetworks;
using Replication.Runs;
using Replication.Studies;

namespace Replication.CommandLine.Verbs;

/// <summary>export: the model folder of a finished run.</summary>
internal static class ExportVerb
{
    public static Command Create(VerbContext context)
    {
        var paper = context.PaperArgument();
        paper.Arity = ArgumentArity.ExactlyOne;
        paper.Description = "The paper.";
        var options = new PaperOptions();
        var task = OptionFactory.Choice("--task", "GLUE task.", [.. SharedOptions.TaskNames]);
        task.HelpName = "TASK";
        var method = OptionFactory.Text("--method", "What was trained, as 'plan' shows it, such as 'PKD-Skip, 3 layers'.", "NAME");
        var replicate = OptionFactory.Replicate("Which replicate.");
        var width = OptionFactory.Quantity("--width", "Width multiplier of a sub-network, such as 0.5 (default: all of it, where --depth is given).", "X", ("", 1));
        var depth = OptionFactory.Quantity("--depth", "Depth multiplier of a sub-network, such as 0.5 (default: all of it, where --width is given).", "X", ("", 1));
        var format = OptionFactory.Choice(
            "--format", "A sub-network's other heads: gone, as transformers 4 reads it, or zeros, as transformers 5 wants it (default: transformers4).", "transformers4", "transformers5");
        var output = new Option<string>("--output") { Description = "Folder for the model.", HelpName = "FOLDER", Required = true };
        var command = new Command("export", "Copy a trained model out of a finished run.") { paper, task, method, replicate, width, depth, format, output };
        options.AddTo(command);
        command.SetAction((parse, _) => Task.Run(() =>
        {
            var target = ModelCopy.Target(parse.GetRequiredValue(output));
            var display = context.Display(parse);
            var workspace = context.OpenWorkspace(parse);
            var chosen = parse.GetRequiredValue(paper)!;
            var request = options.Request(parse, workspace.Environment.Device, chosen, parse.GetValue(task));
            var store = new RunStore(workspace);
            string? Elsewhere(IReadOnlyCollection<RunSpec> specs) => OtherEnvironment.Explain(store, specs, workspace.Environment, request, chosen);
            if (parse.GetValue(width) is not null || parse.GetValue(depth) is not null)
            {
                var network = new TrainedNetwork(
                    request, parse.GetValue(task) ?? throw new ReplicationException("A sub-network needs --task.", ReplicationException.UsageError),
                    parse.GetValue(replicate) ?? 1, store.Find)
                {
                    Elsewhere = spec => Elsewhere([spec]),
                };
                var said = SubNetworks(chosen).Export(
                    network, parse.GetValue(width) ?? 1, parse.GetValue(depth) ?? 1, parse.GetValue(format) == "transformers5" ? CutHeads.Zero : CutHeads.Removed, target);
                display.Result($"{said}. It is in {target}.", new { Event = "export", Label = said, Model = target });
                return 0;
            }
            var run = Find(
                chosen, request, store.Find, Elsewhere,
                new Wanted(parse.GetValue(method), parse.GetValue(task), parse.GetValue(replicate)));
            ModelCopy.Write(run, target);
            display.Result($"{run.Manifest.Label} is in {target}.", new { Event = "export", run.Manifest.Label, run.Manifest.Key, Model = target });
            return 0;
        }));
        return command;
    }

    private static ISubNetworkPaper SubNetworks(IPaper paper) => paper as ISubNetworkPaper ?? throw new ReplicationException(
        $"{paper.Name} trains no network with sub-networks, so --width and --depth have no meaning there; dynabert does.", ReplicationException.UsageError);

    private static FinishedRun Find(
        IPaper paper, ExperimentRequest request, Func<RunSpec, FinishedRun?> find, Func<IReadOnlyCollection<RunSpec>, string?> elsewhere, Wanted wanted)
    {
        var planned = Plan.Build(paper.Declared(request)).Runs;
        var trained = planned.Select(run => (run.Identity, Run: find(run.Spec)!)).Where(run => run.Run is { HasModel: true }).ToList();
        var found = trained.Where(run => wanted.Fits(run.Identity)).ToList();
        if (found.Count == 0 && elsewhere([.. planned.Where(run => wanted.Fits(run.Identity)).Select(run => run.Spec)]) is { } sentence)
            throw new ReplicationException(sentence);
        if (trained.Count == 0)
            throw new ReplicationException($"No trained model of {paper.Name}, profile {request.ProfileName()}, is on this machine; run '{request.Command(paper.Name)}' first.");
        if (found.Count == 1)
            return found[0].Run;
        var there = (found.Count == 0 ? trained : found).Select(run => run.Identity.Describe());
        throw new ReplicationException(
            $"{(found.Count == 0 ? "No run fits" : $"{found.Count} runs fit")} {wanted}; there are: {string.Join("; ", there)}.", ReplicationException.UsageError);
    }

    // What the user said of the run; null for nothing.
    private sealed record Wanted(string? Method, string? Task, int? Replicate)
    {
        public bool Fits(RunIdentity run) =>
            (Method is null || string.Equals(Method, run.Variant, StringComparison.OrdinalIgnoreCase))
            && (Task is null || Task == run.Task)
            && (Replicate is null || Replicate == run.Replicate);

        public override string ToString()
        {
            string?[] said =
            [
                Task is null ? null : $"--task {Task}", Method is null ? null : $"--method '{Method}'",
                Replicate is null ? null : string.Create(CultureInfo.InvariantCulture, $"--replicate {Replicate}"),
            ];
            return said.OfType<string>().Any() ? string.Join(' ', said.OfType<string>()) : "without --task, --method and --replicate";
        }
    }
}
