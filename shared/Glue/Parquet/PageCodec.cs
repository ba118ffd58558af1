using System.Buffers.Binary;
using Parquet.Meta;

namespace Replication.Glue;

/// <summary>How far the ways of packing a page can pack, and what packed bytes say of their length.</summary>
internal static class PageCodec
{
    /// <summary>Most bytes that <see cref="Announced"/> looks at.</summary>
    public const int LongestStart = 18;

    private const uint ZstdMagic = 0xFD2FB528;
    private const int ZstdStart = 5;

    /// <summary>Most bytes that so many packed ones can become.</summary>
    public static long MostBytes(CompressionCodec codec, long packed) => codec switch
    {
        CompressionCodec.UNCOMPRESSED => packed,
        // A copy of 64 bytes takes 3.
        CompressionCodec.SNAPPY => 32 * packed,
        // 258 bytes a bit or two, and a length byte repeated in LZ4.
        CompressionCodec.GZIP => 64 + 1100 * packed,
        CompressionCodec.LZ4 or CompressionCodec.LZ4_RAW => 64 + 260 * packed,
        // A block of 128 KiB of one byte takes 4; one of 16 MiB a few in Brotli.
        CompressionCodec.ZSTD => (1L << 17) * (1 + packed / 4),
        CompressionCodec.BROTLI => 1L << 28,
        _ => throw new NotSupportedException($"its pages are packed with {codec}"),
    };

    /// <summary>The unpacked length at the start of packed bytes; null where there is none.</summary>
    public static ulong? Announced(CompressionCodec codec, ReadOnlySpan<byte> start) => codec switch
    {
        CompressionCodec.SNAPPY => Varint(start),
        CompressionCodec.ZSTD => ZstdContent(start),
        _ => null,
    };

    private static ulong Varint(ReadOnlySpan<byte> start)
    {
        var value = 0UL;
        for (var i = 0; i < Math.Min(start.Length, 5); i++)
        {
            value |= (ulong)(start[i] & 0x7F) << (7 * i);
            if (start[i] < 0x80)
                break;
        }
        return value;
    }

    // RFC 8878, 3.1.1.1: a descriptor says how many bytes the window, the dictionary's id and the content's size take.
    private static ulong? ZstdContent(ReadOnlySpan<byte> start)
    {
        if (start.Length < ZstdStart || BinaryPrimitives.ReadUInt32LittleEndian(start) != ZstdMagic)
            return null;
        var descriptor = start[4];
        var single = (descriptor & 0x20) != 0;
        var (size, dictionary) = (descriptor >> 6, descriptor & 3);
        var place = ZstdStart + (single ? 0 : 1) + (dictionary == 3 ? 4 : dictionary);
        var field = start[Math.Min(place, start.Length)..];
        return (size, single) switch
        {
            (0, true) when field.Length >= 1 => field[0],
            (1, _) when field.Length >= 2 => 256UL + BinaryPrimitives.ReadUInt16LittleEndian(field),
            (2, _) when field.Length >= 4 => BinaryPrimitives.ReadUInt32LittleEndian(field),
            (3, _) when field.Length >= 8 => BinaryPrimitives.ReadUInt64LittleEndian(field),
            _ => null,
        };
    }
}
