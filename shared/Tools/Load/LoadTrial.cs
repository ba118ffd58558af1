using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Replication.Tools.Load;

/// <summary>What a service is asked, and what it says.</summary>
/// <param name="service">The service.</param>
/// <param name="requests">Requests while its memory is watched.</param>
/// <param name="say">Is told of each part.</param>
internal sealed class LoadTrial(ServiceProcess service, int requests, Action<string> say) : IDisposable
{
    private const int Texts = 500, Callers = 64, AtOnce = 1000, Parts = 10, MostWords = 120;

    // Answers differ by less than that, whoever is asked for beside them.
    private const double Tolerance = 0.01;

    /// <summary>The words of all texts.</summary>
    public static IReadOnlyList<string> Words { get; } =
        ["a", "warm", "and", "funny", "film", "that", "is", "not", "good", "but", "long", "the", "plot", "songs", "42"];

    private readonly string[] _texts = MakeTexts();
    private readonly HttpClient _client = new(new SocketsHttpHandler { MaxConnectionsPerServer = AtOnce })
    {
        BaseAddress = service.Address, Timeout = TimeSpan.FromMinutes(10),
    };

    private double[][] _alone = [];

    /// <summary>Asks all.</summary>
    public async Task<LoadReport> RunAsync(CancellationToken cancellation)
    {
        _alone = new double[Texts][];
        for (var i = 0; i < Texts; i++)
            _alone[i] = (await AskAsync(i, cancellation)).Probabilities
                ?? throw new ReplicationException("The service does not answer a single request.");
        var held = new List<long> { service.Held };
        var many = new Tally();
        for (var part = 0; part < Parts; part++)
        {
            var next = (part * requests / Parts) - 1;
            var end = (part + 1) * requests / Parts;
            await Task.WhenAll(Enumerable.Range(0, Callers).Select(async _ =>
            {
                for (int i; (i = Interlocked.Increment(ref next)) < end;)
                    many.Add(await AskAsync(i % Texts, cancellation));
            }));
            held.Add(service.Held);
            say(string.Create(
                CultureInfo.InvariantCulture, $"{end} requests by {Callers} callers: {many.Answered} answered, {held[^1] / 1e6:0} MB"));
        }
        var atOnce = new Tally();
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async i => atOnce.Add(await AskAsync(i % Texts, cancellation))));
        say(string.Create(CultureInfo.InvariantCulture, $"{AtOnce} at once: {atOnce.Answered} answered, {atOnce.Refused} refused"));
        var gone = (await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(i => GoAwayAsync(i, cancellation)))).Count(left => left);
        say(string.Create(CultureInfo.InvariantCulture, $"{AtOnce} callers, of whom {gone} went away unanswered"));
        var after = new Tally();
        for (var i = 0; i < Texts; i++)
            after.Add(await AskAsync(i, cancellation));
        return new LoadReport
        {
            Requests = requests, Callers = Callers, Many = many, AtOnce = atOnce, GoneAway = gone, After = after, HeldBytes = held,
            HeldAfter = service.Held,
            Megabyte = await StatusAsync(Body(new string('x', 1 << 20)), cancellation),
            LongText = await StatusAsync(Body(new string('x', 30_000)), cancellation),
            NoRequest = await StatusAsync("{\"text\": ", cancellation),
            Health = (int)(await _client.GetAsync("/health", cancellation)).StatusCode,
        };
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private async Task<(HttpStatusCode Status, double[]? Probabilities, bool IsRight)> AskAsync(int text, CancellationToken cancellation)
    {
        using var content = new StringContent(Body(_texts[text]), Encoding.UTF8, "application/json");
        using var response = await _client.PostAsync("/classify", content, cancellation);
        if (response.StatusCode != HttpStatusCode.OK)
            return (response.StatusCode, null, false);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(cancellation);
        double[] probabilities = [.. answer.GetProperty("probabilities").EnumerateObject().Select(p => p.Value.GetDouble())];
        return (response.StatusCode, probabilities,
            _alone[text] is not { } alone || alone.Zip(probabilities).All(p => Math.Abs(p.First - p.Second) <= Tolerance));
    }

    // A caller who waits some milliseconds and goes.
    private async Task<bool> GoAwayAsync(int i, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        stop.CancelAfter(TimeSpan.FromMilliseconds(i % 20));
        try
        {
            await AskAsync(i % Texts, stop.Token);
            return false;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
    }

    private async Task<int> StatusAsync(string body, CancellationToken cancellation)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await _client.PostAsync("/classify", content, cancellation);
        return (int)response.StatusCode;
    }

    private static string Body(string text) => JsonSerializer.Serialize(new { Text = text }, JsonSerializerOptions.Web);

    private static string[] MakeTexts()
    {
        var random = new RandomStream(0, "load");
        return [.. Enumerable.Range(0, Texts).Select(i =>
            string.Join(' ', Enumerable.Range(0, 1 + (i * MostWords / Texts)).Select(_ => Words[random.NextInt32(Words.Count)])))];
    }
}

/// <summary>What came of some requests. May be added to by several threads.</summary>
internal sealed class Tally
{
    private readonly Lock _lock = new();

    /// <summary>Answered as a single caller is.</summary>
    public int Answered { get; private set; }

    /// <summary>Answered otherwise.</summary>
    public int Wrong { get; private set; }

    /// <summary>Refused since too many waited (503).</summary>
    public int Refused { get; private set; }

    /// <summary>Anything else.</summary>
    public int Failed { get; private set; }

    /// <summary>Counts one.</summary>
    public void Add((HttpStatusCode Status, double[]? Probabilities, bool IsRight) answer)
    {
        lock (_lock)
        {
            switch (answer)
            {
                case { Status: HttpStatusCode.OK, IsRight: true }:
                    Answered++;
                    break;
                case { Status: HttpStatusCode.OK }:
                    Wrong++;
                    break;
                case { Status: HttpStatusCode.ServiceUnavailable }:
                    Refused++;
                    break;
                default:
                    Failed++;
                    break;
            }
        }
    }
}
