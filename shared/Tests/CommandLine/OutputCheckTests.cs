using Replication.CommandLine;

namespace Replication.Tests.CommandLine;

public sealed class OutputCheckTests
{
    [TestCase("finetune --model m --task SST-2 --output {0}/afile/x", "--output is '{0}/afile/x', where nothing can be written: ")]
    [TestCase("finetune --model m --task SST-2 --output {0}/afile", "--output is {0}/afile, which is a file; name a folder.")]
    [TestCase("finetune --model m --task SST-2 --output {0}/afile/", "--output is {0}/afile, which is a file; name a folder.")]
    [TestCase("augment --task SST-2 --output {0}/afile/x.tsv", "--output is '{0}/afile/x.tsv', where nothing can be written: ")]
    [TestCase("augment --task SST-2 --output {0}/folder.tsv", "--output is '{0}/folder.tsv', which is a folder; name a file.")]
    [TestCase("evaluate --model m --task SST-2 --predictions {0}/folder.tsv",
        "--predictions is '{0}/folder.tsv', which is a folder; name a file.")]
    [TestCase("evaluate --model m --task SST-2 --predictions {0}/new/", "--predictions is '{0}/new/', which is a folder; name a file.")]
    [TestCase("evaluate --model m --task MNLI --predictions {0}/folder.tsv",
        "--predictions is '{0}/folder.tsv', which is a folder; name a file.")]
    [TestCase("evaluate --model m --task MNLI --predictions {0}/dev.tsv",
        "--predictions is '{0}/dev-mm.tsv', which is a folder; name a file.")]
    [TestCase("evaluate --model m --task SST-2 --submission {0}/afile/x.zip",
        "--submission is '{0}/afile/x.zip', where nothing can be written: ")]
    public void Verb_OutputThatCannotBeWritten_IsRefusedBeforeTheWork(string words, string sentence)
    {
        using var folder = new TemporaryFolder();
        using var session = new Session();
        folder.Write("afile", "mine");
        foreach (var name in (string[])["folder.tsv", "dev-mm.tsv"])
            Directory.CreateDirectory(folder.File(name));

        var call = session.Run([.. words.Split(' ').Select(word => word.Replace("{0}", folder.Path, StringComparison.Ordinal))]);

        Assert.That(call.Exit, Is.EqualTo(2), call.Error);
        Assert.That(Slashes(call.Error),
            Does.StartWith($"error: {Slashes(sentence.Replace("{0}", folder.Path, StringComparison.Ordinal))}"));
        Assert.That(call.Error.Trim().Split('\n'), Has.Length.EqualTo(1));
        Assert.That(File.ReadAllText(folder.File("afile")), Is.EqualTo("mine"));
    }

    [Test]
    [Platform("Linux", Reason = "a folder that not even root can write to")]
    public void Folder_InProc_IsRefused() => Assert.That(
        () => OutputCheck.Folder("--output", "/proc/x"),
        Throws.TypeOf<ReplicationException>().With.Message.StartWith("--output is '/proc/x', where nothing can be written: ")
            .And.Property(nameof(ReplicationException.ExitCode)).EqualTo(ReplicationException.UsageError));

    [Test]
    [Platform("Linux", Reason = "a mount point that is everywhere")]
    public void Folder_ThatIsAMountPoint_IsRefusedInASentenceOfItsOwn() => Assert.That(
        () => OutputCheck.Folder("--output", "/proc"),
        Throws.TypeOf<ReplicationException>().With.Message.StartWith(
            "--output is '/proc', where another disk or a container's volume begins")
            .And.Property(nameof(ReplicationException.ExitCode)).EqualTo(ReplicationException.Failure));

    [Test]
    public void Check_OfAPlaceThatCanBeWritten_LeavesOnlyTheFolderAboveIt()
    {
        using var folder = new TemporaryFolder();
        var old = folder.Write("old.tsv", "old");
        OutputCheck.File("--predictions", old);
        OutputCheck.File("--predictions", folder.File("new/dev.tsv"));
        OutputCheck.Folder("--output", folder.File("new/model"));
        Assert.That(Directory.GetFileSystemEntries(folder.Path, "*", SearchOption.AllDirectories),
            Is.EquivalentTo(new[] { old, folder.File("new") }));
        Assert.That(File.ReadAllText(old), Is.EqualTo("old"));
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "links need a privilege there, and there is no /dev/null")]
    public void Check_OfLinksAndDevices_LooksWhereTheyLead()
    {
        using var folder = new TemporaryFolder();
        File.CreateSymbolicLink(folder.File("link"), "new/model");
        OutputCheck.Folder("--output", folder.File("link"));
        OutputCheck.File("--predictions", "/dev/null");
        Assert.That(Directory.GetFileSystemEntries(folder.File("new")), Is.Empty);
        Assert.That(new FileInfo(folder.File("link")).LinkTarget, Is.EqualTo("new/model"));
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "links need a privilege there")]
    public void File_LinksInACircle_AreRefused()
    {
        using var folder = new TemporaryFolder();
        var link = folder.File("a");
        File.CreateSymbolicLink(link, "b");
        File.CreateSymbolicLink(folder.File("b"), "a");
        Assert.That(
            () => OutputCheck.File("--predictions", link),
            Throws.TypeOf<ReplicationException>().With.Message.StartWith(
                $"--predictions is '{link}', where nothing can be written: Cannot follow the link"));
    }

    private static string Slashes(string text) => text.Replace('\\', '/');
}
