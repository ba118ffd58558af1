using Replication.Bert.SubNetworks;
using static TorchSharp.torch;

namespace Replication.Bert;

/// <summary>What holds for one forward pass through an encoder, and what the pass is asked to collect.</summary>
internal sealed class EncoderPass(
    EncoderOutputs requested, Precision precision, DropoutStream? dropout, double hiddenDropout, double attentionDropout, double classifierDropout,
    SubNetwork? part = null, SubNetworkStep? step = null)
{
    /// <summary>Scores of each layer, [batch, heads, length, length], if asked for.</summary>
    public List<Tensor> Scores { get; } = [];

    /// <summary>Probabilities of each layer, [batch, heads, length, length], if asked for.</summary>
    public List<Tensor> Probabilities { get; } = [];

    /// <summary>The part of the network that runs; null for all of it.</summary>
    public SubNetwork? Part => part;

    /// <summary>Whether hidden states of every layer are asked for.</summary>
    public bool KeepsHiddenStates => requested.HasFlag(EncoderOutputs.HiddenStates);

    /// <summary>
    /// Whether libtorch's fused attention can be used: it hands out no matrices and knows no dropout of ours, and in bfloat16
    /// its backward pass takes longer than the written-out one (598 ms a step instead of 397, 6 layers of 384, 32 x 64 tokens, 1 thread).
    /// </summary>
    public bool FusesAttention =>
        precision == Precision.Fp32
        && (requested & (EncoderOutputs.AttentionScores | EncoderOutputs.AttentionProbabilities)) == 0
        && (dropout is null || attentionDropout == 0);

    /// <summary>Dropout of hidden states.</summary>
    public Tensor DropHidden(Tensor input) => dropout is null ? input : dropout.Apply(input, hiddenDropout);

    /// <summary>Dropout of attention probabilities.</summary>
    public Tensor DropAttention(Tensor input) => dropout is null ? input : dropout.Apply(input, attentionDropout);

    /// <summary>Dropout before the classifier.</summary>
    public Tensor DropBeforeClassifier(Tensor input) => dropout is null ? input : dropout.Apply(input, classifierDropout);

    /// <summary>Notes a layer's scores, if asked for.</summary>
    public void NoteScores(Tensor scores)
    {
        if (requested.HasFlag(EncoderOutputs.AttentionScores))
            Scores.Add(scores.to(ScalarType.Float32));
    }

    /// <summary>Notes a layer's probabilities, if asked for.</summary>
    public void NoteProbabilities(Tensor probabilities)
    {
        if (requested.HasFlag(EncoderOutputs.AttentionProbabilities))
            Probabilities.Add(probabilities);
    }

    /// <summary>x W^T + b in the pass's number format, which is also the result's.</summary>
    public Tensor Linear(TorchSharp.Modules.Linear layer, Tensor input) => Linear(input, layer.weight, layer.bias!);

    /// <inheritdoc cref="Linear(TorchSharp.Modules.Linear, Tensor)"/>
    public Tensor Linear(Tensor input, Tensor weight, Tensor bias) =>
        nn.functional.linear(ToProduct(input), ToProduct(weight), ToProduct(bias));

    /// <summary>The left-most outputs of x W^T + b: a view of the first rows; null for all.</summary>
    public Tensor LinearRows(TorchSharp.Modules.Linear layer, Tensor input, long? rows) => rows is { } kept && kept < layer.weight.shape[0]
        ? Linear(input, Slice(layer.weight, 0, kept), Slice(layer.bias!, 0, kept))
        : Linear(layer, input);

    /// <summary>x W^T + b with as many of the left-most columns as the input has.</summary>
    public Tensor LinearColumns(TorchSharp.Modules.Linear layer, Tensor input) => input.shape[^1] < layer.weight.shape[1]
        ? Linear(input, Slice(layer.weight, 1, input.shape[^1]), layer.bias!)
        : Linear(layer, input);

    private Tensor Slice(TorchSharp.Modules.Parameter weight, int dimension, long count) =>
        step is null ? weight.narrow(dimension, 0, count) : step.SliceOf(weight, dimension, count);

    /// <summary>A tensor in the number format of the matrix products.</summary>
    public Tensor ToProduct(Tensor tensor) => precision == Precision.Bf16 ? tensor.to(ScalarType.BFloat16) : tensor;
}
