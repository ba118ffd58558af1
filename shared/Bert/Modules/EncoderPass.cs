using Replication.Bert.SubNetworks;
using static TorchSharp.torch;

namespace Replication.Bert;

/// <summary>What holds for one forward pass through an encoder, and what the pass is asked to collect.</summary>
internal sealed class EncoderPass(
    EncoderOutputs requested, Precision precision, DropoutStream? dropout, double hiddenDropout, double attentionDropout,
    double classifierDropout,
    SubNetwork? part = null, SubNetworkStep? step = null, PlaceRequest? place = null)
{
    // Numbers of fp32 in the widest vector register.
    private const int Vector = 16;

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
    /// A <see cref="PlaceRequest"/> comes with short sequences, for which it is slower in fp32 too (2.3 ms, 78 x 12 x 13 rows, 2 threads;
    /// its parts written out, 0.4 in all).
    /// </summary>
    public bool FusesAttention =>
        place is null
        && precision == Precision.Fp32
        && (requested & (EncoderOutputs.AttentionScores | EncoderOutputs.AttentionProbabilities)) == 0
        && (dropout is null || attentionDropout == 0);

    /// <summary>The states [batch, queries, hidden] that the last layer is asked for: all, or one a sequence.</summary>
    public Tensor Asked(Tensor hidden) => place is null ? hidden : hidden.flatten(0, 1).index_select(0, place.Places).unsqueeze(1);

    /// <summary>
    /// Softmax over the last dimension. Where speed is all, rows are filled up with minus infinity to whole vectors of the processor:
    /// libtorch takes ten times as long for 13 numbers per row as for 16 (0.95 ms and 0.09, 78 x 12 x 13 rows, 2 threads). Training
    /// leaves it, as the sums' order would change.
    /// </summary>
    public Tensor Softmax(Tensor scores)
    {
        var width = scores.shape[^1];
        var filled = place is null ? width : (width + Vector - 1) / Vector * Vector;
        return filled == width
            ? nn.functional.softmax(scores, -1)
            : nn.functional.softmax(
                nn.functional.pad(scores, [0, filled - width], value: double.NegativeInfinity), -1).narrow(-1, 0, width);
    }

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
        nn.functional.linear(ToProduct(input), WeightToProduct(weight), WeightToProduct(bias));

    /// <summary>The left-most outputs of x W^T + b: a view of the first rows; null for all.</summary>
    public Tensor LinearRows(TorchSharp.Modules.Linear layer, Tensor input, long? rows) => rows is { } kept && kept < layer.weight.shape[0]
        ? Linear(input, Slice(layer.weight, 0, kept), Slice(layer.bias!, 0, kept))
        : Linear(layer, input);

    /// <summary>x W^T + b with as many of the left-most columns as the input has.</summary>
    public Tensor LinearColumns(TorchSharp.Modules.Linear layer, Tensor input) => input.shape[^1] < layer.weight.shape[1]
        ? Linear(input, Slice(layer.weight, 1, input.shape[^1]), layer.bias!)
        : Linear(layer, input);

    private Tensor WeightToProduct(Tensor weight) =>
        place is not null && weight is TorchSharp.Modules.Parameter whole ? place.Weights.Of(whole) : ToProduct(weight);

    private Tensor Slice(TorchSharp.Modules.Parameter weight, int dimension, long count) =>
        step is null ? weight.narrow(dimension, 0, count) : step.SliceOf(weight, dimension, count);

    /// <summary>A tensor in the number format of the matrix products.</summary>
    public Tensor ToProduct(Tensor tensor) => precision == Precision.Bf16 ? tensor.to(ScalarType.BFloat16) : tensor;
}
