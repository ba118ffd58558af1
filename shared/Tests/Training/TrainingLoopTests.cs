using System.Globalization;
using Replication.Runs;
using Replication.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Replication.Tests.Training;

/// <summary>The loop around a step that pulls one parameter towards the step's number.</summary>
public sealed class TrainingLoopTests
{
    private static readonly TrainingRecipe Recipe = new() { LearningRate = 0.1 };

    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("loop").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestCase(false, "10 20")]
    [TestCase(true, "10 20 23")]
    public void Run_TwentyThreeSteps_HasALineEveryTenAndOneAtTheEndIfAsked(bool endsWithLine, string steps)
    {
        Train("a", endsWithLine: endsWithLine);
        var lines = Lines("a");
        Assert.That(lines.Select(l => l.Split(',')[0]), Is.EqualTo(steps.Split(' ').Select(s => $"{{\"step\":{s}")));
        // Losses are the steps' numbers: 1 to 10 have the mean 5.5.
        Assert.That(lines[0], Is.EqualTo("""{"step":10,"loss":5.5,"terms":{"half":2.75},"tokens":30}"""));
    }

    [TestCase(1)]
    [TestCase(10)]
    [TestCase(14)]
    [TestCase(22)]
    public void Run_StoppedAndGoneOnWith_EndsWithTheSameWeightsStateAndLines(int stopAfter)
    {
        var whole = Train("whole");
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(
            () => Train("stopped", afterStep: state => StopAt(state, stopAfter, stop), cancellation: stop.Token));
        var resumed = Train("stopped");
        Assert.That(resumed, Is.EqualTo(whole));
        Assert.That(Lines("stopped"), Is.EqualTo(Lines("whole")));
    }

    [Test]
    public void Run_Measured_NotesRatePaddingAndMemory()
    {
        var context = TinyTask.Context(Path.Combine(_folder, "a"));
        Train(context);
        Assert.That(context.Measurements.Keys, Is.EqualTo(
            new[] { "padding share", "peak memory bytes of the process", "seconds per training step", "training tokens per second" }));
        Assert.That(context.Measurements["padding share"], Is.EqualTo(0.25));
    }

    [TestCase(double.NaN, 0, "Testing stopped: the loss is not finite at step 4; lower the learning rate of 0.1.")]
    [TestCase(0, float.PositiveInfinity,
        "Testing stopped: the gradient is not finite at step 4 (row 3); lower the learning rate of 0.1 or look at these rows.")]
    public void Run_NotFinite_NamesStepAndSource(double loss, float gradient, string message)
    {
        StepReport Broken(Parameter weight, long step)
        {
            (weight * (step == 3 ? gradient : 1)).sum().backward();
            return new StepReport(new LossReport(step == 3 ? loss : 0, new Dictionary<string, double>()), 1, 1);
        }
        Assert.That(
            () => Train("a", step: Broken, source: gradient == 0 ? null : step => $"row {step.ToString(CultureInfo.InvariantCulture)}"),
            Throws.TypeOf<ReplicationException>().With.Message.EqualTo(message));
    }

    [Test]
    public void Run_CheckpointOfAnotherVersion_BeginsAnew()
    {
        var whole = Train("whole");
        var context = TinyTask.Context(Path.Combine(_folder, "old"));
        context.Folder.Checkpoints.Save(new Dictionary<string, Tensor>(), Json.Node(new { Step = 5, Tokens = 7 }));
        Assert.That(Train(context), Is.EqualTo(whole));
    }

    // Half of what is done: half of the rate is left, but three quarters where that is half of the schedule.
    [TestCase(null, 0.05)]
    [TestCase(40, 0.075)]
    public void Run_LongerSchedule_FallsToItsEnd(int? schedule, double rate)
    {
        var context = TinyTask.Context(Path.Combine(_folder, "a"));
        using var folder = context.Folder;
        using var weight = new Parameter(zeros(3));
        var rates = new List<double>();
        new TrainingLoop<LoopState>(context, Recipe with { WarmupProportion = 0 }, [("weight", weight)], 20)
        {
            Name = "Testing",
            Step = step => Pull(weight, step),
            ScheduleSteps = schedule,
            Line = (_, learningRate) =>
            {
                rates.Add(learningRate);
                return new Dictionary<string, object?>();
            },
        }.Run(default);
        // The line of step 10 has the rate of the tenth step, counted 9.
        Assert.That(rates[0], Is.EqualTo(rate + (0.1 / (schedule ?? 20))).Within(1e-12));
    }

    [Test]
    public void Run_TensorsThatAreKept_ComeBackFromTheCheckpoint()
    {
        using var stop = new CancellationTokenSource();
        var kept = Kept("a", stop, stopAfter: 14);
        Assert.That(kept, Is.Null, "nothing to restore at the first start");
        Assert.That(Kept("a", stop: null, stopAfter: 0), Is.EqualTo(14));
    }

    // What a start was handed of a tensor that holds the number of the last step.
    private float? Kept(string name, CancellationTokenSource? stop, int stopAfter)
    {
        var context = TinyTask.Context(Path.Combine(_folder, name));
        using var folder = context.Folder;
        using var weight = new Parameter(zeros(3));
        using var last = zeros(1);
        float? restored = null;
        var loop = new TrainingLoop<LoopState>(context, Recipe, [("weight", weight)], 23)
        {
            Name = "Testing",
            Step = step => Pull(weight, step),
            AfterStep = state =>
            {
                last.fill_(state.Step);
                if (stop is not null)
                    StopAt(state, stopAfter, stop);
            },
            Kept = () => [KeyValuePair.Create("last", last)],
            Restored = (_, tensors) => restored = tensors["last"].item<float>(),
        };
        if (stop is null)
            loop.Run(default);
        else
            Assert.Throws<OperationCanceledException>(() => loop.Run(stop.Token));
        return restored;
    }

    private static void StopAt(LoopState state, int step, CancellationTokenSource stop)
    {
        if (state.Step == step)
            stop.Cancel();
    }

    private IReadOnlyList<string> Lines(string name) => File.ReadAllLines(Path.Combine(_folder, name, "run", MetricsWriter.FileName));

    private string Train(
        string name, bool endsWithLine = true, Action<LoopState>? afterStep = null, Func<Parameter, long, StepReport>? step = null,
        Func<long, string>? source = null, CancellationToken cancellation = default) =>
        Train(TinyTask.Context(Path.Combine(_folder, name)), endsWithLine, afterStep, step, source, cancellation);

    // The weight and the state that a training ends with.
    private static string Train(
        RunContext context, bool endsWithLine = true, Action<LoopState>? afterStep = null, Func<Parameter, long, StepReport>? step = null,
        Func<long, string>? source = null, CancellationToken cancellation = default)
    {
        using var folder = context.Folder;
        using var weight = new Parameter(zeros(3));
        var loop = new TrainingLoop<LoopState>(context, Recipe, [("weight", weight)], 23)
        {
            Name = "Testing",
            Step = number => (step ?? Pull)(weight, number),
            EndsWithLine = endsWithLine,
            Line = (state, _) => new Dictionary<string, object?> { ["tokens"] = state.RealTokens },
            AfterStep = afterStep ?? (_ => { }),
            Source = source,
        };
        loop.Run(cancellation);
        return Convert.ToHexString(weight.bytes) + Json.Node(loop.State).ToJsonString();
    }

    private static StepReport Pull(Parameter weight, long step)
    {
        (weight - step).square().sum().backward();
        return new StepReport(new LossReport(step + 1, new Dictionary<string, double> { ["half"] = (step + 1) / 2.0 }), 3, 4);
    }
}
