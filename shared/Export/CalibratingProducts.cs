namespace Replication.Export;

/// <summary>
/// Products in fp32 that also hand out the least and greatest value of each input, for a graph that only calibration runs.
/// </summary>
internal sealed class CalibratingProducts : Products
{
    /// <summary>What the outputs' names end in, after the name of the input.</summary>
    public const string Least = ".least", Most = ".most";

    private readonly FloatProducts _products = new();
    private readonly HashSet<string> _inputs = new(StringComparer.Ordinal);

    /// <summary>The inputs of all products.</summary>
    public IReadOnlyCollection<string> Inputs => _inputs;

    /// <inheritdoc/>
    public override (string Product, string Bias) Multiply(
        OnnxGraph graph, string input, string node, Weight weight, Weight bias, double? least = null)
    {
        if (_inputs.Add(input))
        {
            Output(graph, "ReduceMin", input, input + Least);
            Output(graph, "ReduceMax", input, input + Most);
        }
        return _products.Multiply(graph, input, node, weight, bias, least);
    }

    private static void Output(OnnxGraph graph, string operation, string input, string output)
    {
        var value = graph.Node(operation, output + ".value", [input], OnnxGraph.Whole("keepdims", 0));
        graph.Output(graph.Node("Unsqueeze", output + ".row", [value, graph.Indices(0, 1)]), output, "1", "1");
    }

    /// <inheritdoc/>
    public override string LookUp(OnnxGraph graph, string ids, string node, Weight table) => _products.LookUp(graph, ids, node, table);
}
