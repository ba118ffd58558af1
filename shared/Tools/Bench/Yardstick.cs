using TorchSharp;
using static TorchSharp.torch;

namespace Replication.Bench;

/// <summary>What all rows are held against: how fast libtorch multiplies two fp32 matrices of 2048 x 2048.</summary>
internal sealed class Yardstick : IDisposable
{
    private const long Size = 2048;

    // One alone is short beside a step, and met by one hiccup.
    private const int Products = 3;

    private readonly Tensor _left, _right;

    /// <summary>Makes the matrices.</summary>
    public Yardstick(Device device)
    {
        using var scope = NewDisposeScope();
        var generator = new Generator(0);
        Tensor Draw() => rand([Size, Size], generator: generator).to(device).DetachFromDisposeScope();
        (_left, _right) = (Draw(), Draw());
    }

    /// <summary>Floating-point operations of a <see cref="Run"/>.</summary>
    public static double Flops => 2.0 * Size * Size * Size * Products;

    /// <summary>Multiplies.</summary>
    public void Run()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        for (var i = 0; i < Products; i++)
        {
            var product = _left.mm(_right);
            // A GPU computes behind the caller's back.
            if (product.device_type != DeviceType.CPU)
                product[0, 0].cpu();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _left.Dispose();
        _right.Dispose();
    }
}
