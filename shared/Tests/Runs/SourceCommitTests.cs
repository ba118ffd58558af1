using System.ComponentModel;
using System.Diagnostics;
using Replication.Runs;

namespace Replication.Tests.Runs;

public class SourceCommitTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new TemporaryFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public void Read_NoCheckout_IsNull() => Assert.That(SourceCommit.Read(_folder.Path), Is.Null);

    [Test]
    public void Read_Checkout_IsItsCommitAndWhetherTheSourceDiffers()
    {
        foreach (var file in new[] { "Loss.cs", "results/claims.csv", "inner/x.cs" })
            AtomicFile.WriteText(_folder.File(file), "1");
        Git("init", "--quiet");
        Git("add", ".");
        Git("-c", "user.name=a", "-c", "user.email=a@b", "commit", "--quiet", "-m", "x");
        var clean = SourceCommit.Read(_folder.Path);
        AtomicFile.WriteText(_folder.File("results/claims.csv"), "2");
        AtomicFile.WriteText(_folder.File("untracked.txt"), "2");
        var withResults = SourceCommit.Read(_folder.Path);
        AtomicFile.WriteText(_folder.File("Loss.cs"), "2");

        Assert.Multiple(() =>
        {
            Assert.That(clean, Does.Match("^[0-9a-f]{40}$"));
            Assert.That(withResults, Is.EqualTo(clean));
            Assert.That(SourceCommit.Read(_folder.Path), Is.EqualTo(clean + "-dirty"));
            Assert.That(SourceCommit.Read(_folder.File("inner")), Is.Null);
        });
    }

    private void Git(params string[] arguments)
    {
        try
        {
            using var git = Process.Start(new ProcessStartInfo("git", arguments) { WorkingDirectory = _folder.Path })!;
            git.WaitForExit();
            Assert.That(git.ExitCode, Is.Zero);
        }
        catch (Win32Exception)
        {
            Assert.Ignore("git is not installed.");
        }
    }
}
