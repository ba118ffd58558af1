using System.Globalization;
using System.Net;

namespace Replication.Glue;

/// <summary>The head of a server's answer, looked at before anything of the body is kept.</summary>
/// <param name="request">What was asked for.</param>
/// <param name="response">The answer.</param>
/// <param name="partial">What is here of the file.</param>
internal sealed class DownloadAnswer(DownloadRequest request, HttpResponseMessage response, PartialFile partial)
{
    /// <summary>Most bytes of a file whose size is not known: far above every data set and model of the suite.</summary>
    public const long LargestFile = 64L << 30;

    // A longer pause is left to the user.
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(10);

    /// <summary>Refuses an answer that is not a file.</summary>
    /// <param name="clock">Tells how long a pause until a date is.</param>
    /// <exception cref="BrokenTransferException">A later attempt may mend it.</exception>
    /// <exception cref="ReplicationException">It may not.</exception>
    public void RefuseFailure(TimeProvider clock)
    {
        if (response.IsSuccessStatusCode)
            return;
        var status = $"the server answers {(int)response.StatusCode} ({response.ReasonPhrase})";
        if ((int)response.StatusCode < 500 && response.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout))
            throw new ReplicationException(
                $"Cannot download {request.Url}: {status}; get the file elsewhere and name its folder with --data.");
        var pause = response.Headers.RetryAfter is not { } after ? null : after.Delta ?? after.Date - clock.GetUtcNow();
        if (pause > LongestPause)
            throw new ReplicationException(string.Create(
                CultureInfo.InvariantCulture,
                $"Cannot download {request.Url}: {status} and asks for a pause of {pause.Value.TotalMinutes:0} minutes; call again "
                    + $"after it."));
        throw new BrokenTransferException(status, retryAfter: pause > TimeSpan.Zero ? pause : null);
    }

    /// <summary>Refuses a length that cannot be right, before the disk is filled with it.</summary>
    /// <param name="folder">Where the file is written.</param>
    /// <exception cref="ReplicationException">It is not a length, not the pinned one, larger than any file, or there is no room for
    /// it.</exception>
    public void RefuseSize(string folder)
    {
        var headers = response.Content.Headers;
        var isLength = !headers.NonValidated.TryGetValues("Content-Length", out var told)
            || long.TryParse(told.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out _);
        if (!isLength)
            throw Refused($"says that the file has {told} bytes");
        var total = response.StatusCode == HttpStatusCode.PartialContent ? headers.ContentRange?.Length : headers.ContentLength;
        if (total is not { } bytes)
            return;
        if (request.Bytes is { } pinned && bytes != pinned)
            throw Refused($"says that the file has {bytes} bytes where {pinned} are pinned");
        if (bytes > LargestFile)
            throw Refused($"says that the file has {bytes} bytes, more than any file of the suite");
        if (bytes - partial.Length > FreeSpace(folder))
            throw new ReplicationException(string.Create(
                CultureInfo.InvariantCulture,
                $"Cannot download {request.Url}: it has {bytes / 1e6:0} MB and there is less room in {folder}; free some space and "
                    + $"call again."));
    }

    /// <summary>What is said of a file that the server does not send truly; what is here of it goes.</summary>
    public ReplicationException Refused(string what)
    {
        partial.Delete();
        return new ReplicationException(
            $"Cannot download {request.Url}: the server {what}; nothing was kept, so call again later, or get the file elsewhere and "
                + $"name its folder with --data.");
    }

    private static long FreeSpace(string folder)
    {
        try
        {
            return new DriveInfo(Path.GetFullPath(folder)).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // Not every file system tells; on a full one the write will fail.
            return long.MaxValue;
        }
    }
}
