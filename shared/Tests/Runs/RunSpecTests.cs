using System.Text.Json;
using Replication.Runs;

namespace Replication.Tests.Runs;

public class RunSpecTests
{
    [Test]
    public void SpecKey_FixedSpec_NeverChanges()
    {
        var spec = new CountingRun("a", 3, [new CountingRun("b")]);

        Assert.Multiple(() =>
        {
            Assert.That(spec.ToJson(), Is.EqualTo(
                """{"failAt":null,"kind":"count","name":"a","parts":[{"failAt":null,"kind":"count","name":"b","parts":null,"steps":5,"version":1}],"steps":3,"version":1}"""));
            Assert.That(spec.SpecKey(), Is.EqualTo("86c3a0de48fbcd0206059d2c0bf091944dc56ca5ef64f118a03cf2f63e7b247b"));
        });
    }

    [Test]
    public void SpecKey_EqualContentInOtherLists_IsTheSame() =>
        Assert.That(new CountingRun("a", 3, new List<RunSpec> { new CountingRun("b") }).SpecKey(), Is.EqualTo(new CountingRun("a", 3, [new CountingRun("b")]).SpecKey()));

    [Test]
    public void SpecKey_NestedRunsDiffer_Differs() =>
        Assert.That(new CountingRun("a", 3, [new CountingRun("b", 1)]).SpecKey(), Is.Not.EqualTo(new CountingRun("a", 3, [new CountingRun("b", 2)]).SpecKey()));

    [Test]
    public void ToElement_Spec_HoldsTheSameAsItsJson() =>
        Assert.That(JsonSerializer.Serialize(new CountingRun("a", 3, [new CountingRun("b")]).ToElement()), Is.EqualTo(new CountingRun("a", 3, [new CountingRun("b")]).ToJson()));

    [Test]
    public void FolderName_AnyLabel_IsAPlainWord() =>
        Assert.That(RunKey.FolderName("fine-tune", "SST-2 teacher (β = 0.5), seed 1", new string('a', 64)), Is.EqualTo("fine-tune-sst-2-teacher-0-5-seed-1-aaaaaaaaaaaa"));

    [TestCase("cuda", 1)]
    [TestCase("cpu", 2)]
    public void Key_OtherEnvironment_Differs(string device, int threads)
    {
        using var here = new RunBench();
        using var there = new RunBench(here.Workspace.Environment with { Device = device, Threads = threads });
        var spec = new CountingRun("a");

        Assert.That(there.Store.Key(spec), Is.Not.EqualTo(here.Store.Key(spec)));
    }

    [Test]
    public void Of_OtherInputOrOtherKeyOfANeededRun_Differs()
    {
        var (spec, environment) = (new CountingRun("a"), new RunEnvironment("cpu", 1, "2.10.0", "AVX512"));
        var key = RunKey.Of(spec, [new("data", "01")], environment, ["aa"]);

        Assert.Multiple(() =>
        {
            Assert.That(RunKey.Of(spec, [new("data", "02")], environment, ["aa"]), Is.Not.EqualTo(key));
            Assert.That(RunKey.Of(spec, [new("data", "01")], environment, ["ab"]), Is.Not.EqualTo(key));
        });
    }
}
