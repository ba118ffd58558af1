using Replication.Bert;
using Replication.Bert.Tokenization;
using Replication.Glue;
using Replication.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace Replication.DistilBERT;

/// <summary>
/// Table 3's inference time: STS-B's whole dev set one pair at a time, each at its own length, through BERT-base and DistilBERT
/// side by side. Weights do not matter to time, so they are random.
/// </summary>
public sealed record SpeedSpec : RunSpec
{
    /// <summary>Names of the two models in the samples of the result.</summary>
    public const string BertBase = "BERT-base", DistilBert = "DistilBERT";

    /// <inheritdoc/>
    public override string Kind => "distilbert-speed";

    /// <inheritdoc/>
    public override int Version => 1;

    /// <summary>Passes over the dev set.</summary>
    public int Passes { get; init; } = 1;

    /// <summary>Pairs that run before the clock counts.</summary>
    public int WarmupPairs { get; init; } = 10;

    /// <summary>Model whose vocabulary cuts the pairs into tokens.</summary>
    public required string Vocabulary { get; init; }

    /// <summary>Number format of the matrix products; the paper's CPU has fp32.</summary>
    public Precision Precision { get; init; } = Precision.Fp32;

    /// <inheritdoc/>
    public override RunIdentity Identity() => new("inference time on STS-B, BERT-base and DistilBERT", null, null);

    /// <inheritdoc/>
    public override IReadOnlyList<RunInput> Inputs(Workspace workspace) =>
        [new RunInput("STS-B/Dev", workspace.Glue.Load(GlueTasks.Stsb, GlueSplit.Dev).Sha256), workspace.Models.Input(Vocabulary)];

    /// <inheritdoc/>
    public override RunWork EstimateWork(Workspace workspace) => RunWork.Inference(Precision.Fp32, Passes * Pairs(workspace).Examples
        .Sum(e => (double)ModelSize.Flops(BertConfig.Base, e.InputIds.Length) + ModelSize.Flops(BertConfig.Base.ToDistil(6), e.InputIds.Length, pooler: false)));

    /// <inheritdoc/>
    public override RunResult Execute(RunContext context, CancellationToken cancellation)
    {
        var workspace = context.Workspace;
        var pairs = Pairs(workspace);
        (string Name, BertForSequenceClassification Model)[] models =
        [
            (BertBase, Create(BertConfig.Base, workspace.Device)), (DistilBert, Create(BertConfig.Base.ToDistil(6), workspace.Device)),
        ];
        var seconds = models.ToDictionary(m => m.Name, _ => new List<double>(), StringComparer.Ordinal);
        using var inference = inference_mode();
        using var pause = new CollectorPause();
        context.Progress.Begin(context.Label, (long)Passes * pairs.Examples.Count, 0, "pairs");
        for (var pair = 0; pair < Math.Min(WarmupPairs, pairs.Examples.Count); pair++)
            Time(models, pairs, pair, workspace);
        for (var pass = 0; pass < Passes; pass++)
        {
            var sums = new double[models.Length];
            for (var pair = 0; pair < pairs.Examples.Count; pair++)
            {
                cancellation.ThrowIfCancellationRequested();
                pause.Renew();
                foreach (var (index, time) in Time(models, pairs, pair, workspace).Index())
                    sums[index] += time;
                context.Progress.Advance(((long)pass * pairs.Examples.Count) + pair + 1);
            }
            foreach (var (index, model) in models.Index())
                seconds[model.Name].Add(sums[index]);
        }
        context.Progress.End();
        foreach (var (_, model) in models)
            model.Dispose();
        return new RunResult
        {
            Facts = new SortedDictionary<string, double>(StringComparer.Ordinal)
            {
                ["pairs"] = pairs.Examples.Count, ["tokens a pair"] = pairs.Examples.Average(e => (double)e.InputIds.Length),
            },
            Samples = new SortedDictionary<string, IReadOnlyList<double>>(seconds.ToDictionary(s => s.Key, s => (IReadOnlyList<double>)s.Value), StringComparer.Ordinal),
        };
    }

    // Pair by pair, so that what slows the machine for a while slows both models.
    private static double[] Time((string Name, BertForSequenceClassification Model)[] models, EncodedDataset pairs, int pair, Workspace workspace)
    {
        using var batch = GlueBatch.Collate(pairs, [pair], workspace.Device);
        return [.. models.Select(m =>
        {
            var start = workspace.Clock.GetTimestamp();
            using var scope = NewDisposeScope();
            m.Model.forward(batch.Tokens, EncoderOutputs.None).Logits.cpu();
            return workspace.Clock.GetElapsedTime(start).TotalSeconds;
        })];
    }

    private EncodedDataset Pairs(Workspace workspace) => workspace.Memo.GetOrMake($"STS-B dev of {Vocabulary}", () => Encoder.Encode(
        workspace.Glue.Load(GlueTasks.Stsb, GlueSplit.Dev),
        ModelFolder.OpenTokenizer(workspace.Models.Folder(Vocabulary)),
        BertConfig.Base.MaxPositionEmbeddings));

    private BertForSequenceClassification Create(BertConfig config, Device device)
    {
        var model = new BertForSequenceClassification(config, outputs: 1, seed: 0) { Precision = Precision };
        model.to(device);
        model.eval();
        return model;
    }
}
