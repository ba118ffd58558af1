using System;
using System.IO;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// Marks needs of symbol versions in a 64-bit little-endian ELF file as weak: the loader then accepts a library that does
/// not define them. Compiled by MSBuild; no part of the program. Layouts: "Symbol Versioning" in the Linux Standard Base.
/// </summary>
public sealed class WeakenElfVersions : Task
{
    private const uint VersionNeeds = 0x6ffffffe; // SHT_GNU_verneed
    private const byte Weak = 0x2; // VER_FLG_WEAK

    /// <summary>The file.</summary>
    [Required]
    public string File { get; set; }

    /// <summary>Names of versions, with semicolons between them.</summary>
    [Required]
    public string Versions { get; set; }

    /// <inheritdoc/>
    public override bool Execute()
    {
        var elf = System.IO.File.ReadAllBytes(File);
        if (elf.Length < 64 || BitConverter.ToUInt32(elf, 0) != 0x464c457f || elf[4] != 2 || elf[5] != 1)
        {
            Log.LogError("{0} is not a 64-bit little-endian ELF file.", File);
            return false;
        }
        if (!Weaken(elf, Versions.Split(';')))
            return true;
        Replace(elf);
        Log.LogMessage(MessageImportance.Low, "{0}: the need of {1} is weak now.", File, Versions);
        return true;
    }

    // The output may be a hard link into the package cache and several projects may build at once: the patched copy gets a
    // name of its own, and the rename puts it in the link's place in one step.
    private void Replace(byte[] elf)
    {
        var copy = File + "." + Guid.NewGuid().ToString("N") + ".tmp";
        System.IO.File.WriteAllBytes(copy, elf);
        // With the time of the original, the next build's copying takes the file for the one in the package and leaves it.
        System.IO.File.SetLastWriteTimeUtc(copy, System.IO.File.GetLastWriteTimeUtc(File));
        if (System.IO.File.Exists(File))
            System.IO.File.Replace(copy, File, null);
        else
            System.IO.File.Move(copy, File);
    }

    private static bool Weaken(byte[] elf, string[] versions)
    {
        var changed = false;
        var sections = BitConverter.ToInt64(elf, 0x28);
        int size = BitConverter.ToUInt16(elf, 0x3a), count = BitConverter.ToUInt16(elf, 0x3c);
        for (var i = 0; i < count; i++)
        {
            var section = sections + (long)i * size;
            if (BitConverter.ToUInt32(elf, (int)section + 4) != VersionNeeds)
                continue;
            var names = SectionOffset(elf, sections + (long)BitConverter.ToInt32(elf, (int)section + 40) * size);
            changed |= WeakenSection(elf, SectionOffset(elf, section), BitConverter.ToInt32(elf, (int)section + 44), names, versions);
        }
        return changed;
    }

    // A chain of libraries (Verneed), each with a chain of versions that are needed of it (Vernaux).
    private static bool WeakenSection(byte[] elf, long library, int libraries, long names, string[] versions)
    {
        var changed = false;
        for (var i = 0; i < libraries; i++)
        {
            var version = library + BitConverter.ToUInt32(elf, (int)library + 8);
            int needed = BitConverter.ToUInt16(elf, (int)library + 2);
            for (var j = 0; j < needed; j++)
            {
                var flags = (int)version + 4;
                if ((elf[flags] & Weak) == 0 && Array.IndexOf(versions, Name(elf, names + BitConverter.ToUInt32(elf, (int)version + 8))) >= 0)
                {
                    elf[flags] |= Weak;
                    changed = true;
                }
                version += BitConverter.ToUInt32(elf, (int)version + 12);
            }
            library += BitConverter.ToUInt32(elf, (int)library + 12);
        }
        return changed;
    }

    private static long SectionOffset(byte[] elf, long section)
    {
        return BitConverter.ToInt64(elf, (int)section + 24);
    }

    private static string Name(byte[] elf, long start)
    {
        var end = (int)start;
        while (elf[end] != 0)
            end++;
        return Encoding.ASCII.GetString(elf, (int)start, end - (int)start);
    }
}
