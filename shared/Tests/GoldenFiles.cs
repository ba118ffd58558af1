namespace Replication.Tests;

/// <summary>
/// Finds the reference values that golden tests compare with: the folder named by REPLICATION_GOLDEN,
/// else shared/golden beside the repository. Without them a golden test is ignored, not passed.
/// </summary>
public static class GoldenFiles
{
    private const string Variable = "REPLICATION_GOLDEN";

    /// <summary>The folder with the reference values; null where there is none.</summary>
    public static string? Folder { get; } = Find();

    /// <summary>The absolute path of a file or folder in <see cref="Folder"/>; ignores the running test where it is missing.</summary>
    public static string Require(string relativePath)
    {
        if (Folder is null)
            Assert.Ignore($"No reference values: {Variable} is not set to a folder and shared/golden is not beside the repository.");
        var path = Path.GetFullPath(Path.Combine(Folder!, relativePath));
        if (!Path.Exists(path))
            Assert.Ignore($"The reference values at {Folder} hold no {relativePath}.");
        return path;
    }

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
            return Directory.Exists(named) ? Path.GetFullPath(named) : null;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (!File.Exists(Path.Combine(folder.FullName, "Replication.sln")))
                continue;
            var beside = Path.GetFullPath(Path.Combine(folder.FullName, "..", "shared", "golden"));
            return Directory.Exists(beside) ? beside : null;
        }
        return null;
    }
}
