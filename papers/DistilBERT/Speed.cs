using Replication.Bert;
using Replication.Bert.Distil;
using Replication.Corpus;
using Replication.Glue;
using Replication.Measurements;
using Replication.Runs;
using Replication.Training;
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
        .Select(e => e.InputIds.Length)
        .Sum(length => (double)ModelSize.Flops(BertConfig.Base, length) + ModelSize.Flops(Extras.Student, length, pooler: false)));

    /// <inheritdoc/>
    public override RunResult Execute(RunContext context, CancellationToken cancellation)
    {
        var workspace = context.Workspace;
        var pairs = Pairs(workspace);
        var count = pairs.Examples.Count;
        using var bert = Create(BertConfig.Base, workspace.Device);
        using var distil = Create(Extras.Student, workspace.Device);
        List<double> ofBert = [], ofDistil = [];
        using var inference = inference_mode();
        using var pause = new CollectorPause();
        context.Progress.Begin(context.Label, (long)Passes * count, 0, "pairs");
        for (var pair = 0; pair < Math.Min(WarmupPairs, count); pair++)
            Time(pair);
        for (var pass = 0; pass < Passes; pass++)
        {
            var (bertSum, distilSum) = (0.0, 0.0);
            for (var pair = 0; pair < count; pair++)
            {
                cancellation.ThrowIfCancellationRequested();
                pause.Renew();
                var times = Time(pair);
                (bertSum, distilSum) = (bertSum + times.Bert, distilSum + times.Distil);
                context.Progress.Advance(((long)pass * count) + pair + 1);
            }
            ofBert.Add(bertSum);
            ofDistil.Add(distilSum);
        }
        context.Progress.End();
        return new RunResult
        {
            Facts = new SortedDictionary<string, double>(StringComparer.Ordinal)
            {
                ["pairs"] = count, ["tokens a pair"] = pairs.Examples.Average(e => (double)e.InputIds.Length),
            },
            Samples = new SortedDictionary<string, IReadOnlyList<double>>(StringComparer.Ordinal)
            {
                [BertBase] = ofBert, [DistilBert] = ofDistil,
            },
        };

        // Pair by pair, so that what slows the machine for a while slows both models.
        (double Bert, double Distil) Time(int pair)
        {
            using var batch = GlueBatch.Collate(pairs, [pair], workspace.Device);
            double Seconds(BertForSequenceClassification model)
            {
                var start = workspace.Clock.GetTimestamp();
                using var scope = NewDisposeScope();
                model.forward(batch.Tokens, EncoderOutputs.None).Logits.cpu();
                return workspace.Clock.GetElapsedTime(start).TotalSeconds;
            }
            return (Seconds(bert), Seconds(distil));
        }
    }

    private EncodedDataset Pairs(Workspace workspace) => workspace.Cache.GetOrMake($"STS-B dev of {Vocabulary}", () => Encoder.Encode(
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
