using System.Runtime.InteropServices;

namespace Replication;

/// <summary>
/// How the C library keeps memory for libtorch. A training step frees what it took, and the next takes the same again; by its own
/// measure glibc gives it back to the system in between, which hands it out anew page by page, filled with zeros.
/// </summary>
internal static class NativeHeap
{
    // mallopt(3).
    private const int TrimThreshold = -1, TopPad = -2, MapThreshold = -3;

    // The largest block that glibc keeps, and a whole heap of a thread's.
    private const int LargestKept = 32 << 20, Heap = 64 << 20;

    private const int MostKept = 1 << 30;

    /// <summary>Keeps what is freed, in blocks up to 32 MiB and up to 1 GiB in all; does nothing where the C library is another.</summary>
    public static void KeepFreed()
    {
        if (!OperatingSystem.IsLinux())
            return;
        try
        {
            _ = Set(MapThreshold, LargestKept);
            _ = Set(TrimThreshold, MostKept);
            _ = Set(TopPad, Heap);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            // musl knows no such settings.
        }
    }

    [DllImport("libc", EntryPoint = "mallopt")]
    private static extern int Set(int parameter, int value);
}
