using System.Text;

namespace Replication.Tests.Foundation;

public sealed class ElfVersionNeedsTests
{
    [Test]
    [Platform("Linux")]
    public void Weaken_TorchSharpsLibrary_ChangesOneFlagOfTheVersionAndNothingElse()
    {
        var original = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native", "libLibTorchSharp.so"));
        var elf = original.ToArray();

        Assert.That(ElfVersionNeeds.Weaken(elf, "GLIBCXX_3.4.32"), Is.True);

        var changed = Enumerable.Range(0, elf.Length).Where(i => elf[i] != original[i]).ToList();
        Assert.That(changed, Has.Count.EqualTo(1));
        Assert.That(elf[changed[0]], Is.EqualTo(original[changed[0]] | 2));
        Assert.That(ElfVersionNeeds.Weaken(elf, "GLIBCXX_3.4.32"), Is.False);
        Assert.That(ElfVersionNeeds.Weaken(elf, "GLIBCXX_9.9.9"), Is.False);
    }

    [TestCase("")]
    [TestCase("#!/bin/sh")]
    public void Weaken_NoElfFile_IsLeftAlone(string text)
    {
        var bytes = Encoding.ASCII.GetBytes(text.PadRight(100));

        Assert.That(ElfVersionNeeds.Weaken(bytes, "GLIBCXX_3.4.32"), Is.False);
        Assert.That(Encoding.ASCII.GetString(bytes), Is.EqualTo(text.PadRight(100)));
    }
}
