using System.Net;
using System.Net.Http.Headers;

namespace Replication.Tests.Glue;

/// <summary>A server in memory that has one file, honours ranges, and fails as it is told.</summary>
internal sealed class FlakyServer(byte[] content) : HttpMessageHandler
{
    /// <summary>The file.</summary>
    public byte[] Content { get; set; } = content;

    /// <summary>The version of the file; null for a server that does not say.</summary>
    public string? Tag { get; set; } = "\"v1\"";

    /// <summary>Bytes after which the connection breaks, one entry a request, then never again.</summary>
    public Queue<int> Breaks { get; } = new();

    /// <summary>Statuses that are answered instead, one a request.</summary>
    public Queue<HttpStatusCode> Refusals { get; } = new();

    /// <summary>First byte of each request.</summary>
    public List<long> Starts { get; } = [];

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        var sameVersion = request.Headers.IfRange?.EntityTag?.Tag == Tag;
        var start = sameVersion ? request.Headers.Range?.Ranges.Single().From ?? 0 : 0;
        Starts.Add(start);
        if (Refusals.TryDequeue(out var status))
            return Task.FromResult(new HttpResponseMessage(status));
        if (start > 0 && start >= Content.Length)
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.RequestedRangeNotSatisfiable));

        Stream body = new MemoryStream(Content[(int)start..]);
        if (Breaks.TryDequeue(out var limit))
            body = new BreakingStream(Content.AsMemory((int)start, Math.Min(limit, Content.Length - (int)start)));
        var response =
            new HttpResponseMessage(start > 0 ? HttpStatusCode.PartialContent : HttpStatusCode.OK) { Content = new StreamContent(body) };
        response.Content.Headers.ContentLength = Content.Length - start;
        if (start > 0)
            response.Content.Headers.ContentRange = new ContentRangeHeaderValue(start, Content.Length - 1, Content.Length);
        if (Tag is not null)
            response.Headers.ETag = new EntityTagHeaderValue(Tag);
        return Task.FromResult(response);
    }

    private sealed class BreakingStream(ReadOnlyMemory<byte> part) : MemoryStream(part.ToArray())
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation = default) =>
            Position < Length ? base.ReadAsync(buffer, cancellation) : throw new IOException("the connection was reset");
    }
}

/// <summary>A clock on which pauses of less than a minute are over at once, and longer ones never.</summary>
internal sealed class HurriedClock : TimeProvider
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, dueTime < TimeSpan.FromMinutes(1) ? TimeSpan.Zero : Timeout.InfiniteTimeSpan, period);
}
