namespace Replication.Export;

/// <summary>A tensor of a trained model.</summary>
/// <param name="Name">Its name in Hugging Face's layout.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Values">Its numbers, the last dimension fastest.</param>
internal sealed record Weight(string Name, IReadOnlyList<long> Shape, float[] Values)
{
    /// <summary>A matrix [outputs, inputs] as [inputs, outputs], which is how ONNX multiplies.</summary>
    public Weight Transposed()
    {
        var (rows, columns) = ((int)Shape[0], (int)Shape[1]);
        var turned = new float[Values.Length];
        for (var row = 0; row < rows; row++)
            for (var column = 0; column < columns; column++)
                turned[column * rows + row] = Values[row * columns + column];
        return new Weight(Name, [columns, rows], turned);
    }
}
