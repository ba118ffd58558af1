using static TorchSharp.torch;

namespace Replication.Distillation;

/// <summary>Over which tokens a loss on inner states is averaged; the papers say nothing of padding.</summary>
public enum TokenReduction
{
    /// <summary>
    /// Over all places of the batch, padding included, as the authors' programs do: the value depends on how a batch is padded.
    /// </summary>
    MeanWithPadding,

    /// <summary>Over the places that hold a token.</summary>
    MeanOverRealTokens,
}

/// <summary>Applies a <see cref="TokenReduction"/>.</summary>
internal static class TokenReductions
{
    /// <summary>
    /// Averages values, [batch, ...], of which <paramref name="real"/>, 0 or 1 and broadcastable to their shape, says which count.
    /// </summary>
    public static Tensor Mean(this TokenReduction reduction, Tensor values, Tensor real) => reduction switch
    {
        TokenReduction.MeanWithPadding => values.mean(),
        TokenReduction.MeanOverRealTokens => (values * real).sum() / real.expand(values.shape).sum(),
        _ => throw new ArgumentOutOfRangeException(nameof(reduction), reduction, null),
    };
}
