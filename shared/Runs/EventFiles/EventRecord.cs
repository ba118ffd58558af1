using System.Buffers.Binary;
using System.Numerics;

namespace Replication.Runs;

/// <summary>
/// The container of TensorBoard's event files (TFRecord): the length in eight bytes, its checksum, the data, their checksum. Checksums
/// are CRC-32C, rotated and shifted so that a checksum of checksummed data is none of its own.
/// </summary>
internal static class EventRecord
{
    /// <summary>Bytes around the data.</summary>
    public const int Overhead = 16;

    private const int HeaderLength = 12;

    /// <summary>One record.</summary>
    public static byte[] Of(ReadOnlySpan<byte> data)
    {
        var record = new byte[data.Length + Overhead];
        BinaryPrimitives.WriteUInt64LittleEndian(record, (ulong)data.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(8), Checksum(record.AsSpan(0, 8)));
        data.CopyTo(record.AsSpan(HeaderLength));
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(HeaderLength + data.Length), Checksum(data));
        return record;
    }

    /// <summary>The data of the records up to the first that is torn or damaged; nothing behind it can be read.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> Sound(ReadOnlyMemory<byte> file)
    {
        while (file.Length >= Overhead)
        {
            var length = BinaryPrimitives.ReadUInt64LittleEndian(file.Span);
            if (Checksum(file.Span[..8]) != BinaryPrimitives.ReadUInt32LittleEndian(file.Span[8..])
                || length > (ulong)(file.Length - Overhead))
                yield break;
            var data = file.Slice(HeaderLength, (int)length);
            if (Checksum(data.Span) != BinaryPrimitives.ReadUInt32LittleEndian(file.Span[(HeaderLength + (int)length)..]))
                yield break;
            yield return data;
            file = file[((int)length + Overhead)..];
        }
    }

    private static uint Checksum(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        for (; data.Length >= sizeof(ulong); data = data[sizeof(ulong)..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(data));
        foreach (var octet in data)
            crc = BitOperations.Crc32C(crc, octet);
        return BitOperations.RotateRight(~crc, 15) + 0xa282ead8u;
    }
}
