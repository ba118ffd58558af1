using System.Globalization;
using System.Text;
using Replication.Bert.Tokenization;

namespace Replication.Tests.Core;

/// <summary>Decomposition by our own table, which is there where ICU is not.</summary>
internal sealed class CanonicalDecompositionTests
{
    // Scripts that Unicode 16 added, which the table has not and older ICUs have not: Todhri, Tulu-Tigalari, Gurung Khema, Kirat Rai.
    private static readonly (int First, int Last)[] Newer =
        [(0x105C0, 0x105FF), (0x11380, 0x113FF), (0x16100, 0x1613F), (0x16D40, 0x16D7F)];

    [TestCase("plain", "plain")]
    [TestCase("Café naïve", "Cafe\u0301 nai\u0308ve")]
    [TestCase("\u212B", "A\u030A")]
    [TestCase("\u01D6", "u\u0308\u0304")]
    [TestCase("\uAC00\uAC01", "\u1100\u1161\u1100\u1161\u11A8")]
    [TestCase("\U0002F800", "\u4E3D")]
    [TestCase("\U0001D15E", "\U0001D157\U0001D165")]
    [TestCase("İstanbul", "I\u0307stanbul")]
    public void Decompose_Text_IsItsCanonicalDecomposition(string text, string decomposed) =>
        Assert.That(CanonicalDecomposition.Decompose(text), Is.EqualTo(decomposed));

    [Test]
    public void Decompose_EveryCharacter_IsWhatIcuMakesOfIt()
    {
        if ("é".Normalize(NormalizationForm.FormD).Length == 1)
            Assert.Ignore("This process runs without ICU.");
        var different = Enumerable.Range(0, 0x110000)
            .Where(point => Rune.IsValid(point) && !Newer.Any(block => point >= block.First && point <= block.Last))
            .Where(point => CharUnicodeInfo.GetUnicodeCategory(point) != UnicodeCategory.OtherNotAssigned)
            .Where(point => char.ConvertFromUtf32(point) is var text
                && CanonicalDecomposition.Decompose(text) != text.Normalize(NormalizationForm.FormD))
            .Select(point => $"U+{point:X4}");

        Assert.That(different, Is.Empty);
    }
}
