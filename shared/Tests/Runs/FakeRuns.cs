using System.Text.Json.Nodes;
using Replication.Bert;
using Replication.Glue;
using Replication.Runs;
using static TorchSharp.torch;

namespace Replication.Tests.Runs;

/// <summary>A run that adds up numbers, with a metric and a checkpoint a step.</summary>
internal sealed record CountingRun(string Name, int Steps = 5, IReadOnlyList<RunSpec>? Parts = null, int? FailAt = null) : RunSpec
{
    public override string Kind => "count";

    public override RunIdentity Identity() => new($"Counting {Name}", null, null);

    public override IReadOnlyList<RunSpec> Needs() => Parts ?? [];

    public override IReadOnlyList<RunInput> Inputs(Workspace workspace) => [new("numbers", "00ff")];

    public override RunWork EstimateWork(Workspace workspace) =>
        RunWork.Training(Precision.Fp32, 100 * Steps) + RunWork.Inference(Precision.Fp32, 10);

    public override RunResult Execute(RunContext context, CancellationToken cancellation)
    {
        var sum = zeros(3, dtype: float64);
        var done = 0L;
        using (var checkpoint = context.Folder.Checkpoints.TryLoad())
        {
            if (checkpoint is not null)
            {
                sum.copy_(checkpoint.Tensors["sum"]);
                done = checkpoint.State["done"]!.GetValue<long>();
            }
        }
        context.Folder.Metrics.Truncate(done);
        context.Progress.Begin(context.Label, Steps, done, "steps");
        while (done < Steps)
        {
            sum.add_(Math.Sqrt(++done));
            context.Folder.Metrics.Append(done, new Dictionary<string, object?> { ["sum"] = sum[0].item<double>() });
            context.Progress.Advance(done, sum[0].item<double>());
            if (done == FailAt)
                throw new ReplicationException($"{Name} cannot count beyond {done}.");
            context.Folder.Checkpoints.Save(new Dictionary<string, Tensor> { ["sum"] = sum }, new JsonObject { ["done"] = done });
            cancellation.ThrowIfCancellationRequested();
        }
        context.Progress.End();
        context.Measurements["steps"] = Steps;
        AtomicFile.WriteBytes(context.Folder.FilePath("model/model.safetensors"), sum.bytes.ToArray());
        AtomicFile.WriteText(context.Folder.FilePath("predictions-dev.tsv"), "row\tvalue\n");
        return new RunResult {
            Facts = new Dictionary<string, double> {
            ["sum"] = sum[0].item<double>(), ["needed"] = Needs().Sum(n => context.Need(n).Result.Facts["sum"]) } };
    }
}

/// <summary>Runs in a folder of their own, on a clock that a test moves.</summary>
internal sealed class RunBench : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public RunBench(RunEnvironment? environment = null)
    {
        Workspace = new Workspace
        {
            Root = _folder.Path,
            Glue = null!,
            Models = null!,
            Environment = environment ?? new RunEnvironment("cpu", 1, "2.10.0"), Processor = new Processor("a processor", ["AVX2"]),
            Clock = Clock,
        };
        Store = new RunStore(Workspace);
    }

    public FakeClock Clock { get; } = new();

    public Workspace Workspace { get; }

    public RunStore Store { get; }

    public RecordingProgress Progress { get; } = new();

    public RunExecutor Executor => new(Workspace, Store, Progress, new ExecutorOptions {
        Commit = _ => "abc", Machine = "a machine", WaitForOther = TimeSpan.FromSeconds(5) });

    /// <summary>All files of the runs with their content, without the suite's own.</summary>
    public IReadOnlyDictionary<string, string> Files(FinishedRun run) =>
        Directory.EnumerateFiles(run.Path, "*", SearchOption.AllDirectories)
        // The event file holds times; metrics.jsonl, which it follows, is compared.
        .Where(f => Path.GetFileName(f) is not (".lock" or "manifest.json" or EventFile.FileName))
        .ToDictionary(f => Path.GetRelativePath(run.Path, f), Digest.OfFile);

    public void Dispose() => _folder.Dispose();
}

/// <summary>Remembers what it heard, and can act at a step.</summary>
internal sealed class RecordingProgress : IRunProgress
{
    public List<string> Heard { get; } = [];

    public Action<long>? OnAdvance { get; set; }

    public void Begin(string label, long total, long done, string unit) => Heard.Add($"begin {label} {done}/{total} {unit}");

    public void Advance(long done, double? loss = null, double? tokensPerSecond = null) => OnAdvance?.Invoke(done);

    public void Note(string text) => Heard.Add(text);

    public void End() => Heard.Add("end");
}
