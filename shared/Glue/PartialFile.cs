using System.Net;
using System.Net.Http.Headers;

namespace Replication.Glue;

/// <summary>
/// The part of a file that was fetched so far, beside its target, with the entity tag of the version that it is a part of:
/// the rest is asked for only of the same version, so that two versions are never mixed.
/// </summary>
/// <param name="target">The path of the whole file.</param>
internal sealed class PartialFile(string target)
{
    private readonly string _tag = target + ".partial.etag";

    /// <summary>The path of the part.</summary>
    public string Path { get; } = target + ".partial";

    /// <summary>Bytes that are here.</summary>
    public long Length => File.Exists(Path) ? new FileInfo(Path).Length : 0;

    /// <summary>Makes a request ask for the bytes that are missing, if a part is there and its version is known.</summary>
    public void AskForTheRest(HttpRequestMessage message)
    {
        if (!File.Exists(Path) || !File.Exists(_tag) || !EntityTagHeaderValue.TryParse(File.ReadAllText(_tag), out var tag))
            return;
        message.Headers.Range = new RangeHeaderValue(Length, null);
        message.Headers.IfRange = new RangeConditionHeaderValue(tag);
    }

    /// <summary>Opens the part for what a response brings: to append where the server sends the rest, else anew.</summary>
    /// <param name="response">The response.</param>
    /// <param name="total">Bytes of the whole file; null where the server does not say.</param>
    public FileStream Open(HttpResponseMessage response, out long? total)
    {
        var range = response.Content.Headers.ContentRange;
        var isPart = response.StatusCode == HttpStatusCode.PartialContent;
        var isRest = isPart && File.Exists(Path) && range?.From == Length && IsOfTheSameVersion(response.Headers.ETag);
        if (isPart && !isRest)
        {
            Delete();
            throw new BrokenTransferException("the server sent another part of the file than was asked for, or of another version");
        }
        total = isRest ? range!.Length : response.Content.Headers.ContentLength;
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
            var file = new FileStream(Path, isRest ? FileMode.Append : FileMode.Create, FileAccess.Write, FileShare.None);
            if (!isRest)
                KeepTag(response.Headers.ETag);
            return file;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CannotWrite(Path, e);
        }
    }

    /// <summary>Appends bytes; a failure here is the disk's, and is not tried again.</summary>
    public static void Append(FileStream file, ReadOnlySpan<byte> bytes)
    {
        try
        {
            file.Write(bytes);
        }
        catch (IOException e)
        {
            throw CannotWrite(file.Name, e);
        }
    }

    /// <summary>Gives the whole file its name.</summary>
    public void MoveToTarget()
    {
        File.Move(Path, target, overwrite: true);
        File.Delete(_tag);
    }

    /// <summary>Forgets what was fetched.</summary>
    public void Delete()
    {
        foreach (var file in (string[])[Path, _tag])
        {
            if (File.Exists(file))
                File.Delete(file);
        }
    }

    // A server that honours the condition need not repeat the tag; one that sends another has not honoured it.
    private bool IsOfTheSameVersion(EntityTagHeaderValue? tag) =>
        tag is null || (File.Exists(_tag) && File.ReadAllText(_tag) == tag.ToString());

    // Only a strong tag promises equal bytes.
    private void KeepTag(EntityTagHeaderValue? tag)
    {
        if (tag is { IsWeak: false })
            File.WriteAllText(_tag, tag.ToString());
        else
            File.Delete(_tag);
    }

    private static ReplicationException CannotWrite(string path, Exception cause) =>
        new($"Cannot write {path}: {cause.Message.TrimEnd('.')}; free some space or see who holds it, and call again.", inner: cause);
}
