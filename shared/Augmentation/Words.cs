using Replication.Bert.Tokenization;

namespace Replication.Augmentation;

/// <summary>Sentences as the words that the tokenizer sees, before it cuts them into pieces.</summary>
internal static class Words
{
    private static readonly BertNormalizer Normalizer = new(new WordPieceSettings());

    // English function words: articles, pronouns, auxiliaries, prepositions, conjunctions, and the halves of contractions.
    private static readonly HashSet<string> Stop = new(
        ("a an the this that these those i me my myself we us our ours ourselves you your yours yourself yourselves he him his himself "
            + "she her hers herself "
         + "it its itself they them their theirs themselves who whom whose which what be am is are was were been being have has had "
             + "having do does did doing done "
         + "can could may might must shall should will would not no nor and or but if then than so as at by for from in into of off on "
             + "onto out over to under up "
         + "upon with within without about above across after against along among around before behind below between beyond down "
             + "during through until while "
         + "when where why how there here all any both each few more most other some such only own same too very just also again once "
             + "s t d m ll re ve don").Split(' '),
        StringComparer.Ordinal);

    /// <summary>The words of a text, lower-case, punctuation apart.</summary>
    public static string[] Of(string text)
    {
        var clean = Normalizer.Normalize(text);
        return [.. WordSplitter.Split(clean).Select(word => clean.Substring(word.Offset, word.Length))];
    }

    /// <summary>Whether the authors' program would look for candidates: letters only, and no stop word.</summary>
    public static bool IsContent(string word) => !Stop.Contains(word) && word.All(char.IsLetter);
}
