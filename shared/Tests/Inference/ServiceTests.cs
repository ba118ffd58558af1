using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Replication.Export;
using Replication.Samples;

namespace Replication.Tests.Inference;

/// <summary>The sample web service with a real client on this machine.</summary>
public sealed class ServiceTests
{
    private static readonly string[] Texts =
        ["good", "a bad film", "bad bad bad bad bad", "a film with songs . a good film with bad songs ."];

    private TemporaryFolder _folder = null!;
    private WebApplication _service = null!;
    private HttpClient _client = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _folder = new TemporaryFolder();
        var model = OnnxFolder.Write(_folder, ["no", "yes"], Quantization.Dynamic);
        _service = ClassifierService.Create(["--model", model, "--urls", "http://127.0.0.1:0", "--Logging:LogLevel:Default", "None"]);
        await _service.StartAsync();
        _client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 64 }) {
            BaseAddress = new Uri(_service.Urls.First()), Timeout = TimeSpan.FromMinutes(2) };
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        _client.Dispose();
        await _service.DisposeAsync();
        _folder.Dispose();
    }

    [Test]
    public async Task Classify_AThousandAtOnce_AreAnsweredAsIfAloneOrRefusedAtOnce()
    {
        var alone = new List<double>();
        foreach (var text in Texts)
            alone.Add(await Probability(await Post(text)));

        var responses = await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => Post(Texts[i % Texts.Length])));

        Assert.That(responses.Select(r => r.StatusCode).Distinct(),
            Is.SubsetOf(new[] { HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable }));
        Assert.That(responses.Count(r => r.StatusCode == HttpStatusCode.OK), Is.GreaterThan(100));
        for (var i = 0; i < responses.Length; i++)
            if (responses[i].StatusCode == HttpStatusCode.OK)
                Assert.That(await Probability(responses[i]), Is.EqualTo(alone[i % Texts.Length]).Within(0.01));
        Assert.That((await _client.GetAsync("/health")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [TestCase(1 << 20, HttpStatusCode.RequestEntityTooLarge)]
    [TestCase(30_000, HttpStatusCode.BadRequest)]
    public async Task Classify_ATextThatIsTooLong_IsRefusedAndTheServiceStaysUp(int characters, HttpStatusCode expected)
    {
        Assert.That((await Post(new string('x', characters))).StatusCode, Is.EqualTo(expected));
        Assert.That((await Post("good")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [TestCase("{\"text\": ")]
    [TestCase("{}")]
    public async Task Classify_ABodyThatIsNoRequest_IsRefused(string body)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        Assert.That((await _client.PostAsync("/classify", content)).StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    [Test]
    public async Task Classify_CallersThatGoAway_HarmNobody()
    {
        using var stop = new CancellationTokenSource();
        var gone = Enumerable.Range(0, 100).Select(_ => Post("a bad film", stop.Token)).ToList();
        await stop.CancelAsync();
        foreach (var call in gone)
        {
            try
            {
                await call;
            }
            catch (OperationCanceledException)
            {
                continue;
            }
        }
        Assert.That((await Post("good")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    private async Task<HttpResponseMessage> Post(string text, CancellationToken cancellation = default) =>
        await _client.PostAsJsonAsync("/classify", new { Text = text }, JsonSerializerOptions.Web, cancellation);

    private static async Task<double> Probability(HttpResponseMessage response) =>
        (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("probabilities").GetProperty("yes").GetDouble();
}
