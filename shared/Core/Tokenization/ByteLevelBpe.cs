using System.Text;
using Microsoft.ML.Tokenizers;

namespace Replication.Bert.Tokenization;

/// <summary>
/// RoBERTa's tokenizer: a text's UTF-8 bytes, each written as a printable character, are merged into tokens by
/// Microsoft.ML.Tokenizers; nothing is lower-cased or lost. Sentences are joined as &lt;s&gt; a &lt;/s&gt;&lt;/s&gt; b &lt;/s&gt;, with one
/// token type.
/// </summary>
public sealed class ByteLevelBpe : TextTokenizer
{
    private static readonly string[] Specials = ["<pad>", "<unk>", "<s>", "</s>", "<mask>"];

    private readonly IReadOnlyDictionary<int, string> _tokens;
    private readonly BpeTokenizer _pieces;

    private ByteLevelBpe(IReadOnlyDictionary<int, string> tokens, BpeTokenizer pieces, SpecialTokens ids, IEnumerable<AddedToken> added)
        : base(ids, [.. Specials.Zip(ids.All, (text, id) => new AddedToken(text, id)), .. added]) => (_tokens, _pieces) = (tokens, pieces);

    /// <inheritdoc/>
    public override int VocabularySize => _tokens.Keys.Max() + 1;

    /// <inheritdoc/>
    public override IReadOnlyList<string> FileNames => BpeFiles.Names;

    /// <inheritdoc/>
    private protected override IReadOnlyList<int> SecondStart => [Ids.Separator];

    /// <inheritdoc/>
    private protected override bool HasTokenTypes => false;

    /// <summary>Reads a folder's vocab.json and merges.txt, or its tokenizer.json.</summary>
    /// <exception cref="ReplicationException">A file is missing or damaged, a merge is not in the vocabulary, or a special token is not in
    /// it.</exception>
    public static ByteLevelBpe Open(string folder)
    {
        var (vocabulary, merges, path) = BpeFiles.Read(folder);
        var files = TokenizerFiles.Open(folder);
        CheckSettings(files);
        var specials = Specials.Select(text => vocabulary.TryGetValue(text, out var id)
            ? id
            : throw new ReplicationException($"{path} has no {text}; the vocabulary of a RoBERTa model was expected.")).ToArray();
        var pieces = BpeTokenizer.Create(new BpeOptions(vocabulary)
        {
            Merges = merges,
            ByteLevel = true,
            PreTokenizer = new ByteLevelSplitter(),
            UnknownToken = Specials[1],
        });
        var tokens = vocabulary.ToDictionary(token => token.Value, token => token.Key);
        var added = files.Added(vocabulary);
        foreach (var token in added)
            if (!tokens.TryAdd(token.Id, token.Text) && tokens[token.Id] != token.Text)
                throw new ReplicationException(
                    $"{path}: the id {token.Id} is that of '{tokens[token.Id]}' and of the added token '{token.Text}'; take files that "
                    + $"belong together.");
        return new ByteLevelBpe(tokens, pieces, new SpecialTokens(specials[0], specials[1], specials[2], specials[3], specials[4]), added);
    }

    private static void CheckSettings(TokenizerFiles files)
    {
        const string Blank = "add_prefix_space";
        if (!files.Specials(Specials).SequenceEqual(Specials))
            throw new ReplicationException(
                $"{(files.Settings ?? files.SpecialNames)!.Path} names the special tokens "
                + $"{string.Join(", ", files.Specials(Specials))}; a RoBERTa model's are {string.Join(", ", Specials)}.");
        if (files.Settings?.Choice(Blank) ?? files.Whole?.Part("pre_tokenizer")?.Choice(Blank) ?? false)
            throw (files.Settings ?? files.Whole)!.Bad(Blank, "true", "false; a blank before each text is not put here");
    }

    /// <inheritdoc/>
    public override string Token(int id) => _tokens.TryGetValue(id, out var token) ? token
        : throw new ArgumentOutOfRangeException(nameof(id), id, "There is no token of this id.");

    /// <inheritdoc/>
    private protected override void AppendPieces(ReadOnlySpan<char> text, List<int> ids) => ids.AddRange(_pieces.EncodeToIds(text));

    /// <inheritdoc/>
    private protected override IEnumerable<LocatedToken> LocatePieces(string text)
    {
        // Each character of a token stands for a byte. A character of several bytes belongs to each token that has one of them.
        var starts = new List<int>(text.Length);
        for (var unit = 0; unit < text.Length; unit += char.IsSurrogatePair(text, unit) ? 2 : 1)
        {
            Rune.DecodeFromUtf16(text.AsSpan(unit), out var rune, out _);
            starts.AddRange(Enumerable.Repeat(unit, rune.Utf8SequenceLength));
        }
        var bytes = 0;
        foreach (var id in _pieces.EncodeToIds(text))
        {
            // What is unknown is one byte.
            var (first, last) = (bytes, bytes + (id == Ids.Unknown ? 1 : Token(id).Length) - 1);
            bytes = last + 1;
            // A blank before a word is not part of its place.
            while (first < last && char.IsWhiteSpace(text[starts[first]]))
                first++;
            var (start, end) = (starts[first], starts[last]);
            yield return new LocatedToken(id, start, end + (char.IsSurrogatePair(text, end) ? 2 : 1));
        }
    }

    /// <inheritdoc/>
    // The mask takes the blanks before it.
    private protected override int SpecialStart(string text, int from, int start, int id)
    {
        while (id == Ids.Mask && start > from && char.IsWhiteSpace(text[start - 1]))
            start--;
        return start;
    }
}
