using Replication.Bert.SubNetworks;

namespace Replication.Tests.Bert.SubNetworks;

public sealed class KeptLayersTests
{
    [TestCase(12, 0.75, DepthRule.Paper, new[] { 1, 2, 4, 5, 6, 8, 9, 10, 12 })]
    [TestCase(12, 0.5, DepthRule.Paper, new[] { 2, 4, 6, 8, 10, 12 })]
    [TestCase(12, 0.75, DepthRule.OfficialCode, new[] { 1, 2, 3, 5, 6, 7, 9, 10, 11 })]
    [TestCase(12, 0.5, DepthRule.OfficialCode, new[] { 1, 3, 5, 7, 9, 11 })]
    [TestCase(6, 0.75, DepthRule.Paper, new[] { 1, 2, 4, 5, 6 })]
    [TestCase(6, 0.5, DepthRule.Paper, new[] { 2, 4, 6 })]
    [TestCase(6, 0.75, DepthRule.OfficialCode, new[] { 1, 2, 3, 5 })]
    [TestCase(5, 0.5, DepthRule.Paper, new[] { 2, 4, 5 })]
    [TestCase(6, 1.0, DepthRule.OfficialCode, new[] { 1, 2, 3, 4, 5, 6 })]
    public void Of_MultiplierAndRule_AreTheRulesLayers(int layers, double depth, DepthRule rule, int[] expected) =>
        Assert.That(KeptLayers.Of(layers, depth, rule), Is.EqualTo(expected));

    [Test]
    public void Of_PapersRuleAtAnyDepth_KeepsTheLastLayer([Range(1, 24)] int layers, [Values(0.5, 0.75)] double depth) =>
        Assert.That(KeptLayers.Of(layers, depth, DepthRule.Paper)[^1], Is.EqualTo(layers));

    [TestCase(12, 0.75, DepthRule.Paper, new[] { 0, 1, 2, 4, 5, 6, 8, 9, 10, 12 })]
    [TestCase(12, 0.75, DepthRule.OfficialCode, new[] { 0, 1, 2, 4, 5, 6, 8, 9, 10, 12 })]
    [TestCase(12, 0.5, DepthRule.OfficialCode, new[] { 0, 2, 4, 6, 8, 10, 12 })]
    [TestCase(6, 0.75, DepthRule.OfficialCode, new[] { 0, 1, 2, 4, 6 })]
    public void MatchedStates_MultiplierAndRule_AreTheTeachers(int layers, double depth, DepthRule rule, int[] expected) =>
        Assert.That(KeptLayers.MatchedStates(layers, depth, rule), Is.EqualTo(expected));

    [TestCase(0)]
    [TestCase(0.6)]
    [TestCase(1.5)]
    [TestCase(double.NaN)]
    public void Of_MultiplierThatTheRuleCannotExpress_IsRefused(double depth) => Assert.That(
        () => KeptLayers.Of(12, depth, DepthRule.Paper), Throws.TypeOf<ReplicationException>().With.Message.Contains("depth multiplier"));
}
