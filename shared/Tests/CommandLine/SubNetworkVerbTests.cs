using Replication.Bert;
using Replication.Bert.SubNetworks;
using Replication.Runs;
using Replication.Studies;
using Replication.Training;

namespace Replication.Tests.CommandLine;

/// <summary>choose and export of a paper whose network holds smaller ones, and forms of a method, from the command line.</summary>
public sealed class SubNetworkVerbTests
{
    [Test]
    public void Choose_Budget_SaysWhatTheChoiceCostsInEveryWay()
    {
        using var session = new Session { Paper = new FakeFamily() };

        var call = session.Run("choose", "fakefamily", "--task", "SST-2", "--latency", "20ms");

        Assert.That(call.Exit, Is.Zero, call.Error);
        Assert.That(call.Output.TrimEnd(),
            Is.EqualTo("Width 0.5, depth 1: 20.0 ms, 16.00 M parameters, 1.50 GFLOPs, 64.0 MB. It scores 88.0 (accuracy), 2.5 points "
            + "under the best of 2."));
    }

    [TestCase("choose fakefamily --task SST-2 --latency 1ms", 1,
        "No sub-network meets the budget; the nearest is width 0.5, depth 1: 20.0 ms")]
    [TestCase("choose fakefamily --task SST-2 --parameters 15M --memory 1GB", 1, "the nearest is width 0.5, depth 1")]
    [TestCase("choose fakefamily --task SST-2", 2,
        "No budget is given; give --latency, --parameters, --flops or --memory, such as --latency 20ms.")]
    [TestCase("choose fakefamily --task CoLA --parameters 15M", 1, "CoLA was not trained")]
    [TestCase("export fakefamily --output o --width 0.5", 2, "A sub-network needs --task.")]
    [TestCase("export fakefamily --output o --task SST-2 --width 0.3", 1, "0.3 was not trained")]
    [TestCase("export fakefamily --output o --task SST-2 --width 1.5e999", 2, "--width is '1.5e999'; it must be a number above 0.")]
    [TestCase("export fakefamily --output o --task SST-2 --width 0.5 --format onxx", 2,
        "--format is 'onxx'; it must be transformers4, transformers5 or onnx.")]
    public void Run_Mistake_IsOneSentence(string words, int exit, string sentence)
    {
        using var session = new Session { Paper = new FakeFamily() };

        var call = session.Run(words.Split(' '));

        Assert.That((call.Exit, call.Output), Is.EqualTo((exit, "")));
        Assert.That(call.Error, Does.StartWith("error: ").And.Contains(sentence));
        Assert.That(call.Error.TrimEnd('\n'), Does.Not.Contain("\n"));
    }

    [TestCase("choose fakefamily --latency 20ms --task SST-2", "SST-2")]
    [TestCase("choose fakefamily --latency 20ms --task SST-2 --tasks SST-2,CoLA", "SST-2,CoLA")]
    [TestCase("export fakefamily --width 0.5 --output half --task SST-2", "SST-2")]
    [TestCase("export fakefamily --width 0.5 --output half --task SST-2 --tasks CoLA,SST-2", "CoLA,SST-2")]
    public void Run_TaskThatTheProfileHasNot_StandsForTheTasksUnlessTheyAreGiven(string words, string tasks)
    {
        var family = new FakeFamily();
        using var session = new Session { Paper = family };

        var call = session.Run([.. words.Split(' '), "--precision", "bf16"]);

        Assert.That(call.Exit, Is.Zero, call.Error);
        Assert.That((string.Join(',', family.Asked!.Tasks), family.Asked.Precision), Is.EqualTo((tasks, Precision.Bf16)));
    }

    [Test]
    public void Choose_TaskOfTheProfile_LeavesTheTasksAlone()
    {
        var family = new FakeFamily { Tasks = ["CoLA", "SST-2"] };
        using var session = new Session { Paper = family };

        session.Run("choose", "fakefamily", "--task", "SST-2", "--latency", "20ms");

        Assert.That(family.Asked!.Tasks, Is.Empty);
    }

