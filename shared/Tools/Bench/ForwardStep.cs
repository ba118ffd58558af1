using Replication.Bert;
using Replication.Measurements;
using Replication.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace Replication.Bench;

/// <summary>Forward passes of a classifier with random weights, in evaluation mode.</summary>
internal static class ForwardStep
{
    /// <summary>Passes over one batch without padding, held against the yardstick.</summary>
    /// <param name="workspace">Where it computes.</param>
    /// <param name="config">The geometry.</param>
    /// <param name="batch">Rows and length.</param>
    public static StepSubject Of(Workspace workspace, BertConfig config, SpeedProtocol batch)
    {
        var model = new BertForSequenceClassification(config, outputs: 2, seed: 0);
        model.to(workspace.Device);
        model.eval();
        var tokens = SpeedMeasurement.RandomTokens(config.VocabSize, batch, workspace.Device);
        void Pass()
        {
            using var inference = inference_mode();
            SpeedMeasurement.Pass(model, tokens);
        }
        return new StepSubject
        {
            Setting = FormattableString.Invariant(
                $"{FineTuningStep.Words(config)}, fp32: {batch.BatchSize} x {batch.Length} random tokens, no padding"),
            Step = Pass,
            Measure = StepMeasure.ShareOfYardstick,
            Flops = (double)ModelSize.Flops(config, batch.Length) * batch.BatchSize,
            Profile = () => Profile(Pass, workspace, config, batch),
            Owned = [tokens, model],
        };
    }

    private static IReadOnlyList<StepPart> Profile(Action pass, Workspace workspace, BertConfig config, SpeedProtocol batch)
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        using var products = new LayerProducts(config, backward: false);
        var inner = rand(batch.BatchSize, batch.Length, config.IntermediateSize);
        var hidden = rand(batch.BatchSize, batch.Length, config.HiddenSize);
        long[] width = [config.HiddenSize];
        void EachLayer(Action action)
        {
            for (var layer = 0; layer < config.NumHiddenLayers; layer++)
                action();
        }
        var seconds = SpeedMeasurement.Interleave(
            [
                ("pass", pass),
                ("matrix products alone, at their own shapes", () => products.Run(batch.BatchSize, batch.Length)),
                ("GELU alone", () => EachLayer(() => nn.functional.gelu(inner).Dispose())),
                ("LayerNorm and residual sums alone", () => EachLayer(() =>
                {
                    for (var i = 0; i < 2; i++)
                    {
                        using var sum = hidden + hidden;
                        nn.functional.layer_norm(sum, width).Dispose();
                    }
                })),
            ],
            warmupPasses: 1, rounds: 3, workspace.Clock, null, CancellationToken.None);
        var whole = seconds.PassSeconds("pass").Median;
        return [.. seconds.Seconds.Keys.Skip(1).Select(
            name => new StepPart(name, Math.Round(seconds.PassSeconds(name).Median / whole, 3)))];
    }
}
