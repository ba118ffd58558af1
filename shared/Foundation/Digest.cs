using System.Security.Cryptography;
using System.Text;

namespace Replication;

/// <summary>sha256 digests as lower-case hexadecimal.</summary>
public static class Digest
{
    /// <summary>Digest of a text's UTF-8 bytes.</summary>
    public static string OfText(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>Digest of a file's content.</summary>
    public static string OfFile(string path)
    {
        using var stream = File.OpenRead(path);
        return OfStream(stream);
    }

    /// <summary>Digest of a stream from its current position.</summary>
    public static string OfStream(Stream stream) => Convert.ToHexStringLower(SHA256.HashData(stream));
}
