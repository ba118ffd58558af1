using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Replication.Tests.Glue;

/// <summary>
/// A server on the loopback that answers each request with the next bytes it was given, true or not, and closes the connection.
/// </summary>
internal sealed class LyingServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly X509Certificate2? _certificate;
    private readonly Task _work;

    public LyingServer(X509Certificate2? certificate = null)
    {
        _certificate = certificate;
        _listener.Start();
        _work = Task.Run(ServeAsync);
    }

    /// <summary>Its address.</summary>
    public Uri Address => new($"{(_certificate is null ? "http" : "https")}://localhost:{((IPEndPoint)_listener.LocalEndpoint).Port}/");

    /// <summary>What it answers, one a request; the last one for all that follow.</summary>
    public Queue<byte[]> Answers { get; } = new();

    /// <summary>The heads of the requests that came.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>A response with a head of these lines and a body, which need not fit it.</summary>
    public static byte[] Answer(string status, string headers, byte[] body)
    {
        var lines = headers.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line + "\r\n");
        return [.. Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\n{string.Concat(lines)}Connection: close\r\n\r\n"), .. body];
    }

    /// <summary>A sound response.</summary>
    public static byte[] Ok(byte[] body, string headers = "") => Answer("200 OK", $"Content-Length: {body.Length}\n{headers}", body);

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Stop();
        _work.Wait(TimeSpan.FromSeconds(10));
        _stop.Dispose();
        _listener.Dispose();
    }

    private async Task ServeAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                await AnswerAsync(client);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or IOException
                or System.Security.Authentication.AuthenticationException)
            {
                // The client went away, or the test is over.
            }
            catch (InvalidOperationException) when (_stop.IsCancellationRequested)
            {
                // The listener was stopped between the question above and its call.
            }
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        await using var stream = await OpenAsync(client);
        var head = new StringBuilder();
        var letter = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(letter, _stop.Token) == 1)
            head.Append((char)letter[0]);
        Requests.Add(head.ToString());
        var answer = Answers.Count > 1 ? Answers.Dequeue() : Answers.Peek();
        await stream.WriteAsync(answer, _stop.Token);
        await stream.FlushAsync(_stop.Token);
    }

    private async Task<Stream> OpenAsync(TcpClient client)
    {
        if (_certificate is null)
            return client.GetStream();
        var secure = new SslStream(client.GetStream());
        await secure.AuthenticateAsServerAsync(_certificate);
        return secure;
    }
}
