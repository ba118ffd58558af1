namespace Replication.Export;

/// <summary>
/// Products of bytes with a scale for each token, found when the text is there. A scale for the whole batch, which ONNX's
/// DynamicQuantizeLinear finds, would let the other texts and the padding decide what a text is answered.
/// </summary>
internal sealed class DynamicProducts(bool fused) : Int8Products(fused)
{
    // No row is divided by zero.
    private const float Tiny = 1e-20f;

    /// <inheritdoc/>
    protected override QuantizedInput Quantize(OnnxGraph graph, string input, double? least)
    {
        // What is bounded below uses all 256 bytes for its range, the rest uses 255 around zero.
        var shifted = least switch
        {
            null => graph.Node("Abs", input + ".abs", [input]),
            0 => input,
            { } bound => graph.Node("Sub", input + ".shifted", [input, graph.Scalar((float)bound)]),
        };
        var most = graph.Node("ReduceMax", input + ".max", [shifted], OnnxGraph.Wholes("axes", -1), OnnxGraph.Whole("keepdims", 1));
        var bounded = graph.Node("Max", input + ".bounded", [most, graph.Scalar(Tiny)]);
        var scale = graph.Node("Mul", input + ".scale", [bounded, graph.Scalar(1f / (least is null ? sbyte.MaxValue : byte.MaxValue))]);
        var zeroPoint = graph.Byte(least is null ? (byte)128 : (byte)0);
        var steps = graph.Node("Div", input + ".steps", [least is null ? input : shifted, scale]);
        var bytes = graph.Node("QuantizeLinear", input + ".uint8", [steps, graph.Scalar(1), zeroPoint]);
        return new QuantizedInput(bytes, zeroPoint, scale, FixedScale: null, least ?? 0);
    }
}
