namespace Replication.Export;

/// <summary>
/// Products of bytes: x as unsigned bytes, W as <see cref="Int8Weight"/>, sums in 32 bits, exact on every processor. Tables of
/// embeddings are bytes too. What the two ways of finding x's scale share.
/// </summary>
/// <param name="fused">Whether ONNX Runtime's own operators may be used.</param>
internal abstract class Int8Products(bool fused) : Products
{
    private readonly Dictionary<string, QuantizedInput> _inputs = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public override (string Product, string Bias) Multiply(
        OnnxGraph graph, string input, string node, Weight weight, Weight bias, double? least = null)
    {
        // Queries, keys and values have one input, which is quantised once.
        if (!_inputs.TryGetValue(input, out var quantized))
            _inputs[input] = quantized = Quantize(graph, input, least);
        var bytes = Int8Weight.ByOutput(weight);
        var matrix = graph.Bytes(weight.Name + ".int8", bytes.Shape, bytes.Values);
        // x = scale q + offset, so that x W has a part that does not depend on x.
        var whole = quantized.Offset == 0
            ? bias
            : bias with { Values = [.. bias.Values.Zip(bytes.ColumnSums(), (b, sum) => b + (float)(quantized.Offset * sum))] };
        var scales = quantized.FixedScale is { } fixedScale ? bytes.Scales.Select(s => (float)(s * fixedScale)) : bytes.Scales;
        var columns = graph.Floats(new Weight(weight.Name + ".scale", [bytes.Scales.Length], [.. scales]));
        var product = fused
            ? graph.MicrosoftNode(
                "MatMulIntegerToFloat", node + ".sum", [quantized.Bytes, matrix, graph.Scalar(1), columns, quantized.ZeroPoint])
            : graph.Node("Mul", node + ".scaled", [Sum(), columns]);
        return (quantized.RowScale is { } rows ? graph.Node("Mul", node, [product, rows]) : product, graph.Floats(whole));

        string Sum() => graph.Node(
            "Cast", node + ".float", [graph.Node("MatMulInteger", node + ".sum", [quantized.Bytes, matrix, quantized.ZeroPoint])],
            OnnxGraph.Whole("to", 1));
    }

    /// <inheritdoc/>
    public override string LookUp(OnnxGraph graph, string ids, string node, Weight table)
    {
        var bytes = Int8Weight.ByRow(table);
        var rows = graph.Node("Gather", node + ".int8", [graph.Bytes(table.Name + ".int8", bytes.Shape, bytes.Values), ids]);
        var scales = graph.Node(
            "Gather", node + ".scale", [graph.Floats(new Weight(table.Name + ".scale", [bytes.Scales.Length, 1], bytes.Scales)), ids]);
        return graph.Node("Mul", node, [graph.Node("Cast", node + ".float", [rows], OnnxGraph.Whole("to", 1)), scales]);
    }

    /// <summary>Writes how x becomes unsigned bytes.</summary>
    protected abstract QuantizedInput Quantize(OnnxGraph graph, string input, double? least);

    /// <summary>x as scale (bytes - zero point) + offset.</summary>
    /// <param name="Bytes">The unsigned bytes.</param>
    /// <param name="ZeroPoint">The byte that stands for the offset.</param>
    /// <param name="RowScale">[..., 1]: a scale a token; null where there is one for all.</param>
    /// <param name="FixedScale">The scale for all; null where each token has one.</param>
    /// <param name="Offset">What the zero point stands for.</param>
    protected sealed record QuantizedInput(string Bytes, string ZeroPoint, string? RowScale, double? FixedScale, double Offset);
}
