using System.Net;
using Polly;
using Polly.Retry;

namespace Replication.Glue;

/// <summary>
/// Fetches files into the folder of downloads. A transfer that breaks is tried again with growing, jittered pauses and goes
/// on where it stopped, also in a later call; a file appears under its name only when it is whole and its digest is right.
/// </summary>
public sealed class Downloader : IDisposable
{
    // A server that sends nothing for this long has gone away.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(100);

    private readonly HttpClient _client;
    private readonly TimeProvider _clock;
    private readonly ChecksumFile _checksums;
    private readonly ResiliencePipeline _retry;

    /// <summary>Creates a downloader.</summary>
    /// <param name="folder">The folder of downloads.</param>
    /// <param name="handler">How requests are sent; not disposed of.</param>
    /// <param name="clock">Waits between attempts.</param>
    /// <param name="random">Jitter of the waits.</param>
    /// <param name="attempts">Attempts after the first, each of which may go on where the one before stopped.</param>
    public Downloader(string folder, HttpMessageHandler handler, TimeProvider clock, RandomStream random, int attempts = 5)
    {
        Folder = folder;
        _clock = clock;
        _checksums = new ChecksumFile(folder);
        _client = new HttpClient(handler, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
        _client.DefaultRequestHeaders.UserAgent.ParseAdd("replication-suite");
        _retry = new ResiliencePipelineBuilder { TimeProvider = clock }
            .AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = attempts,
                BackoffType = DelayBackoffType.Exponential,
                Delay = TimeSpan.FromSeconds(1),
                UseJitter = true,
                Randomizer = random.NextDouble,
                ShouldHandle = new PredicateBuilder().Handle<BrokenTransferException>(),
            })
            .Build();
    }

    /// <summary>The folder of downloads.</summary>
    public string Folder { get; }

    /// <summary>Fetches a file, or finds that it is there already.</summary>
    /// <exception cref="ReplicationException">The server does not have it or cannot be reached, its digest is another than expected, or it cannot be written.</exception>
    public async Task<DownloadResult> FetchAsync(
        DownloadRequest request, IProgress<DownloadProgress>? progress = null, CancellationToken cancellation = default)
    {
        var target = Path.Combine(Folder, request.Name);
        if (File.Exists(target))
            return Check(request, target, fetched: null);

        var partial = new PartialFile(target);
        try
        {
            await _retry.ExecuteAsync(
                async token => await TransferAsync(request, partial, progress, token).ConfigureAwait(false), cancellation).ConfigureAwait(false);
        }
        catch (BrokenTransferException e)
        {
            throw new ReplicationException(
                $"Cannot download {request.Url}: {e.Message.TrimEnd('.')}; call again to go on where it stopped, or put the file at {target} yourself.", inner: e);
        }
        var result = Check(request, target, partial);
        partial.MoveToTarget();
        return result;
    }

    /// <summary>Whether a file was downloaded once and is gone.</summary>
    public bool WasDeleted(DownloadRequest request) => _checksums.Find(request.Name) is not null && !File.Exists(Path.Combine(Folder, request.Name));

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private async Task TransferAsync(DownloadRequest request, PartialFile partial, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        using var silence = new CancellationTokenSource(Silence, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellation);
        try
        {
            using var message = new HttpRequestMessage(HttpMethod.Get, request.Url);
            partial.AskForTheRest(message);
            using var response = await _client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, either.Token).ConfigureAwait(false);
            if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
            {
                partial.Delete();
                throw new BrokenTransferException("the server has no rest of the file that was begun");
            }
            RefuseFailure(request, response);

            await using var body = await response.Content.ReadAsStreamAsync(either.Token).ConfigureAwait(false);
            await using var file = partial.Open(response, out var total);
            var buffer = new byte[1 << 16];
            int count;
            while ((count = await body.ReadAsync(buffer, either.Token).ConfigureAwait(false)) > 0)
            {
                PartialFile.Append(file, buffer.AsSpan(0, count));
                progress?.Report(new DownloadProgress(request.Name, file.Length, total));
                silence.CancelAfter(Silence);
            }
            if (total is { } expected && file.Length != expected)
                throw new BrokenTransferException($"the connection closed after {file.Length} of {expected} bytes");
            file.Flush(flushToDisk: true);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new BrokenTransferException(e.Message, e);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new BrokenTransferException(FormattableString.Invariant($"the server was silent for {Silence.TotalSeconds} s"), e);
        }
    }

    // What a later attempt may mend is tried again; what it cannot mend is told at once.
    private static void RefuseFailure(DownloadRequest request, HttpResponseMessage response)
    {
        if (response.IsSuccessStatusCode)
            return;
        var status = $"the server answers {(int)response.StatusCode} ({response.ReasonPhrase})";
        if ((int)response.StatusCode >= 500 || response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout)
            throw new BrokenTransferException(status);
        throw new ReplicationException($"Cannot download {request.Url}: {status}; get the file elsewhere and name its folder with --data.");
    }

    // Compares the file that is there, or the one that was fetched and is not yet there, with what is known of it.
    private DownloadResult Check(DownloadRequest request, string target, PartialFile? fetched)
    {
        var path = fetched?.Path ?? target;
        var sha256 = Digest.OfFile(path);
        if (fetched is null && request.Sha256 is null)
            _checksums.Hold(path, _ => sha256);
        var recorded = _checksums.Find(request.Name);
        var expected = request.Sha256 ?? recorded;
        if (expected is not null && expected != sha256)
        {
            if (fetched is null)
                throw new ReplicationException($"{path} has the sha256 {sha256} where {expected} is pinned; delete it and get it again.");
            var origin = request.Sha256 is null ? $"was recorded in {Path.Combine(Folder, ChecksumFile.FileName)} at the first download" : "is pinned";
            fetched.Delete();
            throw new ReplicationException($"{request.Url} has the sha256 {sha256} where {expected} {origin}; the file was not kept.");
        }
        if (recorded is null)
            _checksums.Record(request.Name, sha256);
        var held = request.Sha256 is not null ? ChecksumOrigin.Pinned : recorded is not null ? ChecksumOrigin.Recorded : ChecksumOrigin.FirstSeen;
        return new DownloadResult(target, new FileInfo(path).Length, sha256, held, WasThere: fetched is null);
    }
}

/// <summary>A transfer that another attempt may complete.</summary>
internal sealed class BrokenTransferException(string message, Exception? inner = null) : Exception(message, inner);