    [TestCase("transformers4", CutHeads.Removed)]
    [TestCase("transformers5", CutHeads.Zero)]
    public void Export_Format_DecidesWhatBecomesOfTheCutHeads(string format, CutHeads cut)
    {
        using var session = new Session { Paper = new FakeFamily() };

        var call = session.Run(
            "export", "fakefamily", "--task", "SST-2", "--width", "0.5", "--format", format, "--output",
            Path.Combine(session.Root, "half"));

        Assert.That(call.Exit, Is.Zero, call.Error);
        Assert.That(call.Output, Does.StartWith($"width 0.5, depth 1, {cut}. It is in "));
    }

    [Test]
    public void Paper_OtherForm_HasAFolderOfItsOwnAndTheReportFindsIt()
    {
        using var session = new Session { Paper = new FakeFamily() };
        session.Run("fakefamily");

        var call = session.Run("fakefamily", "--fidelity", "official");

        Assert.That(call.Exit, Is.Zero, call.Error);
        Assert.That(call.Lines[0], Does.Contain("profile quick-official"));
        Assert.That(File.ReadAllText(Path.Combine(session.Results, "local", "fakefamily", "quick-official", "request.json")),
            Does.Contain("\"fidelity\": \"Official\""));
        Assert.That(File.ReadAllText(Path.Combine(session.Results, "local", "fakefamily", "quick", "request.json")),
            Does.Not.Contain("fidelity"), "as requests were kept before there were forms");
        Assert.That(session.Run("report").Output, Does.Match("(fakefamily quick: [^\n]+\n){2}"), "a line each form");
    }

    [Test]
    public void Paper_VariantPaper_IsTheDefault()
    {
        using var session = new Session { Paper = new FakeFamily() };
        session.Run("fakefamily");
        Assert.That(session.Run("fakefamily", "--fidelity", "default").Lines[0], Does.Contain("2 finished"));
    }

    [TestCase("plan fakepaper --fidelity official", "--fidelity is official, which fakepaper does not have; it has default.")]
    [TestCase("plan --variant official", "--variant is now called --fidelity; write --fidelity in its place.")]
    [TestCase("plan --fidelity offical",
        "--fidelity is 'offical'; it must be default, paper, official, readme or grid. Did you mean 'official'?")]
    public void Run_FormThatAPaperHasNot_IsRefused(string words, string sentence)
    {
        using var session = new Session();

        var call = session.Run(words.Split(' '));

        Assert.That(call.Exit, Is.EqualTo(2));
        Assert.That(call.Error, Does.Contain(sentence));
    }

    [TestCase("onnx", "fp32, fused")]
    [TestCase("int8", "int8 (dynamic), fused")]
    public void Choose_ExportedForm_IsScoredAndTimedHere(string form, string name)
    {
        using var folder = new TemporaryFolder();
        using var session =
            new Session { Paper = new FakeFamily { Model = TinyModel.Write(folder, ["negative", "positive"], positions: 128) } };

        var call = session.Run(
            "choose", "fakefamily", "--task", "SST-2", "--memory", "1GB", "--form", form, "--data", TinyModel.WriteData(folder),
            "--threads", "1");

        Assert.That(call.Exit, Is.Zero, call.Error);
        Assert.That(call.Output, Does.Contain($"width 0.5, depth 1 in {name}:").And.Contain("of 2."));
        Assert.That(call.Output, Does.Not.Contain("64.0 MB"), "the size is that of the file");
    }

