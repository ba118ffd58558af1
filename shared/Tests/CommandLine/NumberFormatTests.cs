using System.Text.Json;
using Replication.Bert;
using Replication.Claims;
using Replication.Studies;
using Replication.Reporting;
using Replication.Runs;

namespace Replication.Tests.CommandLine;

/// <summary>Which number format a plan is computed in, and who hears of it.</summary>
internal sealed class NumberFormatTests
{
    private static readonly ComputeRates Emulated = Rates(150, 35), Native = Rates(150, 450);

    private static readonly Processor With = new("New", ["AVX-512", "AMX BF16"]), Without = new("Old", ["AVX2"]);

    [TestCase(false,
        "Number format: fp32, training steps run 4.3 times as fast as in bf16 (150.0 and 35.0 GFLOP/s); the processor has no "
        + "instructions for bf16.", "Fp32")]
    [TestCase(true, "Number format: bf16, training steps run 3.0 times as fast as in fp32 (450.0 and 150.0 GFLOP/s).", "Bf16")]
    public void Paper_NoFormatNamed_TakesTheFasterSaysSoAndKeepsItInTheRequest(bool hasBf16, string line, string kept)
    {
        using var session = Session(hasBf16);

        var call = session.Run("formats");

        Assert.That(call.Exit, Is.Zero, call.Error);
        Assert.That(call.Lines[1], Is.EqualTo(line));
        var request = Request(session);
        Assert.That(request.GetProperty("precision").GetString(), Is.EqualTo(kept));
        Assert.That($"Number format: {kept.ToLowerInvariant()}, {request.GetProperty("precisionReason")}.", Is.EqualTo(line));
    }

    [Test]
    public void Paper_FormatNamed_IsTakenAndNothingElseIsKept()
    {
        using var session = Session(hasBf16: false);

        var call = session.Run("formats", "--precision", "bf16");

        Assert.That(call.Lines[1], Is.EqualTo("Number format: bf16, named by --precision."));
        Assert.That(Request(session).GetProperty("precision").GetString(), Is.EqualTo("Bf16"));
        Assert.That(session.Run("formats").Lines[1], Does.StartWith("Number format: fp32"));
    }

    [Test]
    public void Paper_AnotherTimingWouldDiffer_GoesOnInItsFormat()
    {
        using var session = Session(hasBf16: false);
        session.Run("formats");
        session.Rates = Native;

        var call = session.Run("formats");

        Assert.That(call.Lines[0], Does.Contain("nothing is left to compute"));
        Assert.That(call.Lines[1], Does.StartWith("Number format: fp32"));
    }

    [Test]
    public void Report_OnAnotherMachine_JudgesInTheFormatOfTheRequest([Values] bool hadBf16)
    {
        using var session = Session(hadBf16);
        session.Run("formats");
        Directory.Delete(Path.Combine(session.Results, "cache"), recursive: true);
        (session.Processor, session.Rates) = hadBf16 ? (Without, Emulated) : (With, Native);

        var call = session.Run("report");

        Assert.That(call.Exit, Is.Zero, call.Error);
        Assert.That(call.Output, Does.Contain("formats quick: 1 above"));
    }

    [Test]
    public void Export_NoFormatNamed_TakesTheOneThatWasTrained([Values("fp32", "bf16")] string precision)
    {
        using var session = Session(hasBf16: precision == "fp32");
        session.Run("formats", "--precision", precision);
        File.Delete(RequestFile(session));

        var call = session.Run("export", "formats", "--output", Path.Combine(session.Root, "model"));

        Assert.That(call.Exit, Is.Zero, call.Error);
        Assert.That(call.Output, Does.StartWith($"fake run [first], seed {(precision == "fp32" ? 32 : 16)} is in "));
    }

    [Test]
    public void Export_BothWereTrained_TakesTheOneOfTheRequest([Values("fp32", "bf16")] string last)
    {
        using var session = Session(hasBf16: false);
        session.Run("formats", "--precision", last == "fp32" ? "bf16" : "fp32");
        session.Run("formats", "--precision", last);

        var call = session.Run("export", "formats", "--output", Path.Combine(session.Root, "model"));

        Assert.That(call.Output, Does.StartWith($"fake run [first], seed {(last == "fp32" ? 32 : 16)} is in "), call.Error);
    }

    [Test]
    public void Plan_ShowsTheCostInBothFormats()
    {
        using var session = Session(hasBf16: false);
        session.Rates = Rates(1, 0.25);

        var text = session.Run("plan", "formats");
        var json = JsonDocument.Parse(
            session.Run("plan", "formats", "--json").Lines.Single(line => line.Contains("\"plan\"", StringComparison.Ordinal))).RootElement;

        Assert.That(text.Lines[0],
            Does.StartWith("Number format: fp32, ").And.EndsWith(" In bf16 1 to compute, about 4 min on this machine."));
        Assert.That(text.Lines[^2], Does.Contain("about 60 s on this machine"));
        Assert.That((json.GetProperty("precision").GetString(), json.GetProperty("secondsLeft").GetDouble(),
            json.GetProperty("secondsLeftInOtherPrecision").GetDouble()), Is.EqualTo(("fp32", 60.0, 240.0)));
    }

    [Test]
    public void Request_KeptBeforeMachinesChose_RanInBf16()
    {
        var request = Json.FromNode<ExperimentRequest>(Json.Node(new { profile = "Small", precision = (string?)null }));

        Assert.That(request.Precision, Is.EqualTo(Precision.Bf16));
        Assert.That(Json.FromNode<ExperimentRequest>(Json.Node(request with { Precision = Precision.Fp32 })).Precision,
            Is.EqualTo(Precision.Fp32));
    }

    private static Session Session(bool hasBf16) =>
        new() { Paper = new FormatsPaper(), Processor = hasBf16 ? With : Without, Rates = hasBf16 ? Native : Emulated };

    private static ComputeRates Rates(double fp32, double bf16) => new(new ComputeRate(fp32 * 1e9, 1), new ComputeRate(bf16 * 1e9, 1));

    private static string RequestFile(Session session) =>
        Directory.GetFiles(session.Results, "request.json", SearchOption.AllDirectories).Single();

    private static JsonElement Request(Session session) => JsonDocument.Parse(File.ReadAllText(RequestFile(session))).RootElement;

    // One run, another in each format.
    private sealed class FormatsPaper : IPaper
    {
        private readonly FakePaper _inner = new();

        public string Name => "formats";

        public string Title => "On Numbers";

        public IReadOnlyList<RunSpec> Experiments(ExperimentRequest request) =>
            [new FormatRun(request.Precision == Precision.Fp32 ? 32 : 16)];

        public PaperReport Report(ExperimentRequest request, Func<RunSpec, FinishedRun?> find) =>
            _inner.Report(request, _ => find(Experiments(request)[0]));
    }

    private sealed record FormatRun(int Bits) : RunSpec
    {
        private readonly FakeRun _run = new(Bits);

        public override string Kind => "fake";

            public override RunIdentity Identity() => _run.Identity();

        public override IReadOnlyList<RunInput> Inputs(Workspace workspace) => [];

        public override RunWork EstimateWork(Workspace workspace) => RunWork.Training(Bits == 32 ? Precision.Fp32 : Precision.Bf16, 60e9);

        public override RunResult Execute(RunContext context, CancellationToken cancellation) => _run.Execute(context, cancellation);
    }
}
