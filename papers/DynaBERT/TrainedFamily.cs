using Replication.Bert;
using Replication.Bert.SubNetworks;
using Replication.Glue;
using Replication.Measurements;
using Replication.Runs;
using Replication.Studies;

namespace Replication.DynaBERT;

/// <summary>A trained DynaBERT on this machine, as a user takes it: twelve sizes to choose from and to cut out.</summary>
/// <param name="Spec">The run that trained it.</param>
/// <param name="Run">What the run left.</param>
/// <param name="Speed">Latency of the twelve; null where it was not timed.</param>
internal sealed record TrainedFamily(DynaBertSpec Spec, FinishedRun Run, SpeedReport? Speed)
{
    private readonly BertConfig _config = ModelFolder.ReadConfig(Run.ModelFolder);

    /// <summary>Looks the network up.</summary>
    /// <exception cref="ReplicationException">
    /// The profile lacks task or replicate, or the run is not finished or its model damaged.
    /// </exception>
    public static TrainedFamily Open(TrainedNetwork network)
    {
        var profile = DynaBertProfile.Of(network.Request);
        var (pipeline, task) = (new Pipeline(profile), GlueTasks.Parse(network.Task));
        var name = network.Request.Profile.ToString().ToLowerInvariant();
        if (!profile.Tasks.Contains(task))
            throw new ReplicationException(
                $"{task} was not trained: the profile {name} has {string.Join(", ", profile.Tasks)}; "
                    + $"choose one of these, or train it with --tasks {task}.",
                ReplicationException.UsageError);
        if (network.Replicate < 1 || network.Replicate > profile.Replicates)
            throw new ReplicationException(
                $"Replicate {network.Replicate} was not trained: the profile {name} has replicates 1 to {profile.Replicates}.",
                ReplicationException.UsageError);
        var spec = pipeline.Final(task, network.Replicate);
        var run = network.Find(spec) ?? throw new ReplicationException(
            network.Elsewhere(spec)
                ?? $"The run '{spec.Describe()}' is not finished on this machine; run '{network.Request.Command("dynabert")}' first.");
        RunStore.VerifyModel(run);
        var timed = network.Find(pipeline.TeacherSpeed);
        return new TrainedFamily(spec, run, timed is null ? null : new SpeedReport(timed.Result.Samples));
    }

    /// <summary>What each sub-network scores and costs.</summary>
    /// <param name="column">The score that sub-networks are chosen by.</param>
    public IReadOnlyList<SubNetworkCost> Costs(ScoreColumn column)
    {
        var metric = GlueScorer.Name(column.Metric);
        return [.. Spec.Parts(_config).Select(part => new SubNetworkCost(
            part.Width, part.Depth, metric,
            Run.Result.Score(SubNetwork.ScoreName(column.Split, part.Width, part.Depth), metric) ?? double.NegativeInfinity,
            ModelSize.Parameters(part.Config(_config), classes: column.Task.Outputs),
            ModelSize.Flops(part.Config(_config), DynaBertProfile.Length),
            Speed is not null && Speed.Seconds.ContainsKey(part.Name) ? Speed.PassSeconds(part.Name).Median : null))];
    }

    /// <summary>Writes a sub-network as a folder of its own, and times it beside the whole network.</summary>
    /// <returns>What was written, in one sentence.</returns>
    /// <exception cref="ReplicationException">The multipliers were not trained.</exception>
    public string Export(double width, double depth, CutHeads cut, string folder)
    {
        Check("width", width, Spec.Widths);
        Check("depth", depth, Spec.Depths);
        var part = SubNetwork.Of(_config, width, depth, Spec.Rule);
        var labels = ModelFolder.ReadLabels(Run.ModelFolder) ?? GlueTasks.Parse(Spec.Selection.Task).Labels;
        using var network = ModelFolder.OpenClassifier(Run.ModelFolder, labels.Count);
        using var extracted = SubNetworkExtraction.Extract(network, part, cut);
        ModelFolder.Save(extracted, folder, labels, Run.ModelFolder);
        var (whole, small) = ("the whole network", part.Name);
        var report = SpeedMeasurement.OfForwardPasses(
            [new SpeedSubject(whole, _config), new SpeedSubject(small, extracted.Config)],
            DynaBertProfile.Latency(rounds: 5), TorchSharp.torch.CPU, TimeProvider.System, null, default);
        var millions = ModelSize.Parameters(extracted.Config, classes: labels.Count) / 1e6;
        string Time(string of) => FormattableString.Invariant($"{report.PassSeconds(of).Times(1000).Median:0.0} ms");
        return FormattableString.Invariant($"{Spec.Selection.Task}, {small}: {millions:0.00} M parameters, ")
            + $"{Time(small)} for {DynaBertProfile.Length} tokens where the whole network takes {Time(whole)}";
    }

    private static void Check(string name, double value, IReadOnlyList<double> trained)
    {
        if (!trained.Contains(value))
            throw new ReplicationException(
                FormattableString.Invariant($"The {name} multiplier {value} was not trained; choose ")
                + $"{string.Join(", ", trained.Select(t => FormattableString.Invariant($"{t}")))}.", ReplicationException.UsageError);
    }
}
