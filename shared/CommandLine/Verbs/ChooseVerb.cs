using System.CommandLine;
using System.Globalization;
using Replication.Export;
using Replication.Runs;
using Replication.Studies;

namespace Replication.CommandLine.Verbs;

/// <summary>choose: the best sub-network of a trained network under a budget.</summary>
internal static class ChooseVerb
{
    private const string Any = "any";

    public static Command Create(VerbContext context)
    {
        var paper = context.PaperArgument();
        paper.Arity = ArgumentArity.ExactlyOne;
        paper.Description = "The paper.";
        var task = SharedOptions.Task();
        var replicate = OptionFactory.Replicate("Which replicate (default: 1).");
        var latency = OptionFactory.Quantity(
            "--latency", "Longest time for one sequence of 128 tokens, such as 20ms.", "TIME", ("ms", 1e-3), ("s", 1));
        var parameters = OptionFactory.Quantity("--parameters", "Most parameters, such as 15M.", "N", ("M", 1e6), ("K", 1e3), ("", 1));
        var flops = OptionFactory.Quantity(
            "--flops", "Most floating-point operations for one sequence of 128 tokens, such as 1.5G.", "N", ("G", 1e9), ("M", 1e6),
            ("", 1));
        var memory = OptionFactory.Quantity(
            "--memory", "Most memory of the weights in fp32, such as 60MB.", "BYTES", ("GB", 1e9), ("MB", 1e6), ("", 1));
        var form = OptionFactory.Choice(
            "--form", "What the sub-networks are compared in: as they were trained, exported to ONNX in fp32 or in int8, each scored "
                + "and timed here, or any of these (default: torchsharp).",
            "torchsharp", "onnx", "int8", Any);
        var options = new PaperOptions();
        var command = new Command("choose", "Find the best sub-network of a trained network under a budget.") {
            paper, task, replicate, latency, parameters, flops, memory, form };
        options.AddTo(command);
        command.SetAction((parse, cancellation) => Task.Run(() =>
        {
            var chosen = parse.GetRequiredValue(paper)!;
            var family = chosen as ISubNetworkPaper ?? throw new ReplicationException(
                $"{chosen.Name} trains no network with sub-networks to choose from; dynabert does.", ReplicationException.UsageError);
            var budget = new SubNetworkBudget
            {
                Seconds = parse.GetValue(latency), Parameters = parse.GetValue(parameters), Flops = parse.GetValue(flops),
                MemoryBytes = parse.GetValue(memory),
            }.Validate();
            var workspace = context.OpenWorkspace(parse);
            var name = parse.GetRequiredValue(task)!;
            var store = new RunStore(workspace);
            var request =
                options.Request(parse, workspace.Environment.Device, chosen, name, ResultsPlace.Of(context.Root, null, false), store);
            var network = new TrainedNetwork(request, name, parse.GetValue(replicate) ?? 1, store.Find)
            {
                Elsewhere = spec => OtherEnvironment.Explain(store, [spec], workspace.Environment, request, chosen),
            };
            var (display, costs) = (context.Display(parse), family.Costs(network));
            Quantization[] exported = parse.GetValue(form) switch
            {
                "onnx" => [Quantization.None], "int8" => [Quantization.Dynamic], Any => [Quantization.None, Quantization.Dynamic], _ => [],
            };
            if (exported.Length > 0)
            {
                // What was never timed cannot be compared by its time.
                var trained = parse.GetValue(form) == Any ? costs.Where(cost => budget.Seconds is null || cost.Seconds is not null) : [];
                costs = [.. trained, .. exported.SelectMany(quantization => ExportedCosts.Measure(
                    family, network, costs, new OnnxForm(quantization, Fused: true), workspace, display.Say, cancellation))];
            }
            var (part, best) = (budget.Choose(costs), costs.MaxBy(cost => cost.Score)!);
            display.Result(
                string.Create(CultureInfo.InvariantCulture,
                    $"W{SubNetworkBudget.Name(part)[1..]}: {SubNetworkBudget.Words(part)}. It scores {100 * part.Score:0.0} "
                        + $"({part.Metric}), {100 * (best.Score - part.Score):0.0} points under the best of {costs.Count}."),
                part);
            return 0;
        }));
        return command;
    }
}
