using System.CommandLine;
using System.Globalization;
using Replication.Bert.SubNetworks;
using Replication.Papers;
using Replication.Runs;

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
        var method = OptionFactory.Text("--method", "Words of the run's name as 'plan' shows it, such as PKD-Skip.", "WORDS");
        var seed = OptionFactory.Integer("--seed", "The run's seed.", 0, int.MaxValue);
        var width = OptionFactory.Quantity("--width", "Width multiplier of a sub-network, such as 0.5 (default: all of it, where --depth is given).", "X", ("", 1));
        var depth = OptionFactory.Quantity("--depth", "Depth multiplier of a sub-network, such as 0.5 (default: all of it, where --width is given).", "X", ("", 1));
        var format = OptionFactory.Choice(
            "--format", "A sub-network's other heads: gone, as transformers 4 reads it, or zeros, as transformers 5 wants it (default: transformers4).", "transformers4", "transformers5");
        var output = new Option<string>("--output") { Description = "Folder for the model.", HelpName = "FOLDER", Required = true };
        var command = new Command("export", "Copy a trained model out of a finished run.") { paper, task, method, seed, width, depth, format, output };
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
                    parse.GetValue(seed) ?? 1, store.Find)
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
                [parse.GetValue(task), parse.GetValue(method), parse.GetValue(seed) is { } number ? string.Create(CultureInfo.InvariantCulture, $"seed {number}") : null]);
            ModelCopy.Write(run, target);
            display.Result($"{run.Manifest.Label} is in {target}.", new { Event = "export", run.Manifest.Label, run.Manifest.Key, Model = target });
            return 0;
        }));
        return command;
    }

    private static ISubNetworkPaper SubNetworks(IPaper paper) => paper as ISubNetworkPaper ?? throw new ReplicationException(
        $"{paper.Name} trains no network with sub-networks, so --width and --depth have no meaning there; dynabert does.", ReplicationException.UsageError);

    private static FinishedRun Find(IPaper paper, ExperimentRequest request, Func<RunSpec, FinishedRun?> find, Func<IReadOnlyCollection<RunSpec>, string?> elsewhere, IEnumerable<string?> words)
    {
        var wanted = words.OfType<string>().ToList();
        bool Fits(string label) => wanted.All(w => Holds(label, w));
        RunSpec[] planned = [.. Plan.Build(paper.Experiments(request)).Runs.Select(r => r.Spec)];
        var trained = planned.Select(find).OfType<FinishedRun>().Where(r => r.HasModel).ToList();
        var found = trained.Where(r => Fits(r.Manifest.Label)).ToList();
        if (found.Count == 0 && elsewhere([.. planned.Where(spec => Fits(spec.Describe()))]) is { } sentence)
            throw new ReplicationException(sentence);
        if (trained.Count == 0)
            throw new ReplicationException($"No trained model of {paper.Name}, profile {request.ProfileName()}, is on this machine; run '{request.Command(paper.Name)}' first.");
        return found.Count == 1 ? found[0] : throw new ReplicationException(
            $"{(found.Count == 0 ? "No run fits" : $"{found.Count} runs fit")} {(wanted.Count == 0 ? "without --task, --method and --seed" : string.Join(", ", wanted))}; there are: {string.Join("; ", (found.Count == 0 ? trained : found).Select(r => r.Manifest.Label))}.",
            ReplicationException.UsageError);
    }

    // "seed 1" must not find "seed 12".
    private static bool Holds(string label, string words)
    {
        for (var at = label.IndexOf(words, StringComparison.OrdinalIgnoreCase); at >= 0; at = label.IndexOf(words, at + 1, StringComparison.OrdinalIgnoreCase))
        {
            var end = at + words.Length;
            if ((at == 0 || !char.IsLetterOrDigit(label[at - 1])) && (end == label.Length || !char.IsLetterOrDigit(label[end])))
                return true;
        }
        return false;
    }
}
