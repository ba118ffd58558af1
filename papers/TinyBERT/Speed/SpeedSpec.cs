using Replication.Bert;
using Replication.Measurements;
using Replication.Runs;

namespace Replication.TinyBERT.Speed;

/// <summary>
/// Table 1's speed-up: BERT-base, TinyBERT6 and TinyBERT4 side by side on this machine at 128 tokens. Weights do not matter to
/// time, so they are random.
/// </summary>
public sealed record SpeedSpec : RunSpec
{
    /// <summary>Name of BERT-base in the samples.</summary>
    public const string Base = "BERT_BASE (Teacher)";

    /// <inheritdoc/>
    public override string Kind => "tinybert-speed";

    /// <inheritdoc/>
    public override int Version => 1;

    /// <summary>Batch, length, warm-up, rounds, number format.</summary>
    public SpeedProtocol Protocol { get; init; } = new();

    /// <summary>The models of Table 1 that are timed, by its names.</summary>
    public static IReadOnlyList<(string Name, BertConfig Config)> Subjects { get; } =
        [(Base, BertConfig.Base), ("TinyBERT6", Student.Tiny6.Config(BertConfig.Base)), ("TinyBERT4", Student.Tiny4.Config(BertConfig.Base))];

    /// <inheritdoc/>
    public override RunIdentity Identity() => new("inference time of BERT-base, TinyBERT6, TinyBERT4", null, null);

    /// <inheritdoc/>
    public override IReadOnlyList<RunInput> Inputs(Workspace workspace) => [];

    /// <inheritdoc/>
    public override RunWork EstimateWork(Workspace workspace) => Protocol.Work(Subjects.Select(s => s.Config));

    /// <inheritdoc/>
    public override RunResult Execute(RunContext context, CancellationToken cancellation)
    {
        context.Progress.Begin(context.Label, Subjects.Count * (Protocol.Rounds + Protocol.WarmupPasses), 0, "passes");
        var report = SpeedMeasurement.OfForwardPasses(
            [.. Subjects.Select(s => new SpeedSubject(s.Name, s.Config))], Protocol, context.Workspace.Device, context.Workspace.Clock,
            (done, _) => context.Progress.Advance(done), cancellation);
        context.Progress.End();
        return new RunResult { Samples = new SortedDictionary<string, IReadOnlyList<double>>(report.Seconds.ToDictionary(), StringComparer.Ordinal) };
    }
}
