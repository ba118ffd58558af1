using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Replication.Glue;
using Replication.Runs;

namespace Replication.Tests.Glue;

/// <summary>Downloads from a server that lies: nothing that it sends is used unchecked, and a true answer afterwards is accepted.</summary>
public class LyingServerTests
{
    private static readonly byte[] Wnli = File.ReadAllBytes(Path.Combine(GlueFiles.Root, "data", "glue", "WNLI", "validation.parquet"));
    private static readonly byte[] Page = Encoding.UTF8.GetBytes("<html><body>Please sign in</body></html>");

    private TemporaryFolder _folder = null!;
    private LyingServer _server = null!;
    private RecordingClock _clock = null!;

    [SetUp]
    public void Start() => (_folder, _server, _clock) = (new TemporaryFolder(), new LyingServer(), new RecordingClock());

    [TearDown]
    public void Stop()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    [TestCase("a web page")]
    [TestCase("half a file")]
    [TestCase("another split")]
    public async Task Fetch_FirstDownloadIsBad_IsThrownAwayAndTheGoodOneAccepted(string what)
    {
        var bad = what switch
        {
            "a web page" => Page,
            "half a file" => Wnli[..(Wnli.Length / 2)],
            _ => File.ReadAllBytes(Path.Combine(GlueFiles.Root, "data", "glue", "WNLI", "train.parquet")),
        };
        _server.Answers.Enqueue(LyingServer.Ok(bad));
        _server.Answers.Enqueue(LyingServer.Ok(Wnli));
        var request = new Hub(_server.Address, Pins.None).Split(GlueTasks.Wnli, GlueSplit.Dev);

        Assert.That(Failure(request),
            Does.Contain("is not what it should be").And.Contain("it was not kept").And.Contain(request.Url.ToString()));
        Assert.That(Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories).Select(Path.GetFileName),
            Is.EqualTo(new[] { ".lock" }));

