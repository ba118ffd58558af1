namespace Replication.Export;

/// <summary>Products of bytes with one scale for an input, found beforehand on training rows.</summary>
/// <param name="ranges">The range of each input by its name in the graph.</param>
/// <param name="fused">Whether ONNX Runtime's own operators may be used.</param>
internal sealed class StaticProducts(IReadOnlyDictionary<string, ValueRange> ranges, bool fused) : Int8Products(fused)
{
    /// <inheritdoc/>
    protected override QuantizedInput Quantize(OnnxGraph graph, string input, double? least)
    {
        var range = ranges[input].WithZero();
        var scale = range.Width == 0 ? 1 : range.Width / byte.MaxValue;
        var zeroPoint = graph.Byte((byte)Math.Clamp(Math.Round(-range.Least / scale), byte.MinValue, byte.MaxValue));
        return new QuantizedInput(
            graph.Node("QuantizeLinear", input + ".uint8", [input, graph.Scalar((float)scale), zeroPoint]), zeroPoint, RowScale: null,
            scale, Offset: 0);
    }
}

/// <summary>The range of some numbers.</summary>
internal readonly record struct ValueRange(double Least, double Most)
{
    /// <summary>Most less least.</summary>
    public double Width => Most - Least;

    /// <summary>The same with zero in it, which must be a byte of its own.</summary>
    public ValueRange WithZero() => new(Math.Min(Least, 0), Math.Max(Most, 0));
}
