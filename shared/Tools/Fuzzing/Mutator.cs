using System.Buffers.Binary;

namespace Replication.Tools.Fuzzing;

/// <summary>Damages bytes as disks, transfers and people do, and as a file would that means harm.</summary>
internal static class Mutator
{
    private const int MostChanges = 4;

    private static readonly long[] Numbers =
    [
        0, 1, -1, 2, 7, 16, 127, 128, 255, 256, 32767, 32768, 65535, 65536, int.MaxValue, int.MinValue, uint.MaxValue, 1L << 40,
        long.MaxValue, long.MinValue,
    ];

    private static readonly byte[][] Texts =
    [
        "null"u8.ToArray(), "-1"u8.ToArray(), "1e999"u8.ToArray(), "NaN"u8.ToArray(), "\t"u8.ToArray(), "\n"u8.ToArray(), "\r"u8.ToArray(),
        "\0"u8.ToArray(), "\""u8.ToArray(),
        "\\ud800"u8.ToArray(), "{"u8.ToArray(), "]"u8.ToArray(), ","u8.ToArray(), [0xff], [0xc3], [0xef, 0xbb, 0xbf], [0xff, 0xfe],
        "99999999999999999999"u8.ToArray(), "../"u8.ToArray(),
    ];

    /// <summary>One or a few changes to a content.</summary>
    /// <param name="content">Sound bytes.</param>
    /// <param name="other">Bytes to splice from, such as those of another file.</param>
    /// <param name="random">Decides what is changed.</param>
    public static byte[] Change(byte[] content, byte[] other, RandomStream random)
    {
        if (random.NextInt32(3) == 0 && JsonMutator.TryChange(content, random) is { } json)
            return json;
        var changed = content;
        for (var change = 1 + random.NextInt32(MostChanges); change > 0; change--)
            changed = ChangeOnce(changed, other, random);
        return changed;
    }

    private static byte[] ChangeOnce(byte[] content, byte[] other, RandomStream random)
    {
        if (content.Length == 0)
            return Texts[random.NextInt32(Texts.Length)];
        var place = random.NextInt32(content.Length);
        switch (random.NextInt32(11))
        {
            case 0:
                return Replaced(content, place, [(byte)(content[place] ^ (1 << random.NextInt32(8)))]);
            case 1:
                return Replaced(content, place, [(byte)random.NextInt32(256)]);
            case 2:
                return Replaced(content, place, Number(random));
            case 3:
                return content[..place];
            case 4:
                return [.. content, .. Piece(other, random)];
            case 5:
                return [.. content[..place], .. Texts[random.NextInt32(Texts.Length)], .. content[place..]];
            case 6:
                var end = Math.Min(content.Length, place + 1 + random.NextInt32(64));
                return [.. content[..place], .. content[end..]];
            case 7:
                return [.. content[..place], .. Piece(content, random), .. content[place..]];
            case 8:
                return [.. content[..place], .. Piece(other, random), .. content[Math.Min(content.Length, place + random.NextInt32(16))..]];
            case 9:
                return Replaced(content, place, new byte[Math.Min(content.Length - place, 1 + random.NextInt32(512))]);
            default:
                var (from, length) = (random.NextInt32(content.Length), 1 + random.NextInt32(32));
                return Replaced(content, place, content[from..Math.Min(content.Length, from + length)]);
        }
    }

    private static byte[] Number(RandomStream random)
    {
        var bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, Numbers[random.NextInt32(Numbers.Length)]);
        return bytes[..(1 << random.NextInt32(4))];
    }

    private static byte[] Piece(byte[] content, RandomStream random)
    {
        if (content.Length == 0)
            return [];
        var start = random.NextInt32(content.Length);
        return content[start..Math.Min(content.Length, start + 1 + random.NextInt32(256))];
    }

    private static byte[] Replaced(byte[] content, int place, byte[] by)
    {
        var changed = (byte[])content.Clone();
        by.AsSpan(0, Math.Min(by.Length, content.Length - place)).CopyTo(changed.AsSpan(place));
        return changed;
    }
}
