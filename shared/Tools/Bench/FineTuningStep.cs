using Replication.Bert;
using Replication.Glue;
using Replication.Runs;
using Replication.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Replication.Bench;

/// <summary>Fine-tuning of a classifier with random weights.</summary>
internal static class FineTuningStep
{
    // A backward pass costs two forward ones.
    private const int ForwardPasses = 3;

    // The median of as many.
    private const int ProfileRounds = 3;

    /// <summary>Steps in one number format, held against the yardstick.</summary>
    /// <param name="workspace">Where it computes.</param>
    /// <param name="config">The geometry.</param>
    /// <param name="rows">What it is trained on.</param>
    public static StepSubject Of(Workspace workspace, BertConfig config, TimedRows rows)
    {
        var training = New(workspace, config, rows, Precision.Fp32);
        return new StepSubject
        {
            Setting = $"{Words(config)}, fp32: {rows.Words}",
            Step = training.Run,
            Measure = StepMeasure.ShareOfYardstick,
            Flops = ForwardPasses * rows.ForwardFlops(config),
            Profile = () => Profile(training, workspace, config, rows),
            Owned = [training],
        };
    }

    /// <summary>Steps in bf16 beside the same in fp32.</summary>
    /// <inheritdoc cref="Of" path="/param"/>
    public static StepSubject InBf16(Workspace workspace, BertConfig config, TimedRows rows)
    {
        var (bf16, fp32) = (New(workspace, config, rows, Precision.Bf16), New(workspace, config, rows, Precision.Fp32));
        return new StepSubject
        {
            Setting = $"{Words(config)}, bf16 beside fp32: {rows.Words}",
            Step = bf16.Run,
            Measure = StepMeasure.FasterThanBeside,
            Beside = [("fp32", fp32.Run)],
            Owned = [bf16, fp32],
        };
    }

    /// <summary>A geometry, such as "6 layers of 384".</summary>
    public static string Words(BertConfig config) => FormattableString.Invariant($"{config.NumHiddenLayers} layers of {config.HiddenSize}");

    /// <summary>A training on the labels.</summary>
    public static TimedTraining New(Workspace workspace, BertConfig config, TimedRows rows, Precision precision)
    {
        var model = new BertForSequenceClassification(config, rows.Data.Task.Outputs, seed: 0);
        return new TimedTraining(workspace, model, new FineTuneObjective(model), rows, precision);
    }

    // Parts that follow each other, then what is contained in them.
    private static IReadOnlyList<StepPart> Profile(TimedTraining training, Workspace workspace, BertConfig config, TimedRows rows)
    {
        using var forward = new BertForSequenceClassification(config, rows.Data.Task.Outputs, seed: 0);
        forward.to(workspace.Device);
        (forward.Dropout, forward.DropoutProbability) = (new DropoutStream(1), TimedRows.Recipe.Dropout);
        using var products = new LayerProducts(config, backward: true);
        double gradients = 0, clipping = 0, update = 0, passes = 0, alone = 0;
        for (var batch = 0; batch < rows.Batches.Count; batch++)
        {
            var (size, length) = (rows.Batches[batch].Length, rows.Length(batch));
            gradients += Seconds(() => training.Gradients(batch));
            clipping += Seconds(training.Clip);
            update += Seconds(training.Update);
            passes += Seconds(() => Forward(forward, rows, batch, workspace.Device));
            alone += Seconds(() => products.Run(size, length));
        }
        var all = gradients + clipping + update;
        StepPart Part(string name, double seconds) => new(name, Math.Round(seconds / all, 3));
        return
        [
            Part("forward passes", passes), Part("backward passes and the batch", gradients - passes), Part("clipping", clipping),
            Part("AdamW", update),
            Part("contained: matrix products alone, at their own shapes, with padding", alone),
        ];

        double Seconds(Action action)
        {
            var times = new List<double>();
            for (var round = 0; round < ProfileRounds; round++)
            {
                var start = workspace.Clock.GetTimestamp();
                action();
                times.Add(workspace.Clock.GetElapsedTime(start).TotalSeconds);
            }
            return MedianInterval.Of(times).Median;
        }
    }

    private static void Forward(BertForSequenceClassification model, TimedRows rows, int batch, Device device)
    {
        using var scope = NewDisposeScope();
        model.Dropout!.BeginStep(0);
        using var tensors = rows.Collate(batch, device);
        FineTuneObjective.HardLoss(model.forward(tensors.Tokens, EncoderOutputs.None).Logits, tensors.Labels);
    }
}
