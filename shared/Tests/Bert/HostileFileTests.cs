using Replication.Bert;

namespace Replication.Tests.Bert;

[Category("Golden")]
public sealed class HostileFileTests
{
    [TestCase("header_length_2e62.safetensors", "header")]
    [TestCase("negative_offset.safetensors", "bert.embeddings.LayerNorm.bias")]
    [TestCase("offsets_overlap.safetensors", "bert.embeddings.LayerNorm.bias")]
    [TestCase("shape_too_large.safetensors", "bert.embeddings.LayerNorm.bias")]
    [TestCase("truncated.safetensors", "bytes? ")]
    [TestCase("unknown_dtype.safetensors", "F7")]
    public void OpenClassifier_SafetensorsThatLie_OneSentenceAndNoMemory(string file, string named) =>
        AssertRefused(GoldenModel.TinyFolder(Path.Combine("hostile", file), "model.safetensors"), named);

    [Test]
    public void OpenClassifier_PickleWithAPayload_IsRefusedByNameAndDoesNotRun()
    {
        var folder = GoldenModel.TinyFolder("hostile/pytorch_model.bin", "pytorch_model.bin");
        var marker = Path.Combine(Directory.GetCurrentDirectory(), "pickle-was-executed");

        AssertRefused(folder, "posix.system");

        Assert.That(File.Exists(marker), Is.False);
        Assert.That(File.Exists(Path.Combine(folder, "pickle-was-executed")), Is.False);
    }

    private static void AssertRefused(string folder, string named)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var resident = Environment.WorkingSet;

        var refusal = Assert.Throws<ReplicationException>(() => ModelFolder.OpenClassifier(folder, 3));

        Assert.That(refusal!.Message, Does.Match(named).And.Contain(folder));
        Assert.That(refusal.Message, Does.EndWith(".").And.Not.Contain("\n"));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(4 << 20), "managed memory");
        Assert.That(Environment.WorkingSet - resident, Is.LessThan(64 << 20), "resident memory");
    }
}
