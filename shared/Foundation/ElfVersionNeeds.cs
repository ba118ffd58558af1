using System.Buffers.Binary;
using System.Text;

namespace Replication;

/// <summary>
/// The versions that a 64-bit little-endian ELF file needs of its libraries. Layouts: "Symbol Versioning" in the Linux Standard Base.
/// </summary>
internal static class ElfVersionNeeds
{
    private const uint Magic = 0x464c457f, NeedsSection = 0x6ffffffe; // SHT_GNU_verneed
    private const byte Is64Bit = 2, IsLittleEndian = 1, Weak = 0x2; // VER_FLG_WEAK

    /// <summary>Marks every need of a version as weak.</summary>
    /// <returns>Whether it is such a file and one was marked.</returns>
    public static bool Weaken(Span<byte> elf, string version)
    {
        if (elf.Length < 64 || UInt32(elf, 0) != Magic || elf[4] != Is64Bit || elf[5] != IsLittleEndian)
            return false;
        var changed = false;
        var (sections, size, count) = (Int64(elf, 0x28), UInt16(elf, 0x3a), UInt16(elf, 0x3c));
        for (var i = 0; i < count; i++)
        {
            var section = sections + (i * size);
            if (UInt32(elf, section + 4) == NeedsSection)
                changed |= WeakenSection(
                    elf, Offset(elf, section), UInt32(elf, section + 44), Offset(elf, sections + ((int)UInt32(elf, section + 40) * size)),
                    version);
        }
        return changed;
    }

    // A chain of libraries (Verneed), each with a chain of versions that are needed of it (Vernaux).
    private static bool WeakenSection(Span<byte> elf, int library, uint libraries, int names, string version)
    {
        var changed = false;
        for (var i = 0; i < libraries; i++)
        {
            var need = library + (int)UInt32(elf, library + 8);
            for (var left = UInt16(elf, library + 2); left > 0; left--)
            {
                if ((elf[need + 4] & Weak) == 0 && IsNamed(elf, names + (int)UInt32(elf, need + 8), version))
                {
                    elf[need + 4] |= Weak;
                    changed = true;
                }
                need += (int)UInt32(elf, need + 12);
            }
            library += (int)UInt32(elf, library + 12);
        }
        return changed;
    }

    private static bool IsNamed(ReadOnlySpan<byte> elf, int start, string name)
    {
        var bytes = elf[start..];
        return bytes[..bytes.IndexOf((byte)0)].SequenceEqual(Encoding.ASCII.GetBytes(name));
    }

    private static int Offset(ReadOnlySpan<byte> elf, int section) => Int64(elf, section + 24);

    private static ushort UInt16(ReadOnlySpan<byte> elf, int at) => BinaryPrimitives.ReadUInt16LittleEndian(elf[at..]);

    private static uint UInt32(ReadOnlySpan<byte> elf, int at) => BinaryPrimitives.ReadUInt32LittleEndian(elf[at..]);

    private static int Int64(ReadOnlySpan<byte> elf, int at) => checked((int)BinaryPrimitives.ReadInt64LittleEndian(elf[at..]));
}
