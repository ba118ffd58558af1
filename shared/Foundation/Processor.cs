using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using System.Text;

namespace Replication;

/// <summary>What the processor says of itself.</summary>
internal static partial class Processor
{
    // CPUID: leaf 0x80000000 tells the highest leaf, the three from 0x80000002 on hold the name.
    private const uint ExtendedLeaf = 0x80000000;
    private const uint BrandLeaf = 0x80000002;
    private const int BrandLeaves = 3;

    /// <summary>The maker's name; the architecture where there is none.</summary>
    public static string Name()
    {
        var name = X86Base.IsSupported ? X86Brand() : OperatingSystem.IsMacOS() ? AppleBrand() : null;
        return string.IsNullOrWhiteSpace(name) ? RuntimeInformation.ProcessArchitecture.ToString() : string.Join(' ', name.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>The instruction sets that decide how fast matrix products run.</summary>
    public static IReadOnlyList<string> InstructionSets()
    {
        var found = new List<string>();
        void Add(bool has, string name)
        {
            if (has)
                found.Add(name);
        }

        Add(Avx2.IsSupported, "AVX2");
        Add(Avx512F.IsSupported, "AVX-512");
        if (X86Base.IsSupported && X86Base.CpuId(0, 0).Eax >= 7)
        {
            // .NET knows no class for these: Intel's manual, CPUID leaf 7.
            Add(Avx512F.IsSupported && Bit(X86Base.CpuId(7, 1).Eax, 5), "AVX-512 BF16");
            Add(Bit(X86Base.CpuId(7, 0).Edx, 22), "AMX BF16");
        }
        Add(AdvSimd.IsSupported, "NEON");
        return found;
    }

    private static bool Bit(int register, int position) => (register >> position & 1) == 1;

    private static string? X86Brand()
    {
        if ((uint)X86Base.CpuId(unchecked((int)ExtendedLeaf), 0).Eax < BrandLeaf + BrandLeaves - 1)
            return null;
        var registers = new List<int>();
        for (var leaf = BrandLeaf; leaf < BrandLeaf + BrandLeaves; leaf++)
        {
            var (eax, ebx, ecx, edx) = X86Base.CpuId(unchecked((int)leaf), 0);
            registers.AddRange([eax, ebx, ecx, edx]);
        }
        return Encoding.ASCII.GetString(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(registers))).TrimEnd('\0');
    }

    private static string? AppleBrand()
    {
        try
        {
            var buffer = new byte[256];
            nuint length = (nuint)buffer.Length;
            return SysctlByName("machdep.cpu.brand_string", buffer, ref length, 0, 0) == 0
                ? Encoding.UTF8.GetString(buffer, 0, (int)length).TrimEnd('\0')
                : null;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "sysctlbyname", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SysctlByName(string name, [Out] byte[] value, ref nuint length, nint newValue, nuint newLength);
}
