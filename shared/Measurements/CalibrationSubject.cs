using Replication.Bert;
using Replication.Training;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Replication.Measurements;

/// <summary>A classifier with random weights, with what a step of its training needs, in one number format.</summary>
internal sealed class CalibrationSubject : IDisposable
{
    /// <summary>
    /// What a step computes: a backward pass costs twice the forward one, a product each for the gradients of its two factors.
    /// </summary>
    public const int ForwardPassesPerStep = 3;

    private readonly BertForSequenceClassification _model;
    private readonly TokenBatch _tokens;
    private readonly Tensor _labels;
    private readonly TrainingRecipe _recipe = new();
    private readonly WordRows? _words;
    private readonly IOptimizer _optimizer;
    private long _step;

    /// <summary>Makes it.</summary>
    /// <param name="config">The geometry.</param>
    /// <param name="precision">The number format.</param>
    /// <param name="batch">Rows and length of a batch.</param>
    /// <param name="device">Where it computes.</param>
    public CalibrationSubject(BertConfig config, Precision precision, SpeedProtocol batch, Device device)
    {
        _model = new BertForSequenceClassification(config, outputs: 2, seed: 0) { Dropout = new DropoutStream(0), Precision = precision };
        _model.to(device);
        _tokens = SpeedMeasurement.RandomTokens(config.VocabSize, batch, device);
        _labels = zeros([batch.BatchSize], ScalarType.Int64, device);
        _words = WordRows.For(_model.Encoder, device);
        _optimizer = Optimizers.Create(_recipe, _model.named_parameters(), _words);
        ForwardFlops = (double)ModelSize.Flops(config, batch.Length) * batch.BatchSize;
    }

    /// <summary>Floating-point operations of a forward pass.</summary>
    public double ForwardFlops { get; }

    /// <summary>One step: forward, backward, clipping, AdamW, with dropout.</summary>
    public void TrainStep()
    {
        using var scope = NewDisposeScope();
        _model.train();
        _model.Dropout!.BeginStep(_step++);
        _optimizer.ZeroGrad();
        functional.cross_entropy(_model.forward(_tokens, EncoderOutputs.None).Logits, _labels).backward();
        // Reads the norm, so a GPU has done its work when this returns.
        GradientClipping.ClipTotalNorm(_model.parameters(), _recipe.MaxGradNorm ?? double.PositiveInfinity, _words);
        _optimizer.Step(_recipe.LearningRate);
    }

    /// <summary>One forward pass in evaluation mode.</summary>
    public void Pass()
    {
        using var inference = inference_mode();
        _model.eval();
        SpeedMeasurement.Pass(_model, _tokens);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _optimizer.Dispose();
        _words?.Dispose();
        _labels.Dispose();
        _tokens.Dispose();
        _model.Dispose();
    }
}
