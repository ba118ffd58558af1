using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Replication.Glue;

/// <summary>Digests of what data says, whatever file it came in.</summary>
internal static class ContentDigest
{
    // Unit and record separators: no sentence of GLUE holds them.
    private const char EndOfField = '\x1F';
    private const char EndOfRow = '\x1E';

    /// <summary>Digest of sentences and labels, row by row; hidden labels are left empty.</summary>
    public static string Of(IEnumerable<GlueExample> examples)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var example in examples)
        {
            var label = example.Label?.ToString("R", CultureInfo.InvariantCulture);
            hash.AppendData(Encoding.UTF8.GetBytes($"{example.Sentence1}{EndOfField}{example.Sentence2}{EndOfField}{label}{EndOfRow}"));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Digest of ids, types and labels, row by row: the number of ids, of ids with type 0, the label's bits, the ids.</summary>
    public static string Of(IEnumerable<EncodedExample> examples)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = Array.Empty<byte>();
        foreach (var example in examples)
        {
            int[] words = [example.InputIds.Length, example.FirstLength, BitConverter.SingleToInt32Bits(example.Label), .. example.InputIds];
            if (buffer.Length < words.Length * sizeof(int))
                buffer = new byte[words.Length * sizeof(int) * 2];
            for (var i = 0; i < words.Length; i++)
                BinaryPrimitives.WriteInt32LittleEndian(buffer.AsSpan(i * sizeof(int)), words[i]);
            hash.AppendData(buffer, 0, words.Length * sizeof(int));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
