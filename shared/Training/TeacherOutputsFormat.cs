using System.Buffers.Binary;
using System.Text;

namespace Replication.Training;

/// <summary>What decides a teacher's outputs, to the last bit.</summary>
/// <param name="TeacherDigest">sha256 of the teacher's weights.</param>
/// <param name="DataDigest">sha256 of the encoded rows.</param>
/// <param name="Rows">Number of rows.</param>
/// <param name="Layers">Layers whose [CLS] state is kept, in order.</param>
/// <param name="Computer">Device, threads and libtorch's version: another value may round differently.</param>
internal sealed record TeacherOutputsKey(string TeacherDigest, string DataDigest, int Rows, IReadOnlyList<int> Layers, string Computer)
{
    /// <summary>Version of the file's layout and of the code that fills it; raised whenever either changes.</summary>
    public const int Version = 1;

    /// <summary>
    /// Texts of a row: the options of a multiple choice, each with a [CLS] state; the data tells, so it is not part of the name.
    /// </summary>
    public int Choices { get; init; } = 1;

    /// <summary>A name that no other key has.</summary>
    public string Name() => "teacher-" + Digest.OfText(string.Join(
        '\n', [FormattableString.Invariant($"version {Version}"), TeacherDigest, DataDigest, Computer,
            .. Layers.Select(l => FormattableString.Invariant($"{l}"))]));
}

/// <summary>
/// The file's layout, little-endian: magic, version, rows, classes, layers, hidden size (int32 each), then the layers' numbers and
/// the key's texts, zeros up to a multiple of 64 bytes; then for each row its logits and its [CLS] states as float32.
/// </summary>
internal sealed class TeacherOutputsFormat(TeacherOutputsKey key, int classes, int hidden)
{
    private const int Alignment = 64;
    private const int FixedBytes = 28;
    private static readonly byte[] Magic = "TEACHER\n"u8.ToArray();

    /// <summary>Number of rows.</summary>
    public int Rows => key.Rows;

    /// <summary>Logits of a row.</summary>
    public int Classes => classes;

    /// <summary>[CLS] states of a row.</summary>
    public int Layers => key.Layers.Count;

    /// <summary>Width of a [CLS] state; those of the options of a multiple choice stand side by side.</summary>
    public int Hidden => hidden;

    /// <summary>Numbers of a row: logits, then [CLS] states.</summary>
    public int RowValues => Classes + (Layers * Hidden);

    /// <summary>The bytes before the rows.</summary>
    public byte[] Header { get; } = CreateHeader(key, classes, hidden);

    /// <summary>The file's size.</summary>
    public long Bytes => RowOffset(Rows);

    /// <summary>Where a row begins.</summary>
    public long RowOffset(int row) => Header.Length + ((long)row * RowValues * sizeof(float));

    /// <summary>The format of a file, if it is whole and holds what the key asks for; else null.</summary>
    public static TeacherOutputsFormat? Of(Stream file, TeacherOutputsKey key)
    {
        var start = new byte[FixedBytes];
        if (file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) < start.Length)
            return null;
        var format = new TeacherOutputsFormat(key, Number(start, 2), Number(start, 4));
        if (format.Classes <= 0 || format.Hidden <= 0 || file.Length != format.Bytes)
            return null;
        var header = new byte[format.Header.Length];
        file.Position = 0;
        file.ReadExactly(header);
        return header.AsSpan().SequenceEqual(format.Header) ? format : null;
    }

    private static int Number(byte[] start, int position) =>
        BinaryPrimitives.ReadInt32LittleEndian(start.AsSpan(Magic.Length + (position * sizeof(int))));

    private static byte[] CreateHeader(TeacherOutputsKey key, int classes, int hidden)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream, Encoding.UTF8);
        writer.Write(Magic);
        foreach (var number in (int[])[TeacherOutputsKey.Version, key.Rows, classes, key.Layers.Count, hidden, .. key.Layers])
            writer.Write(number);
        writer.Write(key.TeacherDigest);
        writer.Write(key.DataDigest);
        writer.Write(key.Computer);
        writer.Flush();
        stream.SetLength((stream.Length + Alignment - 1) / Alignment * Alignment);
        return stream.ToArray();
    }
}
