using Replication.Bert.SubNetworks;
using Replication.Export;
using Replication.Export.Benchmark;
using Replication.Glue;
using Replication.Inference;
using Replication.Measurements;
using Replication.Runs;
using Replication.Studies;

namespace Replication.CommandLine;

/// <summary>
/// What the sub-networks of a trained network score and cost when they are exported: each is cut out, exported, scored and timed here.
/// </summary>
internal static class ExportedCosts
{
    private const int Length = 128, Warmup = 3, Rounds = 10;

    /// <summary>Measures each sub-network in a form.</summary>
    /// <param name="family">The paper.</param>
    /// <param name="network">Its trained network.</param>
    /// <param name="costs">Its sub-networks as TorchSharp has them.</param>
    /// <param name="form">The form.</param>
    /// <param name="workspace">Data, threads and clock.</param>
    /// <param name="say">Is told of each.</param>
    /// <param name="cancellation">Stops between two.</param>
    public static IReadOnlyList<SubNetworkCost> Measure(
        ISubNetworkPaper family, TrainedNetwork network,
        IReadOnlyList<SubNetworkCost> costs, OnnxForm form, Workspace workspace, Action<string> say, CancellationToken cancellation)
    {
        var task = GlueTasks.Parse(network.Task);
        var dev = workspace.Glue.Load(task, GlueSplit.Dev);
        var measured = new List<SubNetworkCost>();
        foreach (var cost in costs)
        {
            cancellation.ThrowIfCancellationRequested();
            var scratch = Directory.CreateTempSubdirectory("choose-").FullName;
            try
            {
                var (cut, exported) = (Path.Combine(scratch, "cut"), Path.Combine(scratch, "exported"));
                family.Export(network, cost.Width, cost.Depth, CutHeads.Removed, cut);
                OnnxExport.Write(
                    new OnnxExportRequest { Source = cut, Form = form, Clock = workspace.Clock, IsTimed = false }, exported, _ => "",
                    cancellation);
                var one = Measure(cost, exported, dev, workspace, cancellation) with { Form = form.ToString() };
                measured.Add(one);
                say($"{SubNetworkBudget.Name(one)}: {SubNetworkBudget.Words(one)}, scores "
                    + FormattableString.Invariant($"{100 * one.Score:0.0}"));
            }
            finally
            {
                Directory.Delete(scratch, recursive: true);
            }
        }
        return measured;
    }

    private static SubNetworkCost Measure(
        SubNetworkCost cost, string folder, GlueDataset dev, Workspace workspace, CancellationToken cancellation)
    {
        using var classifier =
            BertClassifier.Open(folder, new BertClassifierOptions { MaxLength = Length, Threads = workspace.Environment.Threads });
        var text = DeploymentBenchmark.Text(Length);
        var speed = SpeedMeasurement.Interleave(
            [("exported", () => classifier.Predict(text))], Warmup, Rounds, workspace.Clock, progress: null, cancellation);
        return cost with
        {
            Seconds = speed.PassSeconds("exported").Median,
            Score = DeploymentBenchmark.Score(dev, classifier, folder, cancellation) ?? 0,
            StoredBytes = new FileInfo(Path.Combine(folder, TextModel.FileName)).Length,
        };
    }
}
