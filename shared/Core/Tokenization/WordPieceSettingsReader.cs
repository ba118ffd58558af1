using System.Text.Json;

namespace Replication.Bert.Tokenization;

/// <summary>
/// What tokenizer_config.json and tokenizer.json say of a BERT tokenizer, as transformers takes it: a BERT class goes by the
/// first file and by defaults where that is silent, other classes by the second alone. What is not done here is refused.
/// </summary>
internal static class WordPieceSettingsReader
{
    private static readonly string[] BertClasses = ["BertTokenizer", "DistilBertTokenizer", "ElectraTokenizer"];
    private static readonly string[] GenericClasses = ["PreTrainedTokenizer", "TokenizersBackend"];

    /// <summary>Reads them.</summary>
    /// <exception cref="ReplicationException">They ask for another kind of tokenizer, or leave open what is meant.</exception>
    public static WordPieceSettings Read(TokenizerFiles files)
    {
        var isGeneric = IsGeneric(files.Settings) && files.Whole is not null;
        if (files.Settings is { } settings)
            CheckSettings(settings);
        var normalizer = Kind(files.Whole, "normalizer", "BertNormalizer", isGeneric);
        Kind(files.Whole, "pre_tokenizer", "BertPreTokenizer", isGeneric);
        if (normalizer?.Choice("clean_text") == false)
            throw normalizer.Bad("clean_text", "false", "true");
        var usual = new WordPieceSettings { Specials = files.Specials(SpecialTokens.Texts) };
        if (files.Whole is not null)
            PostProcessor.Check(files.Whole, usual.Specials);
        // transformers' own names, those of tokenizer.json, and what a BERT class does where neither is said.
        var lowercases = Choose("do_lower_case", "lowercase", usual.Lowercases);
        return WithModel(files.Whole?.Part("model"), isGeneric, usual with
        {
            Lowercases = lowercases,
            StripsAccents = Choose("strip_accents", "strip_accents", lowercases),
            SplitsIdeographs = Choose("tokenize_chinese_chars", "handle_chinese_chars", usual.SplitsIdeographs),
        });

        bool Choose(string name, string inWhole, bool byDefault)
        {
            var whole = normalizer?.Choice(inWhole);
            if (isGeneric)
                return whole ?? byDefault;
            if (files.Settings?.Choice(name) is { } said)
                return said;
            // transformers puts its default where tokenizer_config.json is silent, whatever tokenizer.json says: so that nobody is
            // surprised, they must agree.
            return whole is null || whole == byDefault ? byDefault
                : throw normalizer!.Bad(
                    inWhole, whole.Value ? "true" : "false",
                    $"said by tokenizer_config.json too, as {name}, since transformers takes {(byDefault ? "true" : "false")} where "
                    + $"that file is silent");
        }
    }

    private static bool IsGeneric(ConfigFile? settings)
    {
        const string Key = "tokenizer_class", Fast = "Fast";
        if (settings?.Text(Key, "") is not { Length: > 0 } name)
            return false;
        var plain = name.EndsWith(Fast, StringComparison.Ordinal) ? name[..^Fast.Length] : name;
        return GenericClasses.Contains(plain, StringComparer.Ordinal)
            || (BertClasses.Contains(plain, StringComparer.Ordinal)
                ? false
                : throw settings.Bad(Key, name, $"{string.Join(", ", BertClasses)} or a class that takes tokenizer.json as it is"));
    }

    private static void CheckSettings(ConfigFile settings)
    {
        if (settings.Choice("do_basic_tokenize") == false)
            throw settings.Bad("do_basic_tokenize", "false", "true");
        if (settings.Find("never_split") is { } words && !(words.ValueKind == JsonValueKind.Array && words.GetArrayLength() == 0))
            throw settings.Bad("never_split", words.GetRawText(), "absent; add the words as tokens instead");
        if (settings.Text("truncation_side", "right") is var side && side != "right")
            throw settings.Bad("truncation_side", side, "right");
    }

    // A part of tokenizer.json that must be BERT's; null where the file does not say.
    private static ConfigFile? Kind(ConfigFile? whole, string key, string expected, bool isNeeded)
    {
        if (whole?.Part(key) is not { } part)
            return isNeeded ? throw whole!.Bad(key, "null", expected) : null;
        return part.Text("type", "") is var type && type == expected ? part : throw whole.Bad(key, type, expected);
    }

    private static WordPieceSettings WithModel(ConfigFile? model, bool isGeneric, WordPieceSettings settings)
    {
        if (model is null)
            return settings;
        if (model.Text("type", "WordPiece") is var type && type != "WordPiece")
            throw model.Bad("type", type, "WordPiece");
        if (model.Text("unk_token", settings.Specials[1]) is var unknown && unknown != settings.Specials[1])
            throw model.Bad("unk_token", unknown, $"{settings.Specials[1]}, as the other files have it");
        var read = settings with
        {
            Continuation = model.Text("continuing_subword_prefix", settings.Continuation),
            LongestWord = model.Whole("max_input_chars_per_word", int.MaxValue, settings.LongestWord),
        };
        return isGeneric || read == settings ? read
            : throw model.Bad(
                "continuing_subword_prefix and max_input_chars_per_word", $"{read.Continuation} and {read.LongestWord}",
                $"{settings.Continuation} and {settings.LongestWord}, a BERT tokenizer's");
    }
}
