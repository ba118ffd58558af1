using System.Diagnostics;

namespace Replication.Tests.Inference;

public sealed class ConsoleSampleTests
{
    // A line that never comes fails the test instead of holding it up; no answer takes anything like as long.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Test]
    public async Task Classify_LineOnAnOpenInput_IsAnsweredBeforeTheNextOne()
    {
        using var folder = new TemporaryFolder();
        using var program = Process.Start(new ProcessStartInfo("dotnet", [Sample(), OnnxFolder.Write(folder, ["bad", "good"])])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true,
        })!;
        try
        {
            foreach (var text in (string[])["a good film", "a bad film"])
            {
                await program.StandardInput.WriteLineAsync(text);
                await program.StandardInput.FlushAsync();
                Assert.That(await program.StandardOutput.ReadLineAsync().WaitAsync(Patience), Does.Match(@"^(bad|good)\t[01]\.\d{4}$"));
            }
            program.StandardInput.Close();
            Assert.That(await program.StandardOutput.ReadToEndAsync().WaitAsync(Patience), Is.Empty);
        }
        finally
        {
            program.Kill(entireProcessTree: true);
        }
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "there the runtime hides that a pipe's reader has gone")]
    public async Task Classify_NobodyReadsTheAnswers_Ends()
    {
        using var folder = new TemporaryFolder();
        using var program = Process.Start(new ProcessStartInfo("dotnet", [Sample(), OnnxFolder.Write(folder, ["bad", "good"])])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        try
        {
            program.StandardOutput.Close();
            await program.StandardInput.WriteLineAsync("a good film");
            await program.StandardInput.FlushAsync();
            // Its input stays open.
            await program.WaitForExitAsync().WaitAsync(Patience);

            Assert.That(program.ExitCode, Is.EqualTo(1));
            Assert.That(await program.StandardError.ReadToEndAsync(), Does.Match(@"^error: [^\n]*\n$"));
        }
        finally
        {
            program.Kill(entireProcessTree: true);
        }
    }

    private static string Sample()
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(
            output.Parent!.Parent!.Parent!.Parent!.FullName, "Inference", "Samples", "Console", "bin", output.Parent.Name, output.Name,
            "classify.dll");
    }
}
