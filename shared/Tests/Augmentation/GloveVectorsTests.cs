using Replication.Augmentation;

namespace Replication.Tests.Augmentation;

[TestFixture]
internal sealed class GloveVectorsTests
{
    [Test]
    public void Nearest_Word_OrdersOthersByCosine()
    {
        using var folder = new TemporaryFolder();
        var vectors = GloveVectors.Read(folder.Write("glove.txt", "good 1 0\ngreat 2 0.2\nbad -1 0\nfine 1 1\n"));
        Assert.That(vectors.Nearest("good", 2), Is.EqualTo((string[])["great", "fine"]));
        Assert.That(vectors.Nearest("unseen", 2), Is.Empty);
    }

    [Test]
    public void Read_WordWithBlanks_EndsBeforeItsNumbers()
    {
        using var folder = new TemporaryFolder();
        var vectors = GloveVectors.Read(folder.Write("glove.txt", "good 1 0\n. . . 2 0.2\nat 7 -1 0\n"));
        Assert.That(vectors.Nearest("good", 2), Is.EqualTo((string[])[". . .", "at 7"]));
        Assert.That(vectors.Nearest(". . .", 1), Is.EqualTo((string[])["good"]));
    }

    [Test]
    public void Read_WordTwice_TakesTheFirst()
    {
        using var folder = new TemporaryFolder();
        var vectors = GloveVectors.Read(folder.Write("glove.txt", "good 1 0\ngreat 2 0.2\nbad -1 0\ngood -2 0\n"));
        Assert.That(vectors.Nearest("good", 1), Is.EqualTo((string[])["great"]));
    }

    [TestCase("good 1 0\ngreat 2\n", "line 2: 1 numbers after the word where 2 were expected")]
    [TestCase("good 1 0\ngreat 2 x\n", "line 2: 'x' is not a number")]
    [TestCase("good 1 0\n. . 2 x\n", "line 2: 'x' is not a number")]
    [TestCase("400000 300\ngood 1 0\n", "line 1: '400000 300' is the header of another format")]
    [TestCase("good\n", "line 1: 0 numbers")]
    [TestCase("", "are empty")]
    public void Read_BadFile_NamesTheLine(string text, string message)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("glove.txt", text);
        Assert.That(() => GloveVectors.Read(path), Throws.InstanceOf<ReplicationException>().With.Message.Contains(message));
    }
}
