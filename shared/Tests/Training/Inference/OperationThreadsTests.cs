using Replication.Bert;
using Replication.Measurements;
using Replication.Tests.CommandLine;
using Replication.Training;
using static TorchSharp.torch;

namespace Replication.Tests.Training.Inference;

[NonParallelizable]
internal sealed class OperationThreadsTests
{
    private int _before;

    [SetUp]
    public void UseTwoThreads()
    {
        _before = get_num_threads();
        set_num_threads(2);
    }

    [TearDown]
    public void Restore() => set_num_threads(_before);

    [TestCase(20, 1, 1, TestName = "For_OneSentence_IsOneThread")]
    [TestCase(24, 32, 2, TestName = "For_Batch_IsAllThreads")]
    public void For_TextsOfTheSmallModel(int length, int texts, int threads) =>
        Assert.That(OperationThreads.For(CalibrationMeasurement.Geometry, [.. Enumerable.Repeat(length, texts)], most: 2),
            Is.EqualTo(threads));

    [Test]
    public void For_LongTextOfBertBase_IsAllThreads() => Assert.That(OperationThreads.For(new BertConfig(), [128], most: 2), Is.EqualTo(2));

    [Test]
    public void Use_Ended_PutsTheThreadsBack()
    {
        using (OperationThreads.Use(1))
            Assert.That(get_num_threads(), Is.EqualTo(1));
        Assert.That(get_num_threads(), Is.EqualTo(2));
    }

    [Test]
    public void Predict_ThreadsNamed_LeavesLibtorchsAsTheyWere([Values(1, 3, null)] int? threads)
    {
        using var folder = new TemporaryFolder();
        using var classifier = Classifier.Open(TinyModel.Write(folder, ["a", "b"]), maxLength: 16, threads: threads);

        Assert.That(classifier.Predict("a good film").Label, Is.AnyOf("a", "b"));
        Assert.That(get_num_threads(), Is.EqualTo(2));
    }

    [Test]
    public void Open_NoThreads_IsRefused() =>
        Assert.That(() => Classifier.Open("folder", threads: 0),
            Throws.TypeOf<ReplicationException>().With.Message.EqualTo("The number of threads is 0; it must be 1 or more."));
}
