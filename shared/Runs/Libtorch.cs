using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using static TorchSharp.torch;

namespace Replication.Runs;

/// <summary>
/// The libtorch that computes: the build's own, or one that is on the machine already, such as that of a PyTorch that pip installed
/// (its folder torch/lib). The second takes a build without one (<c>-p:Device=own</c>, which reproduce.ps1 makes where the variable is
/// set), since a process can hold only one.
/// </summary>
public static partial class Libtorch
{
    /// <summary>The variable that names the folder.</summary>
    public const string Variable = "REPLICATION_LIBTORCH";

    // Each needs the ones before it.
    private static readonly string[] Libraries = ["c10", "torch_cpu", "c10_cuda", "torch_cuda", "torch"];

    /// <summary>The version of the libtorch that computes.</summary>
    public static string Version() =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder ? VersionOf(folder) : __version__;

    /// <summary>Loads the libtorch of a folder, to be called before anything is computed.</summary>
    /// <param name="folder">The folder with its libraries; null or empty for the build's own.</param>
    /// <param name="programFolder">Where this program lies.</param>
    /// <exception cref="ReplicationException">There is no libtorch in the folder, or this build has one of its own.</exception>
    public static void Load(string? folder, string programFolder)
    {
        if (string.IsNullOrEmpty(folder))
            return;
        var needed = Path.Combine(folder, FileOf("torch_cpu"));
        if (!File.Exists(needed))
            throw new ReplicationException(
                $"{Variable} is {folder}, which has no {FileOf("torch_cpu")}; "
                    + "name the folder lib of a libtorch, or torch/lib of a PyTorch.");
        if (Directory.EnumerateFiles(programFolder, FileOf("torch_cpu"), SearchOption.AllDirectories).FirstOrDefault() is { } own)
            throw new ReplicationException(
                $"{Variable} is set, but this build has a libtorch of its own ({own}); start it with reproduce.ps1, or unset the "
                    + "variable.");
        foreach (var file in Libraries.Select(name => Path.Combine(folder, FileOf(name))).Where(File.Exists))
            NativeLibrary.Load(Path.GetFullPath(file));
    }

    /// <summary>
    /// The version of a folder's libtorch, from PyTorch's or libtorch's own note beside it; where there is none, its digest.
    /// </summary>
    internal static string VersionOf(string folder)
    {
        var home = Path.Combine(folder, "..");
        if (Path.Combine(home, "build-version") is var build && File.Exists(build))
            return File.ReadAllText(build).Trim();
        if (Path.Combine(home, "version.py") is var python && File.Exists(python)
            && PythonVersion().Match(File.ReadAllText(python)) is { Success: true } match)
            return match.Groups[1].Value;
        using var library = File.OpenRead(Path.Combine(folder, FileOf("c10")));
        return $"sha256 {Convert.ToHexStringLower(SHA256.HashData(library))[..12]}";
    }

    private static string FileOf(string library) => OperatingSystem.IsWindows() ? $"{library}.dll"
        : OperatingSystem.IsMacOS() ? $"lib{library}.dylib" : $"lib{library}.so";

    [GeneratedRegex("^__version__ = ['\"]([^'\"]+)['\"]", RegexOptions.Multiline)]
    private static partial Regex PythonVersion();
}
