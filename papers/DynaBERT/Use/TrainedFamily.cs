using Replication.Bert;
using Replication.Bert.SubNetworks;
using Replication.DynaBERT.Report;
using Replication.Glue;
using Replication.Measurements;
using Replication.Runs;
using Replication.Studies;

namespace Replication.DynaBERT.Use;

/// <summary>A trained DynaBERT on this machine, as a user takes it: twelve sizes to choose from and to cut out.</summary>
internal sealed class TrainedFamily
{
    private const int Length = 128;

    private readonly DynaBertSpec _spec;
    private readonly FinishedRun _run;
    private readonly SpeedReport? _speed;
    private readonly BertConfig _config;

    private TrainedFamily(DynaBertSpec spec, FinishedRun run, SpeedReport? speed)
    {
        (_spec, _run, _speed) = (spec, run, speed);
        _config = ModelFolder.ReadConfig(run.ModelFolder);
    }

    /// <summary>Looks the network up.</summary>
    /// <exception cref="ReplicationException">The task or replicate is not of the profile, or the run is not finished or its model is damaged.</exception>
    public static TrainedFamily Open(TrainedNetwork network)
    {
        var set = Experiments.Of(network.Request);
        var profile = network.Request.Profile.ToString().ToLowerInvariant();
        var glue = GlueTasks.Parse(network.Task);
        var task = set.Tasks.FirstOrDefault(t => t.Task == glue.Name) ?? throw new ReplicationException(
            $"{glue.Name} was not trained: the profile {profile} has {string.Join(", ", set.Tasks.Select(t => t.Task))}; choose one of these, or train it with --tasks {glue.Name}.", ReplicationException.UsageError);
        var spec = task.Seeds.Select(seed => seed.Final).FirstOrDefault(final => final.Seed == network.Replicate) ?? throw new ReplicationException(
            $"Replicate {network.Replicate} was not trained: the profile {profile} has replicates 1 to {task.Seeds.Count}.", ReplicationException.UsageError);
        var run = network.Find(spec);
        if (run is null)
            throw new ReplicationException(network.Elsewhere(spec) ?? $"The run '{spec.Describe()}' is not finished on this machine; run '{network.Request.Command("dynabert")}' first.");
        RunStore.VerifyModel(run);
        var speed = (set.TeacherSpeed ?? set.Speed) is { } timing && network.Find(timing) is { } timed ? new SpeedReport(timed.Result.Samples) : null;
        return new TrainedFamily(spec, run, speed);
    }

    /// <summary>What each sub-network scores and costs.</summary>
    public IReadOnlyList<SubNetworkCost> Costs()
    {
        var column = Columns.OfTask(_spec.Selection.Task);
        var metric = GlueScorer.Name(column.Metric);
        return [.. _spec.Parts(_config).Select(part => new SubNetworkCost(
            part.Width, part.Depth, metric,
            _run.Result.Score(DynaBertSpec.ScoreName(column.Split, part.Width, part.Depth), metric) ?? double.NegativeInfinity,
            ModelSize.Parameters(part.Config(_config), classes: column.Task.Outputs),
            ModelSize.Flops(part.Config(_config), Length),
            _speed is not null && _speed.Seconds.ContainsKey(part.Name) ? _speed.PassSeconds(part.Name).Median : null))];
    }

    /// <summary>Writes a sub-network as a folder of its own, and times it beside the whole network.</summary>
    /// <returns>What was written, in one sentence.</returns>
    /// <exception cref="ReplicationException">The multipliers were not trained.</exception>
    public string Export(double width, double depth, CutHeads cut, string folder)
    {
        Check("width", width, _spec.Widths);
        Check("depth", depth, _spec.Depths);
        var part = SubNetwork.Of(_config, width, depth, _spec.Rule);
        var labels = ModelFolder.ReadLabels(_run.ModelFolder) ?? GlueTasks.Parse(_spec.Selection.Task).Labels;
        using var network = ModelFolder.OpenClassifier(_run.ModelFolder, labels.Count);
        using var extracted = SubNetworkExtraction.Extract(network, part, cut);
        ModelFolder.Save(extracted, folder, labels, _run.ModelFolder);
        var (whole, small) = ("the whole network", part.Name);
        var report = SpeedMeasurement.OfForwardPasses(
            [new SpeedSubject(whole, _config), new SpeedSubject(small, extracted.Config)],
            new SpeedProtocol { BatchSize = 1, Length = Length, Rounds = 5 }, TorchSharp.torch.CPU, TimeProvider.System, progress: null, CancellationToken.None);
        return string.Create(System.Globalization.CultureInfo.InvariantCulture,
            $"{_spec.Selection.Task}, {part.Name}: {ModelSize.Parameters(extracted.Config, classes: labels.Count) / 1e6:0.00} M parameters, {1000 * report.PassSeconds(small).Median:0.0} ms for {Length} tokens where the whole network takes {1000 * report.PassSeconds(whole).Median:0.0} ms");
    }

    private static void Check(string name, double value, IReadOnlyList<double> trained)
    {
        if (!trained.Contains(value))
            throw new ReplicationException(FormattableString.Invariant(
                $"The {name} multiplier {value} was not trained; choose {string.Join(", ", trained.Select(t => FormattableString.Invariant($"{t}")))}."), ReplicationException.UsageError);
    }
}
