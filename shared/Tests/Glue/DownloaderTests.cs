using System.Net;
using Replication.Glue;

namespace Replication.Tests.Glue;

public class DownloaderTests
{
    private const string Name = "glue/rte/train.parquet";

    private static readonly Uri Url = new("https://data.invalid/train.parquet");
    private static readonly byte[] Content = Enumerable.Range(0, 300_000).Select(i => (byte)RandomStream.Derive(3, "content", i)).ToArray();
    private static readonly string Sha256 = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Content));

    private TemporaryFolder _folder = null!;
    private FlakyServer _server = null!;

    [SetUp]
    public void Start() => (_folder, _server) = (new TemporaryFolder(), new FlakyServer(Content));

    [TearDown]
    public void Stop()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    private string Target => Path.Combine(_folder.Path, Name);

    private async Task<DownloadResult> Fetch(string? sha256 = null, int attempts = 5, IProgress<DownloadProgress>? progress = null)
    {
        using var downloader = new Downloader(_folder.Path, _server, new HurriedClock(), new RandomStream(1, "jitter"), attempts);
        return await downloader.FetchAsync(new DownloadRequest(Url, Name, sha256), progress);
    }

    private string Failure(string? sha256 = null, int attempts = 5) =>
        Assert.ThrowsAsync<ReplicationException>(() => Fetch(sha256, attempts))!.Message;

    [Test]
    public async Task Fetch_WholeFile_IsWrittenAndRecorded()
    {
        var result = await Fetch();
        Assert.Multiple(() =>
        {
            Assert.That(File.ReadAllBytes(Target), Is.EqualTo(Content));
            Assert.That(result, Is.EqualTo(new DownloadResult(Target, Content.Length, Sha256, ChecksumOrigin.FirstSeen, WasThere: false)));
            Assert.That(result.Describe(), Does.Contain("recorded in checksums.json"));
            Assert.That(File.ReadAllText(Path.Combine(_folder.Path, "checksums.json")), Does.Contain(Sha256));
            Assert.That(Directory.GetFiles(_folder.Path, "*.partial*", SearchOption.AllDirectories), Is.Empty);
        });
    }

    [Test]
    public async Task Fetch_ConnectionBreaks_GoesOnWhereItStopped()
    {
        _server.Breaks.Enqueue(100_000);
        _server.Breaks.Enqueue(50_000);
        var result = await Fetch(Sha256);
        Assert.Multiple(() =>
        {
            Assert.That(File.ReadAllBytes(Target), Is.EqualTo(Content));
            Assert.That(_server.Starts, Is.EqualTo(new long[] { 0, 100_000, 150_000 }));
            Assert.That(result.Origin, Is.EqualTo(ChecksumOrigin.Pinned));
        });
    }

    [Test]
    public async Task Fetch_AfterACallThatGaveUp_GoesOnToo()
    {
        _server.Breaks.Enqueue(70_000);
        _server.Breaks.Enqueue(0);
        Assert.That(Failure(attempts: 1), Does.Contain(Url.ToString()).And.Contain("call again to resume"));
        Assert.That(File.Exists(Target), Is.False);
        await Fetch();
        Assert.That(_server.Starts[^1], Is.EqualTo(70_000));
        Assert.That(File.ReadAllBytes(Target), Is.EqualTo(Content));
    }

    [TestCase("\"v2\"")]
    [TestCase(null)]
    public async Task Fetch_OtherVersionWhenGoingOn_StartsAgainSoThatNoneAreMixed(string? tag)
    {
        _server.Tag = tag is null ? null : "\"v1\"";
        _server.Breaks.Enqueue(70_000);
        _server.Breaks.Enqueue(0);
        Failure(attempts: 1);
        _server.Tag = tag;
        _server.Content = [.. Content.Reverse()];
        await Fetch();
        Assert.That(File.ReadAllBytes(Target), Is.EqualTo(_server.Content));
    }

    [Test]
    public void Fetch_WrongDigest_KeepsNothing()
    {
        Assert.That(Failure(new string('0', 64)), Does.Contain(Sha256).And.Contain("is pinned"));
        Assert.That(Directory.GetFiles(_folder.Path, "*train*", SearchOption.AllDirectories), Is.Empty);
    }

    [Test]
    public async Task Fetch_OtherFileThanAtFirst_IsRefused()
    {
        await Fetch();
        File.Delete(Target);
        Assert.That((await Fetch()).Origin, Is.EqualTo(ChecksumOrigin.Recorded));
        File.Delete(Target);
        _server.Content = [1, 2, 3];
        Assert.That(Failure(), Does.Contain("recorded in").And.Contain(Sha256));
        Assert.That(File.Exists(Target), Is.False);
    }

    [Test]
    public async Task Fetch_FileIsThere_FetchesNothing()
    {
        await Fetch();
        Assert.That((await Fetch()).WasThere, Is.True);
        Assert.That(_server.Starts, Has.Count.EqualTo(1));
        File.AppendAllText(Target, "x");
        Assert.That(Failure(), Does.Contain("delete it and get it again").And.Contain("take its line out of checksums.json"));
    }

    [Test]
    public async Task WasDeleted_OnlyWhatWasDownloaded_IsTrue()
    {
        using var downloader = new Downloader(_folder.Path, _server, new HurriedClock(), new RandomStream(1, "jitter"));
        var request = new DownloadRequest(Url, Name);
        Assert.That(downloader.WasDeleted(request), Is.False);
        await Fetch();
        Assert.That(downloader.WasDeleted(request), Is.False);
        File.Delete(Target);
        Assert.That(downloader.WasDeleted(request), Is.True);
    }

    [Test]
    public void Fetch_NotFound_SaysSoAtOnce()
    {
        _server.Refusals.Enqueue(HttpStatusCode.NotFound);
        Assert.That(Failure(), Does.Contain("404").And.Contain(Url.ToString()).And.Contain("--data"));
        Assert.That(_server.Starts, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Fetch_ServerBusy_TriesAgain()
    {
        _server.Refusals.Enqueue(HttpStatusCode.ServiceUnavailable);
        _server.Refusals.Enqueue(HttpStatusCode.TooManyRequests);
        await Fetch();
        Assert.That(_server.Starts, Has.Count.EqualTo(3));
    }

    [Test]
    public void Fetch_ServerStaysBusy_GivesUp()
    {
        for (var i = 0; i < 3; i++)
            _server.Refusals.Enqueue(HttpStatusCode.ServiceUnavailable);
        Assert.That(Failure(attempts: 2), Does.Contain("503"));
        Assert.That(_server.Starts, Has.Count.EqualTo(3));
    }

    [Test]
    public void Fetch_ConnectionClosesEarly_IsNotAWholeFile()
    {
        using var server = new ShortServer(Content);
        using var downloader = new Downloader(_folder.Path, server, new HurriedClock(), new RandomStream(1, "jitter"), attempts: 1);
        Assert.That(() => downloader.FetchAsync(new DownloadRequest(Url, Name)),
            Throws.TypeOf<ReplicationException>().With.Message.Contains("of 300000 bytes"));
        Assert.That(File.Exists(Target), Is.False);
    }

    [Test]
    public async Task Fetch_WithProgress_CountsUpToTheWhole()
    {
        var seen = new List<DownloadProgress>();
        _server.Breaks.Enqueue(100_000);
        await Fetch(progress: new Listener(seen));
        Assert.That(seen.Select(p => p.Bytes), Is.Ordered);
        Assert.That(seen[^1], Is.EqualTo(new DownloadProgress(Name, Content.Length, Content.Length)));
    }

    [Test]
    public void Fetch_Cancelled_StopsAndKeepsThePart()
    {
        using var stop = new CancellationTokenSource();
        using var downloader = new Downloader(_folder.Path, _server, new HurriedClock(), new RandomStream(1, "jitter"));
        var progress = new Listener([], stop.Cancel);
        Assert.That(() => downloader.FetchAsync(new DownloadRequest(Url, Name), progress, stop.Token),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(new FileInfo(Target + ".partial").Length, Is.GreaterThan(0));
    }

    private sealed class Listener(List<DownloadProgress> seen, Action? first = null) : IProgress<DownloadProgress>
    {
        public void Report(DownloadProgress value)
        {
            seen.Add(value);
            first?.Invoke();
        }
    }

    // Says how long the file is, but ends the body early without an error.
    private sealed class ShortServer(byte[] content) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
        {
            var response = new HttpResponseMessage { Content = new StreamContent(new MemoryStream(content[..1000])) };
            response.Content.Headers.ContentLength = content.Length;
            return Task.FromResult(response);
        }
    }
}
