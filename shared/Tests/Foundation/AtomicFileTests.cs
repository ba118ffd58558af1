namespace Replication.Tests.Foundation;

public sealed class AtomicFileTests
{
    [Test]
    public void Write_WhileAnotherProcessWritesTheSameFile_LeavesItsPartAlone()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("file.txt");
        using (var other = new FileStream(path + ".partial", FileMode.Create, FileAccess.Write, FileShare.None))
        {
            Assert.That(() => AtomicFile.WriteText(path, "mine"), Throws.TypeOf<ReplicationException>().With.Message.Contains("nothing was changed there"));
            other.WriteByte(1);
        }
        Assert.That(File.ReadAllBytes(path + ".partial"), Is.EqualTo(new byte[] { 1 }));
    }

    [Test]
    public void Write_ThatFails_LeavesTheOldContentAndNothingElse()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("file.txt", "old");
        Assert.That(() => AtomicFile.Write(path, _ => throw new IOException("No space left on device")), Throws.TypeOf<ReplicationException>());
        Assert.That(File.ReadAllText(path), Is.EqualTo("old"));
        Assert.That(Directory.GetFiles(folder.Path), Is.EqualTo(new[] { path }));
    }
}
