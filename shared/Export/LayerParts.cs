namespace Replication.Export;

/// <summary>What attention reads, [batch, length, heads x head size] each with a bias still to be added.</summary>
internal sealed record AttentionInputs(
    (string Product, string Bias) Query, (string Product, string Bias) Key, (string Product, string Bias) Value, string Mask, int Heads,
    int HeadSize);

/// <summary>How the parts of a layer that are not products with weights are written.</summary>
internal abstract class LayerParts
{
    /// <summary>The least value of an activation; gelu's is -0.16997.</summary>
    public static double? Least(string activation) => activation == "gelu" ? -0.17 : 0;

    /// <summary>The attention's mask from attention_mask, int64 [batch, length].</summary>
    public abstract string Mask(OnnxGraph graph, string mask);

    /// <summary>softmax(Q K^T / sqrt(head size) + mask) V, the heads side by side.</summary>
    public abstract string Attention(OnnxGraph graph, string node, AttentionInputs inputs);

    /// <summary>LayerNorm(product + bias + residual).</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="node">Name of the result.</param>
    /// <param name="input">The product with its bias.</param>
    /// <param name="residual">What is added to it.</param>
    /// <param name="norm">LayerNorm's weight and bias.</param>
    /// <param name="epsilon">Its epsilon.</param>
    public abstract string AddAndNormalize(
        OnnxGraph graph, string node, (string Product, string Bias) input, string residual, string[] norm, double epsilon);

    /// <summary>gelu or relu of product + bias.</summary>
    public abstract string Activate(OnnxGraph graph, string node, (string Product, string Bias) input, string activation);
}

/// <summary>The parts in operators of ONNX itself.</summary>
internal sealed class StandardParts : LayerParts
{
    // Far below any score, so that the softmax gives padding exactly 0.
    private const float Masked = -1e9f;

    /// <inheritdoc/>
    public override string Mask(OnnxGraph graph, string mask)
    {
        var wide = graph.Node("Unsqueeze", "mask.wide", [mask, graph.Indices(1, 2)]);
        var hidden = graph.Node(
            "Sub", "mask.hidden", [graph.Scalar(1), graph.Node("Cast", "mask.float", [wide], OnnxGraph.Whole("to", 1))]);
        return graph.Node("Mul", "mask", [hidden, graph.Scalar(Masked)]);
    }

    /// <inheritdoc/>
    public override string Attention(OnnxGraph graph, string node, AttentionInputs inputs)
    {
        var query = Heads(inputs.Query, ".query", 0, 2, 1, 3);
        var key = Heads(inputs.Key, ".key", 0, 2, 3, 1);
        var value = Heads(inputs.Value, ".value", 0, 2, 1, 3);
        var scores = graph.Node(
            "Div", node + ".scores", [graph.Node("MatMul", node + ".products", [query, key]), graph.Scalar(MathF.Sqrt(inputs.HeadSize))]);
        var probabilities = graph.Node(
            "Softmax", node + ".probabilities", [graph.Node("Add", node + ".masked", [scores, inputs.Mask])], OnnxGraph.Whole("axis", -1));
        var context = graph.Node("MatMul", node + ".context", [probabilities, value]);
        var turned = graph.Node("Transpose", node + ".turned", [context], OnnxGraph.Wholes("perm", 0, 2, 1, 3));
        return graph.Node("Reshape", node + ".joined", [turned, graph.Indices(0, 0, inputs.Heads * inputs.HeadSize)]);

        string Heads((string Product, string Bias) input, string part, params long[] order)
        {
            var split = graph.Node(
                "Reshape", node + part + ".split",
                [graph.Node("Add", node + part + ".sum", [input.Product, input.Bias]), graph.Indices(0, 0, inputs.Heads, inputs.HeadSize)]);
            return graph.Node("Transpose", node + part, [split], OnnxGraph.Wholes("perm", order));
        }
    }

    /// <inheritdoc/>
    public override string AddAndNormalize(
        OnnxGraph graph, string node, (string Product, string Bias) input, string residual, string[] norm, double epsilon)
    {
        var sum = graph.Node("Add", node + ".residual", [graph.Node("Add", node + ".sum", [input.Product, input.Bias]), residual]);
        return graph.Node("LayerNormalization", node, [sum, .. norm], OnnxGraph.Number("epsilon", epsilon));
    }

    /// <inheritdoc/>
    public override string Activate(OnnxGraph graph, string node, (string Product, string Bias) input, string activation)
    {
        var sum = graph.Node("Add", node + ".sum", [input.Product, input.Bias]);
        if (activation == "relu")
            return graph.Node("Relu", node, [sum]);
        // x (1 + erf(x / sqrt 2)) / 2, in the order in which ONNX Runtime recognises it.
        var erf = graph.Node("Erf", node + ".erf", [graph.Node("Div", node + ".divided", [sum, graph.Scalar(MathF.Sqrt(2))])]);
        var product = graph.Node("Mul", node + ".product", [sum, graph.Node("Add", node + ".plus", [erf, graph.Scalar(1)])]);
        return graph.Node("Mul", node, [product, graph.Scalar(0.5f)]);
    }
}

/// <summary>The parts in ONNX Runtime's own operators, which need fewer passes over memory and which only it knows.</summary>
internal sealed class FusedParts : LayerParts
{
    // ONNX Runtime's own default, -10000, is not below every score.
    private const double Masked = -1e9;

    /// <inheritdoc/>
    public override string Mask(OnnxGraph graph, string mask) => graph.Node("Cast", "mask", [mask], OnnxGraph.Whole("to", 6));

    /// <inheritdoc/>
    public override string Attention(OnnxGraph graph, string node, AttentionInputs inputs)
    {
        var bias = graph.Node(
            "Concat", node + ".bias", [inputs.Query.Bias, inputs.Key.Bias, inputs.Value.Bias], OnnxGraph.Whole("axis", 0));
        return graph.MicrosoftNode(
            "MultiHeadAttention", node, [inputs.Query.Product, inputs.Key.Product, inputs.Value.Product, bias, inputs.Mask],
            OnnxGraph.Whole("num_heads", inputs.Heads), OnnxGraph.Number("mask_filter_value", Masked));
    }

    /// <inheritdoc/>
    public override string AddAndNormalize(
        OnnxGraph graph, string node, (string Product, string Bias) input, string residual, string[] norm, double epsilon) =>
        graph.MicrosoftNode(
            "SkipLayerNormalization", node, [input.Product, residual, .. norm, input.Bias], OnnxGraph.Number("epsilon", epsilon));

    /// <inheritdoc/>
    public override string Activate(OnnxGraph graph, string node, (string Product, string Bias) input, string activation) =>
        activation == "relu"
        ? graph.Node("Relu", node, [graph.Node("Add", node + ".sum", [input.Product, input.Bias])])
        : graph.MicrosoftNode("BiasGelu", node, [input.Product, input.Bias]);
}
