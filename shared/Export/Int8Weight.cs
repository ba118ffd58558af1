namespace Replication.Export;

/// <summary>
/// A matrix in signed bytes of 7 bits with a scale a column. Processors without VNNI add pairs of products of an unsigned and a
/// signed byte in 16 bits and cut off what does not fit: 2 x 255 x 64 does, 2 x 255 x 127 does not.
/// </summary>
internal sealed class Int8Weight
{
    /// <summary>Largest magnitude of a byte.</summary>
    public const int Largest = 64;

    private Int8Weight(IReadOnlyList<long> shape, sbyte[] values, float[] scales) => (Shape, Values, Scales) = (shape, values, scales);

    /// <summary>The shape, [inputs, outputs] or [rows, hidden].</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>The bytes.</summary>
    public sbyte[] Values { get; }

    /// <summary>A scale an output, or a row.</summary>
    public float[] Scales { get; }

    /// <summary>A matrix [outputs, inputs] as bytes [inputs, outputs], a scale an output.</summary>
    public static Int8Weight ByOutput(Weight weight)
    {
        var (outputs, inputs) = ((int)weight.Shape[0], (int)weight.Shape[1]);
        var values = new sbyte[weight.Values.Length];
        var scales = new float[outputs];
        for (var output = 0; output < outputs; output++)
        {
            var row = weight.Values.AsSpan(output * inputs, inputs);
            scales[output] = Scale(row, Largest);
            for (var i = 0; i < inputs; i++)
                values[i * outputs + output] = Round(row[i], scales[output], Largest);
        }
        return new Int8Weight([inputs, outputs], values, scales);
    }

    /// <summary>A table [rows, hidden], a scale a row; it is looked up and not multiplied, so that all 8 bits serve.</summary>
    public static Int8Weight ByRow(Weight table)
    {
        var (rows, width) = ((int)table.Shape[0], (int)table.Shape[1]);
        var values = new sbyte[table.Values.Length];
        var scales = new float[rows];
        for (var row = 0; row < rows; row++)
        {
            var numbers = table.Values.AsSpan(row * width, width);
            scales[row] = Scale(numbers, sbyte.MaxValue);
            for (var i = 0; i < width; i++)
                values[row * width + i] = Round(numbers[i], scales[row], sbyte.MaxValue);
        }
        return new Int8Weight([rows, width], values, scales);
    }

    /// <summary>The sum of each output's column as the bytes have it.</summary>
    public float[] ColumnSums()
    {
        var (inputs, outputs) = ((int)Shape[0], (int)Shape[1]);
        var sums = new long[outputs];
        for (var input = 0; input < inputs; input++)
            for (var output = 0; output < outputs; output++)
                sums[output] += Values[input * outputs + output];
        return [.. sums.Select((sum, output) => sum * Scales[output])];
    }

    private static float Scale(ReadOnlySpan<float> numbers, int largest)
    {
        var most = 0f;
        foreach (var number in numbers)
            most = Math.Max(most, Math.Abs(number));
        return most == 0 ? 1 : most / largest;
    }

    private static sbyte Round(float number, float scale, int largest) => (sbyte)Math.Clamp(MathF.Round(number / scale), -largest, largest);
}
