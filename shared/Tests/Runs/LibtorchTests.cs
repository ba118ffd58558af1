using Replication.Runs;

namespace Replication.Tests.Runs;

public sealed class LibtorchTests
{
    [TestCase("version.py", "from typing import Optional\n__version__ = '2.11.0+cu128'\ndebug = False\n", "2.11.0+cu128")]
    [TestCase("build-version", "2.10.0+cpu\n", "2.10.0+cpu")]
    public void VersionOf_ANoteBesideIt_IsWhatTheNoteSays(string name, string text, string version)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File(name), text);

        Assert.That(Libtorch.VersionOf(Directory.CreateDirectory(folder.File("lib")).FullName), Is.EqualTo(version));
    }

    [Test]
    [Platform(Include = "Linux", Reason = "the file is named as on Linux")]
    public void VersionOf_NoNote_IsADigest()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(folder.File("lib")).FullName, "libc10.so"), "abc");

        Assert.That(Libtorch.VersionOf(folder.File("lib")), Is.EqualTo("sha256 ba7816bf8f01"));
    }

    [Test]
    public void Load_FolderWithoutIt_IsRefused()
    {
        using var folder = new TemporaryFolder();

        Assert.That(() => Libtorch.Load(folder.Path, folder.Path),
            Throws.TypeOf<ReplicationException>().With.Message.Contains("name the folder lib of a libtorch, or torch/lib of a PyTorch."));
    }

    [Test]
    [Platform(Include = "Linux", Reason = "the file is named as on Linux")]
    public void Load_BuildWithALibtorchOfItsOwn_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var (library, program) = (Directory.CreateDirectory(folder.File("lib")), Directory.CreateDirectory(folder.File("program")));
        File.WriteAllText(Path.Combine(library.FullName, "libtorch_cpu.so"), "");
        File.WriteAllText(Path.Combine(program.FullName, "libtorch_cpu.so"), "");

        Assert.That(() => Libtorch.Load(library.FullName, program.FullName),
            Throws.TypeOf<ReplicationException>().With.Message.Contains("this build has a libtorch of its own"));
    }
}
