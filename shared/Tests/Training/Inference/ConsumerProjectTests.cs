using System.Diagnostics;
using Replication.CommandLine;
using Replication.Tests.CommandLine;

namespace Replication.Tests.Training.Inference;

/// <summary>The README's lines of C# in a new console project outside the repository, as a reader would try them.</summary>
[Category("Slow")]
public sealed class ConsumerProjectTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    [Test]
    public void ReadmesLines_InANewConsoleProject_LabelAText()
    {
        using var folder = new TemporaryFolder();
        var root = RepositoryRoot.Find();
        TinyModel.Write(folder, ["negative", "positive"], "my-program/my-model", positions: 128);
        Dotnet(folder.Path, "new", "console", "--no-restore", "--output", "my-program");
        var program = folder.File("my-program");
        Dotnet(program, "add", "reference", Path.Combine(root, "shared", "Replication.Shared.csproj"));
        File.WriteAllText(Path.Combine(program, "Program.cs"), Lines(Path.Combine(root, "README.md")));

        // Release is what the suite has built already.
        var output = Dotnet(program, "run", "--configuration", "Release");

        Assert.That(output.Trim().Split('\n')[^1], Does.Match(@"\A(negative|positive) \d+\D\d ?%\z"));
    }

    private static string Lines(string readme) =>
        string.Join('\n', File.ReadLines(readme).SkipWhile(line => line != "```csharp").Skip(1).TakeWhile(line => line != "```"));

    private static string Dotnet(string folder, params string[] words)
    {
        var start = new ProcessStartInfo(
            "dotnet", words) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        // What the test's own host was told is not what a reader's shell tells.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(name);
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_NOLOGO"] = "1";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(Longest))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"dotnet {string.Join(' ', words)} took longer than {Longest.TotalMinutes} minutes.");
        }
        Assert.That(process.ExitCode, Is.Zero, $"dotnet {string.Join(' ', words)}\n{output.Result}\n{error.Result}");
        return output.Result;
    }
}
