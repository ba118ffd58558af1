using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace Replication;

/// <summary>
/// Lets TorchSharp load on Linux where the C++ library is older than the one that it was linked with. Its libLibTorchSharp.so
/// names the version GLIBCXX_3.4.32 among those that it needs, though no symbol in it is bound to that version, and Debian 12
/// has 3.4.30. Where the loader refuses the file, a copy in memory whose need is marked as weak is loaded in its place; a
/// program that references this project inherits that.
/// </summary>
public static partial class LibTorchLoader
{
    private const string Library = "LibTorchSharp", FileName = "libLibTorchSharp.so", WeakVersion = "GLIBCXX_3.4.32";

    // What it is linked with, in the order in which they need each other; found by name once they are loaded.
    private static readonly string[] Needed = ["libc10.so", "libtorch_cpu.so", "libtorch.so"];

    private static readonly Lazy<nint> Patched = new(Load);

    /// <summary>Is called before anything else in this assembly.</summary>
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "A user of a model need not know of this, let alone call it.")]
    internal static void Register()
    {
        if (OperatingSystem.IsLinux())
            AssemblyLoadContext.Default.ResolvingUnmanagedDll += Resolve;
    }

    /// <summary>Makes sure that it is registered, for programs that use TorchSharp before anything of this assembly.</summary>
    public static void EnsureRegistered() => RuntimeHelpers.RunModuleConstructor(typeof(LibTorchLoader).Module.ModuleHandle);

    private static nint Resolve(Assembly assembly, string name) =>
        name is Library or "lib" + Library or FileName ? Patched.Value : nint.Zero;

    private static nint Load()
    {
        var folder = SearchFolders().FirstOrDefault(path => File.Exists(Path.Combine(path, FileName)));
        if (folder is null)
            return nint.Zero;
        var elf = File.ReadAllBytes(Path.Combine(folder, FileName));
        if (!ElfVersionNeeds.Weaken(elf, WeakVersion))
            return nint.Zero;
        foreach (var name in Needed.Select(name => Path.Combine(folder, name)).Where(File.Exists))
            NativeLibrary.Load(name);
        // A file in memory: no folder has to be writable, and nothing is left behind.
        var file = CreateInMemory(FileName, 0);
        if (file < 0)
            return nint.Zero;
        var path = FormattableString.Invariant($"/proc/self/fd/{file}");
        File.WriteAllBytes(path, elf);
        return NativeLibrary.Load(path);
    }

    // Where the host looks for native libraries: the packages' own folders, or the program's after publishing.
    private static IEnumerable<string> SearchFolders() =>
        (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Append(AppContext.BaseDirectory).Append(Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native"));

    [LibraryImport("libc", EntryPoint = "memfd_create", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int CreateInMemory(string name, uint flags);
}
