using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Replication.Export;

/// <summary>Whether the processor multiplies bytes four at a time, without which int8 gains little.</summary>
internal static class Vnni
{
    /// <summary>AVX-512 VNNI or AVX-VNNI (Intel's manual, CPUID leaf 7), or Arm's dot product.</summary>
    public static bool IsSupported() => Dp.IsSupported
        || X86Base.IsSupported && X86Base.CpuId(0, 0).Eax >= 7
            && (Bit(X86Base.CpuId(7, 0).Ecx, 11) && Avx512F.IsSupported || Bit(X86Base.CpuId(7, 1).Eax, 4));

    private static bool Bit(int register, int position) => (register >> position & 1) == 1;
}
