using System.Text;

namespace Replication;

/// <summary>What a file holds when something else was fetched in its place.</summary>
internal static class MistakenFile
{
    private const int Looked = 512;

    private static readonly (string Start, string Is)[] Kinds =
    [
        ("version https://git-lfs.github.com/spec/",
            "a git-LFS pointer, which only stands for the file; run 'git lfs pull' where it was cloned, or download the file itself"),
        ("<!doctype html", "an HTML page and not the file; download the file itself, from its raw or 'resolve' address"),
        ("<html", "an HTML page and not the file; download the file itself, from its raw or 'resolve' address"),
        ("<?xml", "an XML document, such as a server's error message, and not the file; download the file itself"),
    ];

    /// <summary>
    /// Refuses a file that was fetched in place of another, by the name of what it is. A file that cannot be read passes: its reader will
    /// say so.
    /// </summary>
    /// <exception cref="ReplicationException">It is a git-LFS pointer, an HTML page or an XML document.</exception>
    public static void Refuse(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            var start = new byte[Looked];
            Refuse(path, start.AsSpan(0, stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Reported by the reader.
        }
    }

    /// <summary>Refuses a file as <see cref="Refuse(string)"/> does, by its first bytes.</summary>
    public static void Refuse(string path, ReadOnlySpan<byte> start)
    {
        if (Name(start) is { } name)
            throw new ReplicationException($"{path} is {name}.");
    }

    /// <summary>How a text begins that was found where binary data was expected, in quotes; null where it is none.</summary>
    public static string? Text(ReadOnlySpan<byte> start)
    {
        const int Shown = 40;
        foreach (var value in start)
            if (value is not (>= 0x20 and < 0x7F or (byte)'\t' or (byte)'\n' or (byte)'\r'))
                return null;
        var text = Encoding.ASCII.GetString(start).ReplaceLineEndings(" ").Replace('\t', ' ').Trim();
        return text.Length <= Shown ? $"'{text}'" : $"'{text[..Shown]}...'";
    }

    private static string? Name(ReadOnlySpan<byte> start)
    {
        var text = Encoding.UTF8.GetString(start).TrimStart('\uFEFF', ' ', '\t', '\r', '\n');
        foreach (var (beginning, name) in Kinds)
            if (text.StartsWith(beginning, StringComparison.OrdinalIgnoreCase))
                return name;
        return null;
    }
}
