namespace Replication.Tests.CommandLine;

public sealed class SmokeVerbTests
{
    [TestCase("smoke")]
    [TestCase("exercise")]
    public void Smoke_PaperWithoutSmokeTest_SaysSoBeforeAModelIsMade(string verb)
    {
        using var session = new Session();
        var call = session.Run(verb, "fakepaper");
        Assert.That((call.Exit, call.Error), Is.EqualTo((1, "error: fakepaper has no smoke test.\n")));
    }

    [Test]
    public void Help_EarlierNamesOfVerbs_AreNotShown()
    {
        using var session = new Session();
        var help = session.Run("--help").Output;
        Assert.That(help, Does.Contain("smoke").And.Contain("init-student").And.Not.Contain("exercise").And.Not.Contain("halve"));
    }
}
