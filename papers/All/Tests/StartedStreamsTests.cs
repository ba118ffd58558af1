using System.Diagnostics;

namespace Replication.All.Tests;

/// <summary>The program as a shell starts it, with standard streams that are closed or full.</summary>
[Platform(Include = "Linux", Reason = "a shell closes descriptors, and the device that is always full is Linux's")]
public sealed class StartedStreamsTests
{
    // A program that waits for ever fails the test instead of holding it up; no answer takes anything like as long.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [TestCase(
        "--input /dev/stdin <&-",
        "error: /dev/stdin is standard input, which is closed; name another file, or send something to standard input.\n")]
    [TestCase("<&-", "error: Standard input is closed; name a file with --input, or send lines to standard input.\n")]
    [TestCase(
        ">/dev/full </dev/null",
        "error: Cannot write standard output: No space left on device; send it elsewhere, or make room.\n")]
    [TestCase(
        ">&- </dev/null", "error: Standard output is closed; send it to a file, or to /dev/null where nobody reads it.\n")]
    public async Task Predict_StreamThatCannotBeUsed_IsToldBeforeTheModelIsRead(string streams, string sentence)
    {
        var program = Path.Combine(
            AppContext.BaseDirectory.Replace(
                Path.Combine("All", "Tests", "bin"), Path.Combine("All", "bin"), StringComparison.Ordinal), "reproduce.dll");
        using var shell = Process.Start(new ProcessStartInfo("sh", ["-c", $"exec dotnet \"$0\" predict --model nowhere {streams}", program])
        {
            RedirectStandardError = true, RedirectStandardOutput = true,
        })!;
        try
        {
            Assert.That(await shell.StandardError.ReadToEndAsync().WaitAsync(Patience), Is.EqualTo(sentence));
            await shell.WaitForExitAsync().WaitAsync(Patience);
            Assert.That(shell.ExitCode, Is.EqualTo(1));
        }
        finally
        {
            shell.Kill(entireProcessTree: true);
        }
    }
}
