using Replication.Bert.Tokenization;
using Replication.Tests.Glue;

namespace Replication.Tests.Bert.Tokenization;

/// <summary>Where tokens stand in a text that normalisation lengthens, shortens or reorders.</summary>
public sealed class LocateTests
{
    [TestCase("The  old\tmill", "The|old|mill", TestName = "Locate_Blanks_ArePartOfNoToken")]
    [TestCase("\U0001F600 mill \U0001F600", "\U0001F600|mill|\U0001F600", TestName = "Locate_SurrogatePairs_AreOneCharacter")]
    [TestCase("Étude İ", "Étude|İ", TestName = "Locate_CharactersThatDecompose_AreWhole")]
    [TestCase("co\u0301pper ke\u0301ttle", "co\u0301pper|ke\u0301ttle", TestName = "Locate_MarksInside_BelongToTheWord")]
    [TestCase("cop\u00ADper\u200B kettle", "cop\u00ADper|kettle", TestName = "Locate_DeletedCharacters_AreInsideOrOutside")]
    [TestCase("a\u0327\u0301\u0316 b", "a|b", TestName = "Locate_MarksThatChangePlaces_AreDropped")]
    [TestCase("北京x", "北|京|x", TestName = "Locate_Ideographs_StandAlone")]
    [TestCase("mill[SEP]mill", "mill|[SEP]|mill", TestName = "Locate_SpecialTokens_KeepTheirPlace")]
    [TestCase("", "", TestName = "Locate_Nothing_IsNothing")]
    public void Locate_Text_PiecesAreItsOwn(string text, string pieces)
    {
        var tokenizer = GlueFiles.Tokenizer();
        var tokens = tokenizer.Locate(text);
        Assert.That(tokens.Select(token => token.Id), Is.EqualTo(tokenizer.Encode(text)));
        Assert.That(string.Join('|', Words(tokenizer, tokens, text)), Is.EqualTo(pieces));
    }

    [Test]
    public void Locate_TrickyTexts_IdsAreThoseOfEncode()
    {
        var tokenizer = GlueFiles.Tokenizer();
        foreach (var text in new[] {
            "\uFFFD\0x", "\uD83D half", "한국어 ｶﾞ ﬁ ǆ", "e\u0301\u0302\u0323 \u0301alone", new string('a', 120) + " b" })
        {
            var tokens = tokenizer.Locate(text);
            Assert.That(tokens.Select(token => token.Id), Is.EqualTo(tokenizer.Encode(text)));
            Assert.That(tokens.All(token => token.Start >= 0 && token.Start < token.End && token.End <= text.Length), Is.True, text);
        }
    }

    // Pieces that begin with ## go with the word before.
    private static IEnumerable<string> Words(WordPiece tokenizer, IReadOnlyList<LocatedToken> tokens, string text)
    {
        for (var i = 0; i < tokens.Count;)
        {
            var last = i;
            while (last + 1 < tokens.Count && tokenizer.Token(tokens[last + 1].Id).StartsWith("##", StringComparison.Ordinal))
                last++;
            yield return text[tokens[i].Start..tokens[last].End];
            i = last + 1;
        }
    }
}
