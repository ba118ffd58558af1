using System.Globalization;
using System.Text.Json.Nodes;
using Replication.Bert;
using Replication.Glue;
using Replication.Runs;
using Replication.Studies;
using static TorchSharp.torch;

namespace Replication.Tests.Studies;

public sealed class SmokeTestTests
{
    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("smoke").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void Run_StepsThatAreCheckpointed_AreTheSameBytesAfterAStop()
    {
        var run = Tried(new Steps(Forgetful: false));
        Assert.That((run.Resumes, run.SameBytes, run.SecondsPerStep), Is.EqualTo((1, true, 0.5)));
    }

    [Test]
    public void Run_StepsThatForgetTheirState_AreFoundOut() => Assert.That(Tried(new Steps(Forgetful: true)).SameBytes, Is.False);

    [Test]
    public void Run_PaperWithoutSmokeTest_SaysSo() =>
        Assert.That(Assert.Throws<ReplicationException>(() => Run(new Paper([])))!.Message, Is.EqualTo("fake has no smoke test."));

    [Test]
    public void Ensure_UnknownModel_SuggestsTheNearest() => Assert.That(
        Assert.Throws<ReplicationException>(() => RandomModels.Ensure("random-bert-bas", DataFolders.Of(_folder), _folder))!.Message,
        Does.Contain("Did you mean 'random-bert-base'?"));

    private SmokeRun Tried(RunSpec spec) => Run(new Paper([spec])).Runs.Single();

    private SmokeRecord Run(IPaper paper)
    {
        var folders = DataFolders.Of(_folder);
        var workspace = new Workspace
        {
            Root = _folder, Glue = new GlueSource(folders), Models = new ModelCatalog(folders),
            Environment = new RunEnvironment("cpu", 1, "test"), Processor = new Processor("a processor", []),
        };
        return new SmokeTest(workspace, Path.Combine(_folder, "smoke"), new QuietProgress()).Run(paper, "none", Precision.Bf16, default);
    }

    private sealed class Paper(IReadOnlyList<RunSpec> specs) : IPaper
    {
        public string Name => "fake";

        public string Title => "Fake";

        public IReadOnlyList<RunSpec> Experiments(ExperimentRequest request) => [];

        public IReadOnlyList<RunSpec> Smoke(string model, Precision precision) => specs;

        public PaperReport Report(ExperimentRequest request, Func<RunSpec, FinishedRun?> find) => throw new NotSupportedException();
    }

    // Adds up its step numbers; a forgetful one begins the sum anew when it is resumed.
    private sealed record Steps(bool Forgetful) : RunSpec
    {
        public override string Kind => "steps";

            public override RunIdentity Identity() => new("steps", null, null);

        public override IReadOnlyList<RunInput> Inputs(Workspace workspace) => [];

        public override RunWork EstimateWork(Workspace workspace) => default;

        public override RunResult Execute(RunContext context, CancellationToken cancellation)
        {
            using var checkpoint = context.Folder.Checkpoints.TryLoad();
            var (step, sum) = checkpoint is null
                ? (0, 0) : (checkpoint.State["step"]!.GetValue<int>(), Forgetful ? 0 : checkpoint.State["sum"]!.GetValue<int>());
            context.Progress.Begin("steps", 4, step, "steps");
            while (step < 4)
            {
                sum += ++step;
                context.Progress.Advance(step);
                if (!cancellation.IsCancellationRequested)
                    continue;
                context.Folder.Checkpoints.Save(new Dictionary<string, Tensor>(), new JsonObject { ["step"] = step, ["sum"] = sum });
                cancellation.ThrowIfCancellationRequested();
            }
            AtomicFile.WriteText(
                Path.Combine(context.Folder.FilePath("model"), "model.safetensors"), sum.ToString(CultureInfo.InvariantCulture));
            context.Measurements["seconds per training step"] = 0.5;
            context.Measurements["training tokens per second"] = 1;
            return new RunResult();
        }
    }
}
