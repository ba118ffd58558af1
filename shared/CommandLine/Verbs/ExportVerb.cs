using System.CommandLine;
using System.Globalization;
using Replication.Bert.SubNetworks;
using Replication.Export;
using Replication.Runs;
using Replication.Studies;

namespace Replication.CommandLine.Verbs;

/// <summary>export: the model folder of a finished run.</summary>
internal static class ExportVerb
{
    public static Command Create(VerbContext context)
    {
        var paper = context.PaperArgument();
        paper.Description = "The paper whose run is exported.";
        var model = OptionFactory.Text("--model", "A model's folder, in place of a paper's run; with --format onnx.", "FOLDER");
        var onnx = new OnnxOptions();
        var options = new PaperOptions();
        var task = OptionFactory.Choice("--task", "Task of GLUE, or beside it.", [.. SharedOptions.TrainedTasks]);
        task.HelpName = "TASK";
        var method = OptionFactory.Text(
            "--method", "What was trained, as the paper's report names it, such as 'PKD-Skip, 3 layers'.", "NAME");
        var replicate = OptionFactory.Replicate("Which replicate.");
        var width = OptionFactory.Quantity(
            "--width", "Width multiplier of a sub-network, such as 0.5 (default: all of it, where --depth is given).", "X", ("", 1));
        var depth = OptionFactory.Quantity(
            "--depth", "Depth multiplier of a sub-network, such as 0.5 (default: all of it, where --width is given).", "X", ("", 1));
        var format = OptionFactory.Choice(
            "--format",
            "A folder as transformers has it, a sub-network's other heads gone, as version 4 reads it, or zeros, as version 5 wants "
                + "it; or ONNX (default: transformers4).",
            "transformers4", "transformers5", OnnxOptions.Format);
        var output = new Option<string>("--output") { Description = "Folder for the model.", HelpName = "FOLDER", Required = true };
        var command = new Command("export", "Copy a trained model out of a finished run, or turn a model folder into ONNX.")
            { paper, model, task, method, replicate, width, depth, format, output };
        onnx.AddTo(command);
        options.AddTo(command);
        command.SetAction((parse, cancellation) => Task.Run(() =>
        {
            var target = ModelCopy.Target(parse.GetRequiredValue(output));
            var (chosen, source) = (parse.GetValue(paper), parse.GetValue(model));
            if (chosen is null == source is null)
                throw new ReplicationException(
                    "Name a paper whose run is exported, or a model's folder with --model; 'export --help' shows how.",
                    ReplicationException.UsageError);
            var isOnnx = parse.GetValue(format) == OnnxOptions.Format;
            if (!isOnnx)
                onnx.RefuseIn(parse);
            if (source is not null && !isOnnx)
                throw new ReplicationException(
                    $"--model goes with --format {OnnxOptions.Format}: a folder in transformers' layout is what it is already.",
                    ReplicationException.UsageError);
            var display = context.Display(parse);
            var workspace = context.OpenWorkspace(parse);
            if (source is not null)
            {
                ToOnnx(source, new ModelOrigin(
                    Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(source))), "the folder of that name", []));
                return 0;
            }
            var store = new RunStore(workspace);
            var request = options.Request(
                parse, workspace.Environment.Device, chosen!, parse.GetValue(task), ResultsPlace.Of(context.Root, null, false), store);
            string? Elsewhere(IReadOnlyCollection<RunSpec> specs) =>
                OtherEnvironment.Explain(store, specs, workspace.Environment, request, chosen!);
            if (parse.GetValue(width) is not null || parse.GetValue(depth) is not null)
            {
                // The network's own run, for the card.
                ModelOrigin? trained = null;
                var network = new TrainedNetwork(
                    request, parse.GetValue(
                        task) ?? throw new ReplicationException("A sub-network needs --task.", ReplicationException.UsageError),
                    parse.GetValue(replicate) ?? 1, FindNoting)
                {
                    Elsewhere = spec => Elsewhere([spec]),
                };
                FinishedRun? FindNoting(RunSpec spec)
                {
                    var run = store.Find(spec);
                    if (run is { HasModel: true })
                        trained = Origin(run, spec, store);
                    return run;
                }

                string Cut(string folder) => SubNetworks(chosen!).Export(
                    network, parse.GetValue(width) ?? 1, parse.GetValue(depth) ?? 1,
                    parse.GetValue(format) == "transformers5" ? CutHeads.Zero : CutHeads.Removed, folder);
                if (isOnnx)
                {
                    Meanwhile(folder =>
                    {
                        var name = Cut(folder);
                        return trained is null
                            ? new ModelOrigin(name, $"a run of {chosen!.Name}", [])
                            : trained with { Name = name, Origin = $"cut out of {trained.Name}: {trained.Origin}" };
                    });
                    return 0;
                }
                var said = Cut(target);
                display.Result($"{said}. It is in {target}.", new { Event = "export", Label = said, Model = target });
                return 0;
            }
            var (run, wanted) = Find(
                chosen!, request, store.Find, Elsewhere,
                new Wanted(parse.GetValue(method), parse.GetValue(task), parse.GetValue(replicate)));
            if (isOnnx)
            {
                Meanwhile(folder =>
                {
                    ModelCopy.Write(run, folder);
                    return Origin(run, wanted, store);
                });
                return 0;
            }
            ModelCopy.Write(run, target);
            display.Result(
                $"{run.Manifest.Label} is in {target}.", new { Event = "export", run.Manifest.Label, run.Manifest.Key, Model = target });
            return 0;

            void ToOnnx(string folder, ModelOrigin origin) =>
                onnx.Write(parse, folder, target, parse.GetValue(task), origin, workspace, display, cancellation);

            // The model in transformers' layout is needed only until it is ONNX.
            void Meanwhile(Func<string, ModelOrigin> write)
            {
                var temporary = Directory.CreateTempSubdirectory("export-").FullName;
                try
                {
                    var folder = Path.Combine(temporary, "model");
                    ToOnnx(folder, write(folder));
                }
                finally
                {
                    Directory.Delete(temporary, recursive: true);
                }
            }
        }));
        return command;
    }

    // A teacher and an earlier stage are runs that it needed.
    private static ModelOrigin Origin(FinishedRun run, RunSpec spec, RunStore store) => new(
        run.Manifest.Label, $"run {run.Manifest.Key[..RunKey.ShortLength]}, commit {run.Manifest.Commit ?? "not known"}",
        [.. run.Manifest.Inputs.Select(input => $"{input.Name} ({input.Sha256[..12]})"),
            .. spec.Needs().Select(need => $"{need.Describe()} (run {store.Key(need)[..RunKey.ShortLength]})")]);

    private static ISubNetworkPaper SubNetworks(IPaper paper) => paper as ISubNetworkPaper ?? throw new ReplicationException(
        $"{paper.Name} trains no network with sub-networks, so --width and --depth have no meaning there; dynabert does.",
        ReplicationException.UsageError);

    private static (FinishedRun Run, RunSpec Spec) Find(
        IPaper paper, ExperimentRequest request, Func<RunSpec, FinishedRun?> find, Func<IReadOnlyCollection<RunSpec>, string?> elsewhere,
        Wanted wanted)
    {
        var planned = Plan.Build(paper.Declared(request)).Runs;
        var trained = planned.Select(run => (run.Identity, Run: find(run.Spec)!, run.Spec))
            .Where(run => run.Run is { HasModel: true }).ToList();
        var found = trained.Where(run => wanted.Fits(run.Identity)).ToList();
        if (found.Count == 0 && elsewhere([.. planned.Where(run => wanted.Fits(run.Identity)).Select(run => run.Spec)]) is { } sentence)
            throw new ReplicationException(sentence);
        if (trained.Count == 0)
            throw new ReplicationException(
                $"No trained model of {paper.Name}, profile {request.ProfileName()}, is on this machine; run "
                + $"'{request.Command(paper.Name)}' first.");
        if (found.Count == 1)
            return (found[0].Run, found[0].Spec);
        var there = (found.Count == 0 ? trained : found).Select(run => run.Identity.Describe());
        throw new ReplicationException(
            $"{(found.Count == 0 ? "No run fits" : $"{found.Count} runs fit")} {wanted}; there are: {string.Join("; ", there)}.",
            ReplicationException.UsageError);
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
