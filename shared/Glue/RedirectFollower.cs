using System.Net;

namespace Replication.Glue;

/// <summary>
/// Follows redirects to web addresses only: .NET itself would speak HTTP to any host that a server names, whatever the scheme, and fails
/// where there is none.
/// </summary>
/// <param name="client">Sends requests; its handler follows no redirects.</param>
internal sealed class RedirectFollower(HttpClient client)
{
    private const int MostRedirects = 50;

    /// <summary>Asks for a file, wherever the server sends for it.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="partial">What is here of it.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>The first answer that redirects to no other place, its head read.</returns>
    /// <exception cref="ReplicationException">The server redirects to something that is not a web address.</exception>
    public async Task<HttpResponseMessage> GetAsync(DownloadRequest request, PartialFile partial, CancellationToken cancellation)
    {
        var address = request.Url;
        for (var left = MostRedirects; ; left--)
        {
            using var message = new HttpRequestMessage(HttpMethod.Get, address);
            partial.AskForTheRest(message);
            var response = await client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
            if (left == 0 || Target(response, address) is not { } target)
                return response;
            response.Dispose();
            if (target.Scheme is not ("http" or "https"))
                throw new ReplicationException(
                    $"Cannot download {request.Url}: the server redirects to {target.AbsoluteUri}, which is not a web address; get the "
                        + $"file elsewhere and name its folder with --data.");
            address = target;
        }
    }

    // Null where there is none to follow; such an answer is no file, and is refused with its status.
    private static Uri? Target(HttpResponseMessage response, Uri address)
    {
        var redirects = response.StatusCode is HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
            or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;
        if (!redirects || response.Headers.Location is not { } location || !Uri.TryCreate(address, location, out var target))
            return null;
        // What was asked for in secret is not asked for in the open.
        return address.Scheme == "https" && target.Scheme == "http" ? null : target;
    }
}
