using static TorchSharp.torch;

namespace Replication.Bert;

/// <summary>The activations that a configuration may name.</summary>
internal static class Activation
{
    /// <summary>The activation of a name; "gelu" is the exact x Phi(x).</summary>
    public static Func<Tensor, Tensor> Named(string name) => name switch
    {
        "gelu" => x => nn.functional.gelu(x),
        "relu" => x => nn.functional.relu(x),
        _ => throw new ReplicationException(
            $"The activation '{name}' is not known; use one of {string.Join(", ", BertConfig.Activations)}."),
    };
}
