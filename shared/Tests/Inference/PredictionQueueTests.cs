using Replication.Inference;

namespace Replication.Tests.Inference;

public sealed class PredictionQueueTests
{
    [Test]
    public async Task PredictAsync_ManyCallers_EachGetsHisOwnAnswerInFewBatches()
    {
        using var classifier = new FakeClassifier();
        await using var queue = new PredictionQueue(classifier);

        var answers = await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => queue.PredictAsync($"{i}")));

        Assert.That(answers.Select(a => a.Label), Is.EqualTo(Enumerable.Range(0, 1000).Select(i => $"{i}")));
        Assert.That(classifier.Batches, Is.LessThan(500));
    }

    [Test]
    public async Task PredictAsync_ATextThatFails_SpoilsNoOther()
    {
        using var classifier = new FakeClassifier();
        await using var queue = new PredictionQueue(classifier);

        var answers = Enumerable.Range(0, 20).Select(i => queue.PredictAsync(i == 7 ? "bad" : $"{i}")).ToList();

        Assert.That(() => answers[7], Throws.TypeOf<ReplicationException>());
        for (var i = 0; i < 20; i++)
            if (i != 7)
                Assert.That((await answers[i]).Label, Is.EqualTo($"{i}"));
    }

    [Test]
    public async Task PredictAsync_MoreThanMayWait_IsRefusedAtOnce()
    {
        using var classifier = new FakeClassifier { Gate = new ManualResetEventSlim() };
        await using var queue = new PredictionQueue(classifier, new PredictionQueueOptions { Capacity = 2, BatchSize = 1 });
        var first = queue.PredictAsync("1");
        classifier.Entered.Wait(TimeSpan.FromSeconds(30));
        var waiting = new[] { queue.PredictAsync("2"), queue.PredictAsync("3") };

        Assert.That(() => queue.PredictAsync("4"), Throws.TypeOf<QueueFullException>());
        classifier.Gate.Set();
        Assert.That((await first).Label, Is.EqualTo("1"));
        Assert.That((await Task.WhenAll(waiting)).Select(p => p.Label), Is.EqualTo(new[] { "2", "3" }));
    }

    [Test]
    public async Task PredictAsync_CancelledWhileItWaits_IsGivenUpAndNotComputed()
    {
        using var classifier = new FakeClassifier { Gate = new ManualResetEventSlim() };
        await using var queue = new PredictionQueue(classifier);
        using var stop = new CancellationTokenSource();
        var first = queue.PredictAsync("1");
        classifier.Entered.Wait(TimeSpan.FromSeconds(30));
        var cancelled = queue.PredictAsync("2", stop.Token);

        stop.Cancel();
        Assert.That(() => cancelled, Throws.InstanceOf<OperationCanceledException>());
        classifier.Gate.Set();
        await first;
        await queue.PredictAsync("3");

        Assert.That(classifier.Seen, Does.Not.Contain("2"));
    }

    [Test]
    public async Task PredictAsync_AfterTheEnd_IsRefused()
    {
        using var classifier = new FakeClassifier();
        var queue = new PredictionQueue(classifier);
        await queue.DisposeAsync();

        Assert.That(() => queue.PredictAsync("1"), Throws.TypeOf<ObjectDisposedException>());
    }

    private sealed class FakeClassifier : ITextClassifier
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<string> _seen = new();

        public ManualResetEventSlim? Gate { get; init; }

        public ManualResetEventSlim Entered { get; } = new();

        public int Batches { get; private set; }

        public IReadOnlyCollection<string> Seen => _seen;

        public IReadOnlyList<string> Labels => [];

        public Prediction Predict(string first, string? second = null, CancellationToken cancellation = default) =>
            PredictBatch([first], cancellation)[0];

        public IReadOnlyList<float[]> Logits(IReadOnlyList<TextInput> texts, CancellationToken cancellation = default) =>
            throw new NotSupportedException();

        public IReadOnlyList<Prediction> PredictBatch(IReadOnlyList<TextInput> texts, CancellationToken cancellation = default)
        {
            Batches++;
            Entered.Set();
            Gate?.Wait(TimeSpan.FromSeconds(30), CancellationToken.None);
            foreach (var text in texts)
                _seen.Enqueue(text.First);
            return texts.Any(t => t.First == "bad")
                ? throw new ReplicationException("bad")
                : [.. texts.Select(t => new Prediction(t.First, []))];
        }

        public void Dispose() => Entered.Dispose();
    }
}