        Assert.That((await Fetch(request)).Origin, Is.EqualTo(ChecksumOrigin.FirstSeen));
        Assert.That(new GlueSource(new DataFolders([], _folder.File("none"), _folder.Path) { Pins = Pins.None })
            .Load(GlueTasks.Wnli, GlueSplit.Dev).Examples, Has.Count.EqualTo(71));
    }

    [TestCase("config.json")]
    [TestCase("vocab.txt")]
    [TestCase("model.safetensors")]
    public void Fetch_WebPageForAFileOfAModel_IsThrownAway(string file)
    {
        _server.Answers.Enqueue(LyingServer.Ok(Page));
        var request = new Hub(_server.Address, Pins.None)
            .Model("some-model", "someone/some-model", ["config.json", "vocab.txt", "tokenizer_config.json", "model.safetensors"])
            .Single(r => r.Name.EndsWith("/" + file, StringComparison.Ordinal));
        Assert.That(Failure(request), Does.Contain("is not what it should be").And.Contain("it was not kept"));
        Assert.That(Directory.GetFiles(_folder.Path, file + "*", SearchOption.AllDirectories), Is.Empty);
    }

    [Test]
    public void Fetch_PinnedSplit_IsAskedForByItsRevisionAndHeldToItsDigest()
    {
        // As long as the hub's file, so that only the digest tells.
        var pin = Pins.Embedded.All.Single(p => p.Name == "WNLI/validation");
        _server.Answers.Enqueue(LyingServer.Ok(new byte[pin.Bytes!.Value]));
        Assert.That(Failure(new Hub(_server.Address, Pins.Embedded).Split(GlueTasks.Wnli, GlueSplit.Dev)),
            Does.Contain($"where {pin.Sha256} is pinned"));
        Assert.That(_server.Requests.Single(),
            Does.StartWith($"GET /datasets/nyu-mll/glue/resolve/{pin.Revision}/wnli/validation-00000-of-00001.parquet "));
    }

    [TestCase("9223372036854775807", "more than any file of the suite")]
    [TestCase("1099511627776", "more than any file of the suite")]
    [TestCase("99999999999999999999", "says that the file has 99999999999999999999 bytes")]
    [TestCase("-5", "says that the file has -5 bytes")]
    public void Fetch_AbsurdLength_IsRefusedInASentence(string length, string sentence)
    {
        _server.Answers.Enqueue(LyingServer.Answer("200 OK", $"Content-Length: {length}", Wnli));
        Assert.That(Failure(Unpinned()), Does.Contain(sentence));
        Assert.That(Directory.GetFiles(_folder.Path, "*.parquet*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length),
            Is.LessThanOrEqualTo(Wnli.Length));
    }

    [Test]
    public void Fetch_OtherLengthThanThePinnedOne_IsRefusedBeforeItIsRead()
    {
        _server.Answers.Enqueue(LyingServer.Ok(Page));
        Assert.That(Failure(Unpinned() with { Bytes = 11067 }), Does.Contain("says that the file has 40 bytes where 11067 are pinned"));
        Assert.That(_server.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public void Fetch_BodyWithoutEnd_IsCutAtThePinnedLength()
    {
        _server.Answers.Enqueue(LyingServer.Answer("200 OK", "", new byte[1 << 20]));
        Assert.That(Failure(Unpinned() with { Bytes = 100_000 }), Does.Contain("sends more than 100000 bytes"));
        Assert.That(Directory.GetFiles(_folder.Path, "*.parquet*", SearchOption.AllDirectories), Is.Empty);
    }

    [Test]
    public async Task Fetch_RestOfAnotherVersion_StartsAnew()
    {
        var half = Wnli.Length / 2;
        var other = Enumerable.Repeat((byte)1, Wnli.Length).ToArray();
        _server.Answers.Enqueue(LyingServer.Answer("200 OK", $"Content-Length: {Wnli.Length}\nETag: \"v1\"", other[..half]));
        // It does not heed If-Range, and says so by its tag.
        _server.Answers.Enqueue(LyingServer.Answer("206 Partial Content",
            $"Content-Length: {Wnli.Length - half}\nContent-Range: bytes {half}-{Wnli.Length - 1}/{Wnli.Length}\nETag: \"v2\"",
            Wnli[half..]));
        _server.Answers.Enqueue(LyingServer.Ok(Wnli, "ETag: \"v2\""));

        var result = await Fetch(Unpinned());

        Assert.That(File.ReadAllBytes(result.Path), Is.EqualTo(Wnli));
        Assert.That(_server.Requests[1], Does.Contain($"Range: bytes={half}-").And.Contain("If-Range: \"v1\""));
        Assert.That(_server.Requests[2], Does.Not.Contain("Range:"));
    }

    [Test]
    public async Task Fetch_RetryAfter_IsWaitedForThatLong()
    {
        _server.Answers.Enqueue(LyingServer.Answer("503 Busy", "Retry-After: 47", []));
        _server.Answers.Enqueue(LyingServer.Answer("429 Too Many", $"Retry-After: {_clock.GetUtcNow().AddSeconds(33):R}", []));
        _server.Answers.Enqueue(LyingServer.Ok(Wnli));
        await Fetch(Unpinned());
        Assert.That(_clock.Pauses, Is.SupersetOf(new[] { TimeSpan.FromSeconds(47), TimeSpan.FromSeconds(33) }));
    }

    [Test]
    public void Fetch_RetryAfterAnHour_IsToldAtOnce()
    {
        _server.Answers.Enqueue(LyingServer.Answer("429 Too Many", "Retry-After: 3600", []));
        Assert.That(Failure(Unpinned()), Does.Contain("asks for a pause of 60 minutes"));
        Assert.That(_server.Requests, Has.Count.EqualTo(1));
    }

    [TestCase("file:///etc/passwd")]
    [TestCase("javascript:alert(1)")]
    [TestCase("ftp://localhost/file")]
    [TestCase("mailto:a@b")]
    public void Fetch_RedirectToNoWebAddress_IsToldAtOnce(string target)
    {
        _server.Answers.Enqueue(LyingServer.Answer("302 Found", $"Location: {target}\nContent-Length: 0", []));
        Assert.That(Failure(Unpinned()), Does.Contain($"the server redirects to {target}, which is not a web address"));
        Assert.That(_server.Requests, Has.Count.EqualTo(1));
    }

    [TestCase("/elsewhere?a=b", "GET /elsewhere?a=b ")]
    [TestCase("other", "GET /other ")]
    public async Task Fetch_RedirectToAPathOfTheServer_IsFollowed(string target, string asked)
    {
        _server.Answers.Enqueue(LyingServer.Answer("307 Temporary Redirect", $"Location: {target}\nContent-Length: 0", []));
        _server.Answers.Enqueue(LyingServer.Ok(Wnli));
        Assert.That((await Fetch(Unpinned())).Bytes, Is.EqualTo(Wnli.Length));
        Assert.That(_server.Requests[1], Does.StartWith(asked));
    }

    [Test]
    public void Fetch_RedirectInACircle_Ends()
    {
        _server.Answers.Enqueue(LyingServer.Answer("302 Found", "Location: /file\nContent-Length: 0", []));
        Assert.That(Failure(Unpinned()), Does.Contain("the server answers 302 (Found)"));
    }

    [Test]
    public async Task Fetch_FourAtOnce_DownloadOnceAndAgree()
    {
        _server.Answers.Enqueue(LyingServer.Ok(Wnli));
        var requests = (GlueSplit[])[GlueSplit.Dev, GlueSplit.Dev, GlueSplit.Dev, GlueSplit.Dev];
        var results = await Task.WhenAll(
            requests.Select(split => Task.Run(() => Fetch(new Hub(_server.Address, Pins.None).Split(GlueTasks.Wnli, split)))));
        Assert.That(results.Select(r => r.Sha256).Distinct().Count(), Is.EqualTo(1));
        Assert.That(_server.Requests, Has.Count.EqualTo(1));
        Assert.That(Directory.GetFiles(_folder.Path, "*.partial*", SearchOption.AllDirectories), Is.Empty);
    }

    [Test]
    public async Task Open_CertificateFile_IsTrustedAndNoOther()
    {
        using var key = RSA.Create(2048);
        var asked = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        asked.CertificateExtensions.Add(names.Build());
        asked.CertificateExtensions.Add(
            new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        using var certificate = asked.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using var own = X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
        using var server = new LyingServer(own);
        server.Answers.Enqueue(LyingServer.Ok(Wnli));
        var request = new Hub(server.Address, Pins.None).Split(GlueTasks.Wnli, GlueSplit.Dev);

        Assert.That(Failure(request), Does.Contain("certificate is not trusted").And.Contain("SSL_CERT_FILE"));

        var file = _folder.Write("trusted.pem", certificate.ExportCertificatePem());
        Assert.That((await Fetch(request, name => name == "SSL_CERT_FILE" ? file : null)).Bytes, Is.EqualTo(Wnli.Length));
    }

    [TestCase("SSL_CERT_FILE", "no such file", "cannot be read as certificates")]
    [TestCase("HTTPS_PROXY", "http://", "which is not a proxy")]
    [TestCase("HTTPS_PROXY", "ftp://proxy:21", "which is not a proxy")]
    public void Open_MistypedVariable_IsNamed(string variable, string value, string sentence) => Assert.That(
        () => HubConnection.Open(name => name == variable ? value : null),
        Throws.TypeOf<ReplicationException>().With.Message.StartWith($"{variable} is '{value}', ").And.Message.Contains(sentence));

    [TestCase("huggingface.co")]
    [TestCase("ftp://mirror/")]
    public void Of_MistypedEndpoint_IsNamed(string value) => Assert.That(
        () => Hub.Of(_ => value),
        Throws.TypeOf<ReplicationException>().With.Message.StartWith($"HF_ENDPOINT is '{value}', which is not an address"));

    [TestCase("https://mirror.invalid", "https://mirror.invalid/datasets/nyu-mll/glue/resolve/")]
    [TestCase("http://mirror.invalid/hub/", "http://mirror.invalid/hub/datasets/nyu-mll/glue/resolve/")]
    public void Of_Endpoint_IsAskedInPlaceOfTheHub(string value, string start) =>
        Assert.That(Hub.Of(_ => value).Split(GlueTasks.Rte, GlueSplit.Train).Url.ToString(), Does.StartWith(start));

    [Test]
    public void Pins_EverySplitAndWeightsThatAreKnown_HaveRevisionAndDigest()
    {
        foreach (var (task, split) in GlueTasks.All.SelectMany(
            task => GlueTasks.Splits(task).Where(s => !GlueTasks.IsHidden(s)).Select(s => (task, s))))
            Assert.That((Hub.Public.Split(task, split).Sha256?.Length, Hub.Public.Split(task, split).Bytes > 0), Is.EqualTo((64, true)),
                $"{task} {split}");
        // Of what the papers' authors published no digest is at hand: what a first download brings is recorded, and later held to.
        foreach (var model in ModelCatalog.Known.Where(
            model => model.Hub is not null && !model.Description.Contains("profile released", StringComparison.Ordinal)))
            Assert.That(Hub.Public.Model(model.Name, model.Hub!, model.Files)
                .Single(r => r.Name.EndsWith("safetensors", StringComparison.Ordinal)).Sha256, Has.Length.EqualTo(64), model.Name);
    }

    private DownloadRequest Unpinned() => new(new Uri(_server.Address, "file"), "glue/file.parquet");

    private async Task<DownloadResult> Fetch(DownloadRequest request, Func<string, string?>? variable = null)
    {
        using var handler = HubConnection.Open(variable ?? (_ => null));
        handler.UseProxy = false;
        using var downloader = new Downloader(_folder.Path, handler, _clock, new RandomStream(1, "jitter"), attempts: 3);
        return await downloader.FetchAsync(request);
    }

    private string Failure(DownloadRequest request) => Assert.ThrowsAsync<ReplicationException>(() => Fetch(request))!.Message;

    // Pauses are over at once and remembered; silence is never noticed.
    private sealed class RecordingClock : TimeProvider
    {
        private readonly DateTimeOffset _now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

        public System.Collections.Concurrent.ConcurrentBag<TimeSpan> Pauses { get; } = [];

        public override DateTimeOffset GetUtcNow() => _now;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Pauses.Add(dueTime);
            return base.CreateTimer(callback, state, dueTime < TimeSpan.FromMinutes(1) ? TimeSpan.Zero : Timeout.InfiniteTimeSpan, period);
        }
    }
}