    [Test]
    public void Export_ASubNetworkAsOnnx_ItsCardHasTheDigestsOfWhatTrainedTheNetwork()
    {
        using var folder = new TemporaryFolder();
        using var session = new Session
        {
            Paper = new FakeFamily
            {
                Model = TinyModel.Write(folder, ["negative", "positive"]),
                Trained = new FakePaper { Reads = _ => [new RunInput("SST-2/Train", Digest.OfText("rows"))] },
            },
        };
        session.Run("fakefamily");
        var target = folder.File("half");

        var call = session.Run(
            "export", "fakefamily", "--task", "SST-2", "--width", "0.5", "--format", "onnx", "--data", TinyModel.WriteData(folder),
            "--output", target);

        Assert.That(call.Exit, Is.Zero, call.Error);
        var runs = Directory.GetDirectories(Path.Combine(session.Results, "runs")).Select(run => Path.GetFileName(run).Split('-'))
            .ToDictionary(parts => parts[^4], parts => parts[^1]);
        var card = File.ReadAllText(Path.Combine(target, "README.md"));
        Assert.That(card, Does.StartWith("# width 0.5, depth 1, Removed\n"));
        Assert.That(card, Does.Contain($"| from | cut out of fake run [second], seed 1: run {runs["second"]}, commit "));
        Assert.That(card, Does.Contain(
            $"| trained on | SST-2/Train ({Digest.OfText("rows")[..12]})<br>fake run [first], seed 1 (run {runs["first"]}) |"));
        Assert.That(card, Does.Contain("| terms of the data | GLUE: for research"));
    }

    [Test]
    public void Choose_AnyForm_ComparesAsTrainedAndBothExported()
    {
        using var folder = new TemporaryFolder();
        using var session =
            new Session { Paper = new FakeFamily { Model = TinyModel.Write(folder, ["negative", "positive"], positions: 128) } };

        var call = session.Run(
            "choose", "fakefamily", "--task", "SST-2", "--memory", "1MB", "--form", "any", "--data", TinyModel.WriteData(folder),
            "--threads", "1");

        Assert.That(call.Exit, Is.Zero, call.Error);
        Assert.That(call.Lines[^1], Does.Match("^Width (0.5|1), depth 1 in (fp32|int8 .dynamic.), fused: .* of 6\\.$"));
    }

    // A fake paper whose network holds two sizes.
    private sealed class FakeFamily : ISubNetworkPaper
    {
        /// <summary>The paper whose runs are the network's.</summary>
        public FakePaper Trained { get; init; } = new();

        public IReadOnlyList<string> Tasks { get; init; } = [];

        public ExperimentRequest? Asked { get; private set; }

        public string Name => "fakefamily";

        public string Title => "A Family of No Importance";

        public IReadOnlyList<Fidelity> Fidelities => [Fidelity.Default, Fidelity.Official];

        public IReadOnlyList<RunSpec> Experiments(ExperimentRequest request) =>
            [.. Trained.Experiments(request),
                .. Tasks.Select(
                task => new FineTuneSpec {
                Selection = new TaskSelection { Task = task }, BaseModel = "none", Recipe = new TrainingRecipe(), Seed = 1 })];

        public PaperReport Report(ExperimentRequest request, Func<RunSpec, FinishedRun?> find) => Trained.Report(request, find);

        public IReadOnlyList<SubNetworkCost> Costs(TrainedNetwork network) => Note(network).Task == "SST-2"
            ? [new(1, 1, "accuracy", 0.905, 20_000_000, 3_000_000_000, 0.040),
                new(0.5, 1, "accuracy", 0.88, 16_000_000, 1_500_000_000, 0.020)]
            : throw new ReplicationException($"{network.Task} was not trained.");

        /// <summary>A model's folder that stands for every sub-network; null for none.</summary>
        public string? Model { get; init; }

        public string Export(TrainedNetwork network, double width, double depth, CutHeads cut, string folder)
        {
            if (Note(network) is null || width is not (1 or 0.5))
                throw new ReplicationException(FormattableString.Invariant($"{width} was not trained."));
            if (Model is not null)
            {
                network.Find(Trained.Experiments(network.Request)[0]);
                Directory.CreateDirectory(folder);
                foreach (var file in Directory.GetFiles(Model))
                    File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
            }
            return FormattableString.Invariant($"width {width}, depth {depth}, {cut}");
        }

        private TrainedNetwork Note(TrainedNetwork network)
        {
            Asked = network.Request;
            return network;
        }
    }
}
