using System.Text.Json;
using System.Text.Json.Serialization;
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
            Assert.That(new CountingRun("b").ToJson(), Is.EqualTo("""{"kind":"count","name":"b","steps":5,"version":1}"""));
            Assert.That(new CountingRun("b").SpecKey(), Is.EqualTo("15803cf767f9985bcea03a00662fae97b6191236fb892b43f30f1252b1c47d06"));
            Assert.That(spec.ToJson(),
                Is.EqualTo($$"""{"kind":"count","name":"a","parts":["{{new CountingRun("b").SpecKey()}}"],"steps":3,"version":1}"""));
        });
    }

    [Test]
    public void SpecKey_EqualContentInOtherLists_IsTheSame() =>
        Assert.That(new CountingRun("a", 3, new List<RunSpec> { new CountingRun("b") }).SpecKey(),
            Is.EqualTo(new CountingRun("a", 3, [new CountingRun("b")]).SpecKey()));

    [Test]
    public void SpecKey_NestedRunsDiffer_Differs() =>
        Assert.That(new CountingRun("a", 3, [new CountingRun("b", 1)]).SpecKey(),
            Is.Not.EqualTo(new CountingRun("a", 3, [new CountingRun("b", 2)]).SpecKey()));

    [Test]
    public void ToJson_NamesAndLateOptions_StayOutAndOldNamesStay() => Assert.That(
        new RenamedRun { Rate = 0.5, Title = "anything", Teacher = new CountingRun("b") }.ToJson(),
        Is.EqualTo($$"""{"how":"Old","kind":"renamed","learningRate":0.5,"teacher":"{{new CountingRun("b").SpecKey()}}","version":1}"""));

    [Test]
    public void ToJson_LateOptionIsTaken_IsInTheKey() =>
        Assert.That(new RenamedRun { Rate = 0.5, Title = "", Drops = true, Extra = 3 }.ToJson(),
            Does.Contain("\"drops\":true,\"extra\":3,"));

    [Test]
    public void ToElement_Spec_HoldsTheSameAsItsJson() =>
        Assert.That(JsonSerializer.Serialize(new CountingRun("a", 3, [new CountingRun("b")]).ToElement()),
            Is.EqualTo(new CountingRun("a", 3, [new CountingRun("b")]).ToJson()));

    [Test]
    public void FolderName_AnyLabel_IsAPlainWord() =>
        Assert.That(RunKey.FolderName("fine-tune", "SST-2 teacher (β = 0.5), seed 1", new string('a', 64)),
            Is.EqualTo("fine-tune-sst-2-teacher-0-5-seed-1-aaaaaaaaaaaa"));

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
        var (spec, environment) = (new CountingRun("a"), new RunEnvironment("cpu", 1, "2.10.0"));
        var key = RunKey.Of(spec, [new("data", "01")], environment, ["aa"]);

        Assert.Multiple(() =>
        {
            Assert.That(RunKey.Of(spec, [new("data", "02")], environment, ["aa"]), Is.Not.EqualTo(key));
            Assert.That(RunKey.Of(spec, [new("data", "01")], environment, ["ab"]), Is.Not.EqualTo(key));
        });
    }

    // A kind whose properties were renamed and added since its first runs.
    private sealed record RenamedRun : RunSpec
    {
        public enum Ways
        {
            [JsonStringEnumMemberName("Old")]
            New,
        }

        public override string Kind => "renamed";

            [JsonPropertyName("learningRate")]
        public required double Rate { get; init; }

        public Ways How { get; init; }

        [NotInKey]
        public required string Title { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
        public bool Drops { get; init; }

        public int? Extra { get; init; }

        public CountingRun? Teacher { get; init; }

        public override RunIdentity Identity() => new(Title, null, null);

        public override IReadOnlyList<RunInput> Inputs(Workspace workspace) => [];

        public override RunWork EstimateWork(Workspace workspace) => default;

        public override RunResult Execute(RunContext context, CancellationToken cancellation) => new();
    }
}
