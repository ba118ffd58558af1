using System.Net;
using System.Security.Authentication;
using Polly;
using Polly.Retry;

namespace Replication.Glue;

/// <summary>
/// Fetches files into the folder of downloads. A transfer that breaks is tried again with growing, jittered pauses and resumes
/// where it stopped, also in a later call. A file appears under its name only when it is whole and is what it should be: its digest is
/// the one that is pinned or was recorded, or, where none is known, its content could be read. What is not is thrown away. One process at
/// a time downloads into a folder; another waits.
/// </summary>
public sealed class Downloader : IDisposable
{
    // A server that sends nothing for this long has gone away.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(100);

    private readonly HttpClient _client;
    private readonly TimeProvider _clock;
    private readonly ChecksumFile _checksums;
    private readonly ResiliencePipeline _retry;
    private readonly Action<string>? _note;

    /// <summary>Creates a downloader.</summary>
    /// <param name="folder">The folder of downloads.</param>
    /// <param name="handler">How requests are sent; follows no redirects; not disposed of.</param>
    /// <param name="clock">Waits between attempts.</param>
    /// <param name="random">Jitter of the waits.</param>
    /// <param name="attempts">Attempts after the first, each of which may resume the one before.</param>
    /// <param name="note">Called where another process holds the folder.</param>
    public Downloader(
        string folder, HttpMessageHandler handler, TimeProvider clock, RandomStream random, int attempts = 5, Action<string>? note = null)
    {
        Folder = folder;
        (_clock, _note) = (clock, note);
        _checksums = new ChecksumFile(folder, Pins.None);
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
                DelayGenerator = broken => ValueTask.FromResult((broken.Outcome.Exception as BrokenTransferException)?.RetryAfter),
                ShouldHandle = new PredicateBuilder().Handle<BrokenTransferException>(),
            })
            .Build();
    }

    /// <summary>The folder of downloads.</summary>
    public string Folder { get; }

    /// <summary>Fetches a file, or finds that it is there already.</summary>
    /// <exception cref="ReplicationException">The server does not have it or cannot be reached, its digest is another than expected, or it
    /// cannot be written.</exception>
    public async Task<DownloadResult> FetchAsync(
        DownloadRequest request, IProgress<DownloadProgress>? progress = null, CancellationToken cancellation = default)
    {
        var target = Path.Combine(Folder, request.Name);
        if (File.Exists(target) && (request.Sha256 ?? _checksums.Find(request.Name)) is not null)
            return Check(request, target, fetched: null);
        using var held = await Task.Run(() => FolderLock.Acquire(
            Folder, "The folder of downloads", Timeout.InfiniteTimeSpan, _note, _clock, cancellation), cancellation)
            .ConfigureAwait(false);
        var result = File.Exists(target)
            ? Check(request, target, fetched: null)
            : await FetchAsync(request, target, progress, cancellation).ConfigureAwait(false);
        if (_checksums.Find(request.Name) is null)
            _checksums.Record(request.Name, result.Sha256);
        return result;
    }

    private async Task<DownloadResult> FetchAsync(
        DownloadRequest request, string target, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        var partial = new PartialFile(target);
        try
        {
            await _retry.ExecuteAsync(
                async token => await TransferAsync(request, partial, progress, token).ConfigureAwait(false), cancellation)
                    .ConfigureAwait(false);
        }
        catch (BrokenTransferException e)
        {
            throw new ReplicationException(
                $"Cannot download {request.Url}: {e.Message.TrimEnd('.')}; call again to resume, or put the file at "
                    + $"{target} yourself.", inner: e);
        }
        var result = Check(request, target, partial);
        partial.MoveToTarget();
        return result;
    }

    /// <summary>Whether a file was downloaded once and is gone.</summary>
    public bool WasDeleted(DownloadRequest request) =>
        _checksums.Find(request.Name) is not null && !File.Exists(Path.Combine(Folder, request.Name));

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private async Task TransferAsync(
        DownloadRequest request, PartialFile partial, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        using var silence = new CancellationTokenSource(Silence, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellation);
        try
        {
            using var response = await new RedirectFollower(_client).GetAsync(request, partial, either.Token).ConfigureAwait(false);
            if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
            {
                partial.Delete();
                throw new BrokenTransferException("the server has no rest of the file that was begun");
            }
            var answer = new DownloadAnswer(request, response, partial);
            answer.RefuseFailure(_clock);

            await using var body = await response.Content.ReadAsStreamAsync(either.Token).ConfigureAwait(false);
            answer.RefuseSize(Folder);
            await using var file = partial.Open(response, out var total);
            var most = total ?? request.Bytes ?? DownloadAnswer.LargestFile;
            var buffer = new byte[1 << 16];
            int count;
            while ((count = await body.ReadAsync(buffer, either.Token).ConfigureAwait(false)) > 0)
            {
                if (file.Length + count > most)
                    throw answer.Refused($"sends more than {most} bytes");
                PartialFile.Append(file, buffer.AsSpan(0, count));
                progress?.Report(new DownloadProgress(request.Name, file.Length, total));
                silence.CancelAfter(Silence);
            }
            if (total is { } expected && file.Length != expected)
                throw new BrokenTransferException($"the connection closed after {file.Length} of {expected} bytes");
            file.Flush(flushToDisk: true);
        }
        catch (HttpRequestException e) when (e.InnerException is AuthenticationException)
        {
            throw new ReplicationException(
                $"Cannot download {request.Url}: the server's certificate is not trusted ({e.InnerException.Message.TrimEnd('.')}); "
                    + $"name the file of certificates to trust in {HubConnection.CertificatesVariable}.", inner: e);
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
            var origin = request.Sha256 is null
                ? $"was recorded in {Path.Combine(Folder, ChecksumFile.FileName)} at the first download"
                : "is pinned";
            fetched.Delete();
            throw new ReplicationException($"{request.Url} has the sha256 {sha256} where {expected} {origin}; the file was not kept.");
        }
        if (expected is null)
            CheckContent(request, path, fetched);
        var held = request.Sha256 is not null ? ChecksumOrigin.Pinned
            : recorded is not null ? ChecksumOrigin.Recorded
            : ChecksumOrigin.FirstSeen;
        return new DownloadResult(target, new FileInfo(path).Length, sha256, held, WasThere: fetched is null);
    }

    // The first of its kind has no digest to be held to, but can be read.
    private static void CheckContent(DownloadRequest request, string path, PartialFile? fetched)
    {
        try
        {
            request.Check?.Invoke(path);
        }
        catch (ReplicationException e)
        {
            fetched?.Delete();
            var what = fetched is null ? $"{path} is not what it should be" : $"What {request.Url} sent is not what it should be";
            var then = fetched is null
                ? "delete it and get it again"
                : "it was not kept, so call again, or get the file elsewhere and name its folder with --data";
            throw new ReplicationException(
                $"{what} ({e.Message.Replace(path, "the file", StringComparison.Ordinal).TrimEnd('.')}); {then}.", inner: e);
        }
    }
}
