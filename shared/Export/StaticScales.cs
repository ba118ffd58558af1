using Replication.Bert.Tokenization;
using Replication.Inference;

namespace Replication.Export;

/// <summary>
/// Writes a model with scales that are found on some training rows; of several sets of ranges it takes the one whose answers to
/// as many other rows are the nearest to those in fp32.
/// </summary>
internal sealed class StaticScales
{
    // Rows that calibrate, and as many that then choose.
    private const int Rows = 128;

    /// <summary>Training rows; null where none were named.</summary>
    public required IReadOnlyList<TextInput>? Train { get; init; }

    /// <summary>The model's tokenizer.</summary>
    public required TextTokenizer Tokenizer { get; init; }

    /// <summary>Longest text in tokens.</summary>
    public required int MaxLength { get; init; }

    /// <summary>Whether the form has ONNX Runtime's own operators.</summary>
    public required bool Fused { get; init; }

    /// <summary>Writes the model's file with its products written in some way.</summary>
    public required Action<string, Products> Write { get; init; }

    /// <summary>The outputs in fp32 for some texts, [texts][numbers].</summary>
    public required Func<IReadOnlyList<TextInput>, IReadOnlyList<float[]>> Fp32 { get; init; }

    /// <summary>The same of what has been written.</summary>
    public required Func<IReadOnlyList<TextInput>, IReadOnlyList<float[]>> Written { get; init; }

    /// <summary>Writes the file with the best ranges.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellation">Stops between two texts.</param>
    /// <exception cref="ReplicationException">There are no training rows.</exception>
    public void WriteBest(string path, CancellationToken cancellation)
    {
        var rows = Train ?? throw new ReplicationException(
            "int8 with fixed scales finds them on training rows: name the task with --task, or take --quantize int8, which needs none.",
            ReplicationException.UsageError);
        var chosen = Enumerable.Range(0, rows.Count).ToArray();
        new RandomStream(0, "calibration").Shuffle<int>(chosen);
        List<TextInput> drawn = [.. chosen.Take(2 * Rows).Select(row => rows[row])];
        (int[], int)[] encoded =
            [.. drawn.Take(Math.Max(1, drawn.Count / 2)).Select(text => Tokenizer.EncodePair(text.First, text.Second, MaxLength))];
        List<TextInput> choosing = [.. drawn.Skip(drawn.Count / 2)];
        var expected = Fp32(choosing);
        var best = Calibrator.Ranges(Write, encoded, Tokenizer.Ids.Padding, cancellation).MinBy(ranges =>
        {
            Write(path, new StaticProducts(ranges, Fused));
            return Written(choosing).Zip(expected, (a, b) => a.Zip(b, (x, y) => (double)(x - y) * (x - y)).Sum()).Sum();
        })!;
        Write(path, new StaticProducts(best, Fused));
    }
}
