namespace Replication.Tests;

/// <summary>
/// Finds the small inputs that once failed: the folder named by REPLICATION_CASES, else shared/cases beside the repository. A test
/// whose input is in neither is ignored, not passed; beside each stands one that makes an input of the same kind itself.
/// </summary>
public static class CaseFiles
{
    private const string Variable = "REPLICATION_CASES";

    /// <summary>A file of those that are part of the repository because no test can make them.</summary>
    public static string Own(string name) => Path.Combine(Path.GetDirectoryName(GoldenFiles.Own)!, "Cases", name);

    /// <summary>The absolute path of a file or folder; ignores the running test where it is missing.</summary>
    public static string Require(string relativePath)
    {
        var folder = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named ? named : GoldenFiles.Beside("cases");
        if (folder is not null && Path.GetFullPath(Path.Combine(folder, relativePath)) is var path && Path.Exists(path))
            return path;
        Assert.Ignore($"No input {relativePath}: {Variable} names no folder that holds it, nor is shared/cases beside the repository.");
        return "";
    }
}
