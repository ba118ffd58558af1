using System.Runtime.InteropServices;
using Google.Protobuf;
using Onnx;

namespace Replication.Export;

/// <summary>An ONNX graph while it is written: each method adds to it and gives the name of what it added.</summary>
internal sealed class OnnxGraph(string name)
{
    /// <summary>IR version and operator set: what ONNX 1.12 of 2022 defines, which runtimes in use know.</summary>
    public const int IrVersion = 8, Opset = 17;

    /// <summary>The domain of ONNX Runtime's own operators.</summary>
    public const string Microsoft = "com.microsoft";

    private readonly GraphProto _graph = new() { Name = name };
    private readonly Dictionary<string, string> _scalars = new(StringComparer.Ordinal);
    private bool _hasMicrosoft;

    /// <summary>An input of int64 [dimensions]; dimensions have names, so that they may differ from call to call.</summary>
    public string Input(string input, params string[] dimensions)
    {
        _graph.Input.Add(Value(input, TensorProto.Types.DataType.Int64, dimensions));
        return input;
    }

    /// <summary>Makes a result an output of the graph, under a name of its own.</summary>
    public void Output(string value, string output, params string[] dimensions)
    {
        _graph.Node.Add(new NodeProto { Name = output, OpType = "Identity", Input = { value }, Output = { output } });
        _graph.Output.Add(Value(output, TensorProto.Types.DataType.Float, dimensions));
    }

    /// <summary>A node with one result; an empty name stands for an input that is left out.</summary>
    public string Node(string operation, string node, IEnumerable<string> inputs, params AttributeProto[] attributes)
    {
        Add(operation, "", node, inputs, [node], attributes);
        return node;
    }

    /// <summary>A node with several results.</summary>
    public IReadOnlyList<string> Nodes(
        string operation, string node, IEnumerable<string> inputs, int results, params AttributeProto[] attributes)
    {
        string[] outputs = [.. Enumerable.Range(0, results).Select(i => FormattableString.Invariant($"{node}.{i}"))];
        Add(operation, "", node, inputs, outputs, attributes);
        return outputs;
    }

    /// <summary>A node of <see cref="Microsoft"/>.</summary>
    public string MicrosoftNode(string operation, string node, IEnumerable<string> inputs, params AttributeProto[] attributes)
    {
        _hasMicrosoft = true;
        Add(operation, Microsoft, node, inputs, [node], attributes);
        return node;
    }

    /// <summary>Weights in fp32.</summary>
    public string Floats(Weight weight) =>
        Initializer(weight.Name, TensorProto.Types.DataType.Float, weight.Shape, MemoryMarshal.AsBytes<float>(weight.Values));

    /// <summary>Weights as signed bytes.</summary>
    public string Bytes(string weight, IReadOnlyList<long> shape, sbyte[] values) =>
        Initializer(weight, TensorProto.Types.DataType.Int8, shape, MemoryMarshal.AsBytes<sbyte>(values));

    /// <summary>A number; equal ones are written once.</summary>
    public string Scalar(float value) =>
        Constant(FormattableString.Invariant($"float {value:R}"), TensorProto.Types.DataType.Float, [], MemoryMarshal.AsBytes([value]));

    /// <summary>An unsigned byte, such as a zero point.</summary>
    public string Byte(byte value) =>
        Constant(FormattableString.Invariant($"uint8 {value}"), TensorProto.Types.DataType.Uint8, [], [value]);

    /// <summary>A whole number.</summary>
    public string Index(long value) =>
        Constant(FormattableString.Invariant($"int64 {value}"), TensorProto.Types.DataType.Int64, [], MemoryMarshal.AsBytes([value]));

    /// <summary>A list of whole numbers.</summary>
    public string Indices(params long[] values) =>
        Constant("int64 [" + string.Join(' ', values) + "]", TensorProto.Types.DataType.Int64, [values.Length],
            MemoryMarshal.AsBytes<long>(values));

    /// <summary>The model.</summary>
    public ModelProto ToModel()
    {
        var model = new ModelProto { IrVersion = IrVersion, ProducerName = "replication", Graph = _graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = Opset });
        if (_hasMicrosoft)
            model.OpsetImport.Add(new OperatorSetIdProto { Domain = Microsoft, Version = 1 });
        return model;
    }

    /// <summary>A whole number as a node's attribute.</summary>
    public static AttributeProto Whole(string attribute, long value) =>
        new() { Name = attribute, Type = AttributeProto.Types.AttributeType.Int, I = value };

    /// <summary>A list of whole numbers as a node's attribute.</summary>
    public static AttributeProto Wholes(string attribute, params long[] values) =>
        new() { Name = attribute, Type = AttributeProto.Types.AttributeType.Ints, Ints = { values } };

    /// <summary>A number as a node's attribute.</summary>
    public static AttributeProto Number(string attribute, double value) =>
        new() { Name = attribute, Type = AttributeProto.Types.AttributeType.Float, F = (float)value };

    private void Add(
        string operation, string domain, string node, IEnumerable<string> inputs, IEnumerable<string> outputs,
        AttributeProto[] attributes) =>
        _graph.Node.Add(
            new NodeProto {
            Name = node, OpType = operation, Domain = domain, Input = { inputs }, Output = { outputs }, Attribute = { attributes } });

    private string Constant(string text, TensorProto.Types.DataType type, IReadOnlyList<long> shape, ReadOnlySpan<byte> bytes)
    {
        if (!_scalars.TryGetValue(text, out var known))
            _scalars[text] = known = Initializer(text, type, shape, bytes);
        return known;
    }

    private string Initializer(string tensor, TensorProto.Types.DataType type, IReadOnlyList<long> shape, ReadOnlySpan<byte> bytes)
    {
        _graph.Initializer.Add(
            new TensorProto { Name = tensor, DataType = (int)type, Dims = { shape }, RawData = ByteString.CopyFrom(bytes) });
        return tensor;
    }

    private static ValueInfoProto Value(string value, TensorProto.Types.DataType type, string[] dimensions)
    {
        var shape = new TensorShapeProto();
        foreach (var dimension in dimensions)
        {
            shape.Dim.Add(long.TryParse(dimension, out var fixedSize)
                ? new TensorShapeProto.Types.Dimension { DimValue = fixedSize }
                : new TensorShapeProto.Types.Dimension { DimParam = dimension });
        }
        return new ValueInfoProto {
            Name = value, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = shape } } };
    }
}
