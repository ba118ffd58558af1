namespace Replication.Export;

/// <summary>How products with weights are written: x W^T, to which the caller adds the bias that comes with it.</summary>
internal abstract class Products
{
    /// <summary>Those of a form that needs no training rows.</summary>
    /// <param name="form">fp32, or with scales found for each token.</param>
    public static Products Of(OnnxForm form) => form.Quantization switch
    {
        Quantization.None => new FloatProducts(), Quantization.Dynamic => new DynamicProducts(form.Fused),
        _ => throw new ArgumentOutOfRangeException(nameof(form), form, "Fixed scales are found by StaticScales."),
    };

    /// <summary>Writes a product.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="input">x, [..., inputs].</param>
    /// <param name="node">Name of the result.</param>
    /// <param name="weight">W, [outputs, inputs].</param>
    /// <param name="bias">b, [outputs].</param>
    /// <param name="least">The least value that x can have; null where it has none.</param>
    /// <returns>The product, [..., outputs], and the bias that is to be added to it.</returns>
    public abstract (string Product, string Bias) Multiply(
        OnnxGraph graph, string input, string node, Weight weight, Weight bias, double? least = null);

    /// <summary>Writes a look-up in a table of embeddings, [rows, hidden].</summary>
    public abstract string LookUp(OnnxGraph graph, string ids, string node, Weight table);
}

/// <summary>Products in fp32.</summary>
internal sealed class FloatProducts : Products
{
    /// <inheritdoc/>
    public override (string Product, string Bias) Multiply(
        OnnxGraph graph, string input, string node, Weight weight, Weight bias, double? least = null) =>
        (graph.Node("MatMul", node, [input, graph.Floats(weight.Transposed())]), graph.Floats(bias));

    /// <inheritdoc/>
    public override string LookUp(OnnxGraph graph, string ids, string node, Weight table) =>
        graph.Node("Gather", node, [graph.Floats(table), ids]);
}
