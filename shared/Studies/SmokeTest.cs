using System.Text.Json.Serialization;
using Replication.Augmentation;
using Replication.Bert;
using Replication.Runs;
using Replication.Training;

namespace Replication.Studies;

/// <summary>A run of a smoke test: what it cost, and whether stopping it left a trace.</summary>
/// <param name="Label">The run.</param>
/// <param name="SpecKey">Digest of its spec.</param>
/// <param name="Resumes">How often it was stopped and resumed.</param>
/// <param name="SameBytes">Whether its model folder holds the bytes of a run that was not stopped.</param>
/// <param name="SecondsPerStep">Seconds of a training step; null for an augmentation.</param>
/// <param name="TokensPerSecond">Training tokens a second; null for an augmentation.</param>
/// <param name="RowsPerSecond">Original rows of an augmentation a second; null for a training.</param>
public sealed record SmokeRun(
    string Label,
    string SpecKey,
    int Resumes,
    bool SameBytes,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? SecondsPerStep = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? TokensPerSecond = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? RowsPerSecond = null);

/// <summary>What a smoke test found: the content of results/&lt;paper&gt;/smoke/&lt;model&gt;.json.</summary>
/// <param name="Model">The model of random weights.</param>
/// <param name="Machine">The machine.</param>
/// <param name="Environment">Device, threads, libtorch.</param>
/// <param name="Commit">Commit of the source.</param>
/// <param name="PeakMemoryBytes">Most memory of the whole process.</param>
/// <param name="Runs">The runs.</param>
public sealed record SmokeRecord(
    string Model, string Machine, RunEnvironment Environment, string? Commit, double PeakMemoryBytes, IReadOnlyList<SmokeRun> Runs)
{
    /// <summary>Number format of the matrix products; records of earlier versions do not name theirs, which was bf16.</summary>
    public Precision Precision { get; init; } = Precision.Bf16;
}

/// <summary>
/// Runs a paper's code at full geometry for a few steps: each run once without a stop, and once more, a training stopped
/// after two steps and resumed from its checkpoint.
/// </summary>
/// <param name="workspace">Where it computes; its runs folder is left alone.</param>
/// <param name="folder">Takes the runs; emptied before and afterwards.</param>
/// <param name="progress">Is told of each step.</param>
public sealed class SmokeTest(Workspace workspace, string folder, IRunProgress progress)
{
    /// <summary>Steps of a training.</summary>
    public const int Steps = 4;

    private const int StopAfter = 2;

    /// <summary>Rows that papers train on: the longest that the repository has, RTE's, some of them held out as its dev set.</summary>
    public static TaskSelection Rows { get; } = new() { Task = "RTE", Rows = 160, HoldOut = 0.2 };

    /// <summary>The runs of a paper's smoke test.</summary>
    /// <param name="paper">The paper.</param>
    /// <param name="model">A model of random weights, by name.</param>
    /// <param name="precision">Number format of the matrix products.</param>
    /// <exception cref="ReplicationException">The paper has none.</exception>
    public static IReadOnlyList<RunSpec> Runs(IPaper paper, string model, Precision precision) =>
        paper.Smoke(model, precision) is { Count: > 0 } specs ? specs : throw new ReplicationException($"{paper.Name} has no smoke test.");

    /// <summary>Runs a paper's smoke test.</summary>
    /// <param name="paper">The paper.</param>
    /// <param name="model">A model of random weights, by name.</param>
    /// <param name="precision">Number format of the matrix products.</param>
    /// <param name="cancellation">Stops between steps.</param>
    /// <inheritdoc cref="Runs" path="/exception"/>
    public SmokeRecord Run(IPaper paper, string model, Precision precision, CancellationToken cancellation)
    {
        var specs = Runs(paper, model, precision);
        // What an interrupted smoke test has left may be of another version of the source.
        Clear();
        try
        {
            return Run(specs, model, precision, cancellation);
        }
        finally
        {
            Clear();
        }
    }

    private SmokeRecord Run(IReadOnlyList<RunSpec> specs, string model, Precision precision, CancellationToken cancellation)
    {
        var (whole, stopped) = (In("whole"), In("stopped"));
        var runs = specs.Select(spec => Twice(spec, whole, stopped, cancellation)).ToArray();
        return new SmokeRecord(
            model, Machine.Describe(workspace.Processor), workspace.Environment, SourceCommit.Read(workspace.Root), PeakMemory.Bytes(),
            runs) { Precision = precision };
    }

    private void Clear()
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }

    private Workspace In(string name) => new()
    {
        Root = Path.Combine(folder, name), Glue = workspace.Glue, Models = workspace.Models, Environment = workspace.Environment,
        Processor = workspace.Processor, Clock = workspace.Clock,
    };

    private SmokeRun Twice(RunSpec spec, Workspace whole, Workspace stopped, CancellationToken cancellation)
    {
        var straight = new RunExecutor(whole, new RunStore(whole), progress).Run(spec, cancellation);
        using (var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation))
        {
            try
            {
                new RunExecutor(stopped, new RunStore(stopped), new Stopper(progress, stop)).Run(spec, stop.Token);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                // As intended: the next executor resumes from the checkpoint.
            }
        }
        var resumed = new RunExecutor(stopped, new RunStore(stopped), progress).Run(spec, cancellation);
        return new SmokeRun(
            spec.Describe(), spec.SpecKey(), resumed.Manifest.Resumes, straight.ModelFiles.SequenceEqual(resumed.ModelFiles),
            Measured(MeasurementNames.SecondsPerStep), Measured(MeasurementNames.TokensPerSecond),
            Measured(AugmentationSpec.RowsPerSecond));

        double? Measured(string name) => straight.Manifest.Measurements.TryGetValue(name, out var value) ? value : null;
    }

    // Cancels once a training has done two steps; teacher outputs and other counts of rows do not count.
    private sealed class Stopper(IRunProgress inner, CancellationTokenSource stop) : IRunProgress
    {
        private bool _counts;

        public void Begin(string label, long total, long done, string unit)
        {
            _counts = unit == "steps" && done == 0;
            inner.Begin(label, total, done, unit);
        }

        public void Advance(long done, double? loss, double? tokensPerSecond)
        {
            inner.Advance(done, loss, tokensPerSecond);
            if (_counts && done >= StopAfter)
                stop.Cancel();
        }

        public void Note(string text) => inner.Note(text);

        public void End() => inner.End();

        public void Aside(string what, long done, long total, string unit) => inner.Aside(what, done, total, unit);

        public void NextRun(int number, int count, string label) => inner.NextRun(number, count, label);

        public void RunDone(int number) => inner.RunDone(number);
    }
}
