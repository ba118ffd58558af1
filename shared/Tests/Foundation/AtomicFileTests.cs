using System.Diagnostics;

namespace Replication.Tests.Foundation;

public sealed class AtomicFileTests
{
    [Test]
    public void Write_WhileAnotherWritesTheSameFile_BothAreWholeAndTheLastCounts()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("file.txt");

        AtomicFile.Write(path, outer =>
        {
            outer.Write("out"u8);
            AtomicFile.WriteText(path, "inner");
            Assert.That(File.ReadAllText(path), Is.EqualTo("inner"));
            outer.Write("er"u8);
        });

        Assert.That(File.ReadAllText(path), Is.EqualTo("outer"));
        Assert.That(Directory.GetFiles(folder.Path), Is.EqualTo(new[] { path }));
    }

    [Test]
    public void DiscardLeftovers_OfKilledProcesses_GoAndNothingElse()
    {
        using var folder = new TemporaryFolder();
        folder.Write("model/config.json.0123abcd.partial", "{");
        var download = folder.Write("train.parquet.partial", "PAR1");

        AtomicFile.DiscardLeftovers(folder.Path);

        Assert.That(Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories), Is.EqualTo(new[] { download }));
    }

    [Test]
    public void Write_ThatFails_LeavesTheOldContentAndNothingElse()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("file.txt", "old");
        Assert.That(() => AtomicFile.Write(path, _ => throw new IOException("No space left on device")),
            Throws.TypeOf<ReplicationException>());
        Assert.That(File.ReadAllText(path), Is.EqualTo("old"));
        Assert.That(Directory.GetFiles(folder.Path), Is.EqualTo(new[] { path }));
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "links need a privilege there")]
    public void Write_ToALink_ReplacesWhatItLeadsToAndKeepsTheLink()
    {
        using var folder = new TemporaryFolder();
        var (target, middle, link) = (folder.Write("there/file.txt", "old"), folder.File("middle"), folder.File("link"));
        File.CreateSymbolicLink(middle, "there/file.txt");
        File.CreateSymbolicLink(link, middle);

        AtomicFile.WriteText(link, "new");

        Assert.That(File.ReadAllText(target), Is.EqualTo("new"));
        Assert.That((new FileInfo(link).LinkTarget, new FileInfo(middle).LinkTarget), Is.EqualTo((middle, "there/file.txt")));
        Assert.That(Directory.GetFiles(folder.File("there")), Is.EqualTo(new[] { target }));
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "links need a privilege there")]
    public void Write_ToALinkToNothing_MakesWhatItLeadsTo()
    {
        using var folder = new TemporaryFolder();
        File.CreateSymbolicLink(folder.File("link"), "there/file.txt");

        AtomicFile.WriteText(folder.File("link"), "new");

        Assert.That(File.ReadAllText(folder.File("there/file.txt")), Is.EqualTo("new"));
        Assert.That(new FileInfo(folder.File("link")).LinkTarget, Is.EqualTo("there/file.txt"));
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "links need a privilege there")]
    public void Write_ToLinksInACircle_IsExplained()
    {
        using var folder = new TemporaryFolder();
        File.CreateSymbolicLink(folder.File("a"), "b");
        File.CreateSymbolicLink(folder.File("b"), "a");
        Assert.That(() => AtomicFile.WriteText(folder.File("a"), "new"),
            Throws.TypeOf<ReplicationException>().With.Message.StartWith("Cannot follow the link"));
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "no named pipes in folders there")]
    public void Write_ToANamedPipe_WritesIntoIt()
    {
        using var folder = new TemporaryFolder();
        var pipe = folder.File("pipe");
        using (var made = Process.Start("mkfifo", [pipe]))
            made.WaitForExit();
        var read = Task.Run(() => File.ReadAllText(pipe));

        AtomicFile.WriteText(pipe, "new");

        Assert.That(read.WaitAsync(TimeSpan.FromSeconds(30)).GetAwaiter().GetResult(), Is.EqualTo("new"));
        Assert.That(FileSystemPlace.IsDevice(pipe), Is.True);
        Assert.That(Directory.GetFiles(folder.Path), Is.EqualTo(new[] { pipe }));
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "no /dev/null there")]
    public void IsDevice_TellsADeviceFromAnEmptyFile()
    {
        using var folder = new TemporaryFolder();
        Assert.That(FileSystemPlace.IsDevice("/dev/null"), Is.True);
        Assert.That(FileSystemPlace.IsDevice(folder.Write("empty", "")), Is.False);
        Assert.That(FileSystemPlace.IsDevice(folder.Write("full", "text")), Is.False);
        Assert.That(FileSystemPlace.IsDevice(folder.File("none")), Is.False);
        Assert.That(FileSystemPlace.IsDevice(folder.Path), Is.False);
    }
}
