using System.Runtime.InteropServices;
using System.Text;

namespace Replication.Runs;

/// <summary>Asks NVIDIA's driver for what TorchSharp does not bind: the name of a GPU.</summary>
internal static unsafe class CudaDriver
{
    private const int NameLength = 256;

    /// <summary>The GPU's name, such as its maker prints it; null without a driver.</summary>
    /// <param name="index">Its index among the visible ones.</param>
    public static string? DeviceName(int index)
    {
        if (!NativeLibrary.TryLoad(OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1", out var driver))
            return null;
        if (!NativeLibrary.TryGetExport(driver, "cuInit", out var initialise)
            || !NativeLibrary.TryGetExport(driver, "cuDeviceGet", out var get)
            || !NativeLibrary.TryGetExport(driver, "cuDeviceGetName", out var getName))
            return null;
        // The driver's calls return 0 for success.
        int device;
        var name = stackalloc byte[NameLength];
        return ((delegate* unmanaged<uint, int>)initialise)(0) == 0
            && ((delegate* unmanaged<int*, int, int>)get)(&device, index) == 0
            && ((delegate* unmanaged<byte*, int, int, int>)getName)(name, NameLength, device) == 0
            ? Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(name))
            : null;
    }
}
