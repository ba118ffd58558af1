using System.Globalization;
using Replication.Corpus;

namespace Replication.Tests.Corpus;

/// <summary>A corpus of made-up words, and its store.</summary>
internal sealed class SampleCorpus : IDisposable
{
    public const int Words = 40;

    private readonly TemporaryFolder _folder = new();

    public SampleCorpus(int documents = 12, long seed = 1)
    {
        Vocabulary = _folder.Write(
            "vocab.txt", string.Join(
            '\n', (string[])["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", .. Enumerable.Range(0, Words).Select(i => $"w{i}")]) + "\n");
        var random = new RandomStream(seed, "sample corpus");
        Text = [.. Enumerable.Range(0, documents)
            .Select(_ => Enumerable.Range(0, 1 + random.NextInt32(4)).Select(_ => Sentence(random)).ToArray())];
        File = _folder.Write("text.txt", string.Join("\n\n", Text.Select(d => string.Join('\n', d))) + "\n");
    }

    /// <summary>Sentences by document.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Text { get; }

    public string File { get; }

    public string Vocabulary { get; }

    public string Cache => _folder.File("cache");

    /// <summary>What the store should hold: ids of the words, and a [SEP] after each document.</summary>
    public IReadOnlyList<int> Tokens => [.. Text.SelectMany(
        d => d.SelectMany(s => s.Split(' ').Select(w => 5 + int.Parse(w.AsSpan(1), CultureInfo.InvariantCulture))).Append(3))];

    public string Write(string name, string text) => _folder.Write(name, text);

    public string Write(string name, byte[] bytes) => _folder.Write(name, bytes);

    public TokenStore Open(string? file = null, Action<long>? progress = null, CancellationToken cancellation = default) =>
        CorpusTokenizer.OpenOrTokenize(
            Cache, file ?? File, Digest.OfFile(file ?? File), Vocabulary, new FileDigests(), progress, cancellation);

    public void Dispose() => _folder.Dispose();

    private static string Sentence(RandomStream random) =>
        string.Join(' ', Enumerable.Range(0, 1 + random.NextInt32(9)).Select(_ => $"w{random.NextInt32(Words)}"));
}
