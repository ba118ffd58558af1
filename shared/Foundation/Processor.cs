using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using System.Text;

namespace Replication;

/// <summary>The processor: what it is called, and what libtorch may use of it.</summary>
/// <param name="Name">The maker's name; the architecture where there is none.</param>
/// <param name="InstructionSets">The instruction sets that decide how fast matrix products run, such as AVX-512.</param>
public sealed partial record Processor(string Name, IReadOnlyList<string> InstructionSets)
{
    private const string Avx512Bf16 = "AVX-512 BF16", AmxBf16 = "AMX BF16";

    // oneDNN, which computes libtorch's bf16 products, can be told to use no more than an older instruction set.
    private const string OneDnnLimit = "ONEDNN_MAX_CPU_ISA";

    // CPUID: leaf 0x80000000 tells the highest leaf, the three from 0x80000002 on hold the name.
    private const uint ExtendedLeaf = 0x80000000;
    private const uint BrandLeaf = 0x80000002;
    private const int BrandLeaves = 3;

    /// <summary>Whether it has instructions for bfloat16.</summary>
    public bool HasBf16 => InstructionSets.Any(name => name is Avx512Bf16 or AmxBf16);

    /// <summary>The instruction sets that libtorch picks its kernels by, in one line.</summary>
    public string Kernels => string.Join(", ", InstructionSets.DefaultIfEmpty(RuntimeInformation.ProcessArchitecture.ToString()));

    /// <summary>This machine's.</summary>
    /// <param name="variable">Gives environment variables; ONEDNN_MAX_CPU_ISA can hide the instructions for bfloat16, as it does from
    /// libtorch.</param>
    public static Processor OfThisMachine(Func<string, string?> variable) =>
        new Processor(OwnName(), OwnInstructionSets()).LimitedTo(variable(OneDnnLimit));

    /// <summary>The part that oneDNN uses where it is told to use no more than an instruction set, as in ONEDNN_MAX_CPU_ISA.</summary>
    /// <param name="limit">oneDNN's name of the newest set, such as "AVX2"; null for no limit.</param>
    public Processor LimitedTo(string? limit)
    {
        if (string.IsNullOrEmpty(limit))
            return this;
        var name = limit.ToUpperInvariant();
        var hidden = name is "DEFAULT" or "ALL" || name.Contains("AMX", StringComparison.Ordinal) ? []
            : name is "AVX512_CORE_BF16" or "AVX512_CORE_FP16" || name.StartsWith("AVX10", StringComparison.Ordinal) ? [AmxBf16]
            : (string[])[Avx512Bf16, AmxBf16];
        return this with { InstructionSets = [.. InstructionSets.Except(hidden)] };
    }

    private static string OwnName()
    {
        var name = X86Base.IsSupported ? X86Brand() : OperatingSystem.IsMacOS() ? AppleBrand() : null;
        return string.IsNullOrWhiteSpace(name)
            ? RuntimeInformation.ProcessArchitecture.ToString()
            : string.Join(' ', name.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    private static List<string> OwnInstructionSets()
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
            Add(Avx512F.IsSupported && Bit(X86Base.CpuId(7, 1).Eax, 5), Avx512Bf16);
            Add(Bit(X86Base.CpuId(7, 0).Edx, 22), AmxBf16);
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
