namespace Replication.Tests.Foundation;

public sealed class MountedLocksTests
{
    private const string Root = "21 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw";

    [TestCase("nfs4", "rw,vers=4.2,local_lock=none,addr=10.0.0.1", null)]
    [TestCase("nfs", "rw,vers=3,local_lock=none", null)]
    [TestCase("nfs", "rw,vers=3,nolock,local_lock=all", "NFS mounted with nolock")]
    [TestCase("nfs4", "rw,local_lock=flock", "NFS mounted with local_lock=flock")]
    [TestCase("nfs4", "rw,local_lock=posix", null)]
    [TestCase("lustre", "rw,flock,lazystatfs", null)]
    [TestCase("lustre", "rw,lazystatfs", "Lustre mounted without flock")]
    [TestCase("lustre", "rw,localflock", "Lustre mounted without flock")]
    [TestCase("ext4", "rw", null)]
    public void Doubt_FileSystem_IsToldByItsOptions(string type, string options, string? why)
    {
        var doubt = MountedLocks.Doubt("/home/me/runs", [Root, $"40 21 0:50 / /home rw shared:2 - {type} server:/home {options}"]);

        if (why is null)
            Assert.That(doubt, Is.Null);
        else
            Assert.That(doubt, Does.StartWith($"/home/me/runs is on {why}, where locks do not hold between machines"));
    }

    [Test]
    public void Doubt_DiskInsideNfs_IsTheDisks() =>
        Assert.That(MountedLocks.Doubt(
            "/home/scratch/runs",
            [Root, "40 21 0:50 / /home rw - nfs s:/home rw,nolock", "41 40 8:2 / /home/scratch rw - ext4 /dev/sdb rw"]), Is.Null);

    [Test]
    public void Doubt_FolderOfLikeName_IsNotInside() =>
        Assert.That(MountedLocks.Doubt("/home2/runs", [Root, "40 21 0:50 / /home rw - nfs s:/home rw,nolock"]), Is.Null);

    [Test]
    public void Doubt_BlankInMountPoint_IsFound() =>
        Assert.That(MountedLocks.Doubt("/my disk/runs", [Root, @"40 21 0:50 / /my\040disk rw - nfs s:/x rw,nolock"]), Is.Not.Null);

    [Test]
    public void Doubt_LinesThatAreNone_AreLeftOut() =>
        Assert.That(MountedLocks.Doubt("/home", ["", "1 2 3", "40 21 0:50 / /home rw -", "40 21 0:50 / /home rw - nfs"]), Is.Null);
}
