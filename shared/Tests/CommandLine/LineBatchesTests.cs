using System.Text;
using Replication.CommandLine;

namespace Replication.Tests.CommandLine;

public sealed class LineBatchesTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static Func<string?> Lines(Stream input) => new TextLineReader(input, "standard input").ReadLine;

    [Test]
    [CancelAfter(60_000)]
    public void Of_ALineThatIsTyped_ComesWhileTheReaderWaitsForTheNext(CancellationToken cancellation)
    {
        using var reader = new SlowInput();
        using var batches = LineBatches.Of(Lines(reader), full: false, cancellation).GetEnumerator();
        foreach (var line in (string[])["first", "second"])
        {
            reader.Type(line);
            Assert.That(batches.MoveNext(), Is.True);
            Assert.That(batches.Current, Is.EqualTo(new[] { line }));
        }
        reader.Type(null);
        Assert.That(batches.MoveNext(), Is.False);
    }

    [Test]
    public void Of_CancelledWhileTheReaderWaits_Ends()
    {
        using var reader = new SlowInput();
        using var stop = new CancellationTokenSource();
        var waiting = Task.Run(() => LineBatches.Of(Lines(reader), full: false, stop.Token).Count());
        Assert.That(reader.Waits.Wait(Patience), Is.True);
        stop.Cancel();
        Assert.That(() => waiting.WaitAsync(Patience), Throws.InstanceOf<OperationCanceledException>());
        reader.Type(null);
    }

    [Test]
    public void Of_AFile_FillsItsBatches()
    {
        using var reader = new MemoryStream(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 600).Select(i => $"{i}\n"))));
        var batches = LineBatches.Of(Lines(reader), full: true, CancellationToken.None).ToList();
        Assert.That(batches.Select(b => b.Count), Is.EqualTo(new[] { 256, 256, 88 }));
        Assert.That(batches.SelectMany(b => b), Is.EqualTo(Enumerable.Range(0, 600).Select(i => $"{i}")));
    }

    [Test]
    public void Of_InputThatFails_SaysWhatFailed()
    {
        using var reader = new SlowInput();
        reader.Type("first");
        reader.Fail();
        Assert.That(() => LineBatches.Of(Lines(reader), full: false, CancellationToken.None).Count(),
            Throws.TypeOf<ReplicationException>().With.Message.Contains("Input/output error"));
    }
}
