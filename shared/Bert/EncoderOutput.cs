using static TorchSharp.torch;

namespace Replication.Bert;

/// <summary>What an encoder is asked to hand out besides its last hidden state.</summary>
[Flags]
public enum EncoderOutputs
{
    /// <summary>Nothing more.</summary>
    None = 0,

    /// <summary>The embedding output and each layer's output.</summary>
    HiddenStates = 1,

    /// <summary>Each layer's Q K^T / sqrt(head size), before mask and softmax.</summary>
    AttentionScores = 2,

    /// <summary>Each layer's softmax of the masked scores, before dropout.</summary>
    AttentionProbabilities = 4,
}

/// <summary>What an encoder computed for a batch. Lists that were not asked for are empty.</summary>
/// <param name="LastHiddenState">[batch, length, hidden].</param>
/// <param name="PoolerOutput">tanh(W h_[CLS] + b), [batch, hidden]; null for an encoder without pooler.</param>
/// <param name="HiddenStates">Embedding output, then the output of layers 1 to N: N + 1 tensors [batch, length, hidden].</param>
/// <param name="AttentionScores">N tensors [batch, heads, length, length].</param>
/// <param name="AttentionProbabilities">N tensors [batch, heads, length, length].</param>
public sealed record EncoderOutput(
    Tensor LastHiddenState,
    Tensor? PoolerOutput,
    IReadOnlyList<Tensor> HiddenStates,
    IReadOnlyList<Tensor> AttentionScores,
    IReadOnlyList<Tensor> AttentionProbabilities);

/// <summary>An encoder's output with the classifier's.</summary>
/// <param name="Logits">[batch, classes]; [batch, 1] for regression.</param>
/// <param name="Encoder">What the encoder computed.</param>
public sealed record ClassifierOutput(Tensor Logits, EncoderOutput Encoder);
