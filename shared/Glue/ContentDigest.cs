using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Replication.Glue.Race;
using Replication.Glue.Squad;

namespace Replication.Glue;

/// <summary>Digests of what data says, whatever file it came in.</summary>
internal static class ContentDigest
{
    // Unit and record separators: no sentence of GLUE holds them.
    private const char EndOfField = '\x1F';
    private const char EndOfRow = '\x1E';

    /// <summary>Digest of sentences and labels, row by row; hidden labels are left empty.</summary>
    public static string Of(IEnumerable<GlueExample> examples) => OfRows(examples.Select(example => (string?[])
        [example.Sentence1, example.Sentence2, example.Label?.ToString("R", CultureInfo.InvariantCulture)]));

    /// <summary>Digest of SQuAD's questions: id, passage, question, and each answer with its place.</summary>
    public static string Of(IEnumerable<SquadQuestion> questions) => OfRows(questions.Select(question => (string?[])
        [question.Id, question.Context, question.Question,
            .. question.Answers.SelectMany(answer => new[] { answer.Text, answer.Start?.ToString(CultureInfo.InvariantCulture) })]));

    /// <summary>Digest of RACE's questions: level, passage, question, options and answer.</summary>
    public static string Of(IEnumerable<RaceQuestion> questions) => OfRows(questions.Select(question => (string?[])
        [question.Level.ToString(), question.Article, question.Question, .. question.Options,
            question.Answer.ToString(CultureInfo.InvariantCulture)]));

    private static string OfRows(IEnumerable<string?[]> rows)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var row in rows)
            hash.AppendData(Encoding.UTF8.GetBytes(string.Join(EndOfField, row) + EndOfRow));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Digest of ids, types and labels, row by row: the number of ids, of ids with type 0, the label's bits, the ids.</summary>
    public static string Of(IEnumerable<EncodedExample> examples)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = Array.Empty<byte>();
        foreach (var example in examples)
        {
            int[] words = [.. example.Texts.SelectMany(text => (int[])
                [text.InputIds.Length, text.FirstLength, BitConverter.SingleToInt32Bits(example.Label), .. text.InputIds])];
            if (buffer.Length < words.Length * sizeof(int))
                buffer = new byte[words.Length * sizeof(int) * 2];
            for (var i = 0; i < words.Length; i++)
                BinaryPrimitives.WriteInt32LittleEndian(buffer.AsSpan(i * sizeof(int)), words[i]);
            hash.AppendData(buffer, 0, words.Length * sizeof(int));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
