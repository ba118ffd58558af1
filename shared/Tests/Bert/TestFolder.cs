namespace Replication.Tests.Bert;

/// <summary>Folders that vanish with the test's work directory.</summary>
internal static class TestFolder
{
    /// <summary>Creates an empty folder for the running test.</summary>
    public static string Create()
    {
        var folder = Path.Combine(TestContext.CurrentContext.WorkDirectory, "scratch", TestContext.CurrentContext.Test.ID);
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        return Directory.CreateDirectory(folder).FullName;
    }
}
