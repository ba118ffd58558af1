using System.Runtime.InteropServices;

namespace Replication;

/// <summary>Tells a lack of memory apart, which .NET reports as one kind of exception and libtorch as another.</summary>
internal static class MemoryFailure
{
    // Of libtorch's allocators, on the CPU and on a GPU.
    private static readonly string[] Signs = ["not enough memory", "can't allocate memory", "out of memory"];

    /// <summary>Whether memory ran out, be it the cause of the cause.</summary>
    public static bool Is(Exception? e)
    {
        for (; e is not null; e = e.InnerException)
            if (e is OutOfMemoryException
                || (e is ExternalException && Signs.Any(sign => e.Message.Contains(sign, StringComparison.OrdinalIgnoreCase))))
                return true;
        return false;
    }
}
