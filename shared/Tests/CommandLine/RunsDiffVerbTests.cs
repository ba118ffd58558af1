using System.Text.Json;
using Replication.Runs;

namespace Replication.Tests.CommandLine;

public sealed class RunsDiffVerbTests
{
    [Test]
    public void Diff_TwoSeeds_ShowsRecipeAndFactAndNothingThatIsEqual()
    {
        using var session = new Session();
        session.Run("fakepaper", "--seeds", "2");
        var keys = Keys(session);

        var call = session.Run("runs", "diff", keys[("[first]", 1)], keys[("[first]", 2)]);

        Assert.That(call.Exit, Is.Zero, call.Error);
        Assert.That(call.Output, Does.Match(@"recipe +seed +1 +2 *\n").And.Match(@"fact +answer +1235\.5 +1236\.5 +\+1 *\n"));
        Assert.That(call.Output, Does.Not.Contain("libtorch").And.Not.Contain("kind"));
        Assert.That(call.Lines[^1], Is.EqualTo("They differ in recipe (1), fact (1)."));
    }

    [Test]
    public void Diff_TheSameRun_SaysThatNothingDiffers()
    {
        using var session = new Session();
        session.Run("fakepaper");
        var key = Keys(session)[("[second]", 1)];

        Assert.That(session.Run("runs", "diff", key, key).Lines[^1],
            Is.EqualTo("They are equal in recipe, data, environment, scores, facts and files."));
    }

    [Test]
    public void Diff_RunOfALedgerAlone_IsFound()
    {
        using var session = new Session();
        session.Run("fakepaper", "--seeds", "2");
        var keys = Keys(session);
        Directory.Delete(Path.Combine(session.Results, "runs"), recursive: true);

        var call = session.Run("runs", "diff", keys[("[second]", 1)], keys[("[second]", 2)], "--json");

        Assert.That(call.Exit, Is.Zero, call.Error);
        var parts = JsonDocument.Parse(call.Lines[^1]).RootElement.GetProperty("differences")
            .EnumerateArray().Select(d => d.GetProperty("part").GetString());
        Assert.That(parts, Does.Contain("recipe").And.Contains("needs").And.Contains("fact"));
    }

    [TestCase("0", "'0' is not a run's key; give at least 4 of its hexadecimal digits")]
    [TestCase("label", "'label' is not a run's key")]
    [TestCase("ffffffffffffff", "No finished run's key begins with 'ffffffffffffff'")]
    public void Diff_NoKey_IsRefusedInOneSentence(string key, string sentence)
    {
        using var session = new Session();
        session.Run("fakepaper");

        var call = session.Run("runs", "diff", key, key);

        Assert.That(call.Exit, Is.EqualTo(2));
        Assert.That(call.Error, Does.StartWith($"error: {sentence}"));
    }

    private static Dictionary<(string, int), string> Keys(Session session) => RunInventory.Of(Path.Combine(session.Results, "runs"))
        .Select(run => RunStore.Open(run.Path).Manifest)
        .ToDictionary(
            manifest => (manifest.Label.Contains("first", StringComparison.Ordinal) ? "[first]" : "[second]",
            manifest.Spec.GetProperty("seed").GetInt32()), manifest => manifest.Key);
}
