namespace Replication.Tests;

/// <summary>
/// Finds the reference values that golden tests compare with: the folder named by REPLICATION_GOLDEN, else shared/golden beside
/// the repository, else the small files that are part of it. A golden test whose values are in none of these is ignored, not passed.
/// </summary>
public static class GoldenFiles
{
    private const string Variable = "REPLICATION_GOLDEN";

    private static readonly string? Root = FindRoot();

    /// <summary>The folder with the full set of reference values; null where there is none.</summary>
    public static string? Folder { get; } = Find();

    /// <summary>The folder with the small files that are part of the repository; null outside of it.</summary>
    public static string? Own { get; } = Root is null ? null : Path.Combine(Root, "shared", "Tests", "Golden");

    /// <summary>The absolute path of a file or folder of reference values; ignores the running test where it is missing.</summary>
    public static string Require(string relativePath)
    {
        if (Locate(Folder, Own, relativePath) is { } path)
            return path;
        Assert.Ignore(Folder is null
            ? $"No reference values {relativePath}: {Variable} is not set to a folder, shared/golden is not beside the repository, and "
                + $"they are too large to be part of it."
            : $"The reference values at {Folder} hold no {relativePath}.");
        return "";
    }

    /// <summary>
    /// Where reference values are; null where they are missing. What belongs together, the files of one name, comes from one set; a name
    /// that the full set does not have at all is the repository's own.
    /// </summary>
    internal static string? Locate(string? full, string? own, string relativePath)
    {
        var folder = full is not null && (own is null || HasName(full, relativePath)) ? full : own;
        var path = folder is null ? null : Path.GetFullPath(Path.Combine(folder, relativePath));
        return Path.Exists(path) ? path : null;
    }

    private static bool HasName(string folder, string relativePath)
    {
        var path = Path.GetFullPath(Path.Combine(folder, relativePath));
        return Path.Exists(path) || (Directory.Exists(Path.GetDirectoryName(path))
            && Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(path)!, $"{Path.GetFileNameWithoutExtension(path)}.*").Any());
    }

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
            return Directory.Exists(named) ? Path.GetFullPath(named) : null;
        return Beside("golden");
    }

    /// <summary>A folder of shared/ beside the repository; null where there is none.</summary>
    internal static string? Beside(string name)
    {
        var beside = Root is null ? null : Path.GetFullPath(Path.Combine(Root, "..", "shared", name));
        return Directory.Exists(beside) ? beside : null;
    }

    private static string? FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Replication.sln")))
            folder = folder.Parent;
        return folder?.FullName;
    }
}
