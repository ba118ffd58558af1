using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Replication.Bert;

/// <summary>BERT's initialisation: weights from N(0, range^2), biases 0, LayerNorm 1 and 0.</summary>
internal static class NewWeights
{
    /// <summary>Sets every parameter. Each has a stream of its own, named by the parameter, so that the order does not matter.</summary>
    public static void Draw(nn.Module module, double range, long seed) => Draw(module.named_parameters(), range, seed);

    /// <summary>Sets the given parameters, which lie in main memory.</summary>
    public static void Draw(IEnumerable<(string Name, TorchSharp.Modules.Parameter Value)> parameters, double range, long seed) =>
        Parallel.ForEach(parameters.ToList(), parameter =>
        {
            var values = MemoryMarshal.Cast<byte, float>(parameter.Value.bytes);
            if (parameter.Name.EndsWith("bias", StringComparison.Ordinal))
                values.Clear();
            else if (parameter.Name.EndsWith("LayerNorm.weight", StringComparison.Ordinal))
                values.Fill(1);
            else
                FillNormal(values, range, new RandomStream(seed, parameter.Name));
        });

    private static void FillNormal(Span<float> values, double range, RandomStream random)
    {
        foreach (ref var value in values)
            value = (float)(range * random.NextNormal());
    }
}
