using Microsoft.ML.OnnxRuntime;
using Replication.Bert;
using Replication.Glue;
using Replication.Inference;
using Replication.Measurements;
using Replication.Runs;

namespace Replication.Export.Benchmark;

/// <summary>How models are measured.</summary>
public sealed record DeploymentProtocol
{
    /// <summary>Most timed rounds; a round is one call of each form.</summary>
    public int Rounds { get; init; } = 30;

    /// <summary>Fewest of them, however long they take.</summary>
    public int LeastRounds { get; init; } = 3;

    /// <summary>Seconds that the rounds of one measurement may take, where fewer than <see cref="Rounds"/> fit.</summary>
    public double Seconds { get; init; } = 2;

    /// <summary>Program starts.</summary>
    public int Starts { get; init; } = 3;

    /// <summary>Texts on which the outputs are compared with TorchSharp's.</summary>
    public int ComparedTexts { get; init; } = 12;

    /// <summary>Threads that compute a call.</summary>
    public required int Threads { get; init; }

    /// <summary>The program with ONNX Runtime; null for none.</summary>
    public AnsweringProgram? OnnxProgram { get; init; }

    /// <summary>The program with TorchSharp; null for none.</summary>
    public AnsweringProgram? TorchProgram { get; init; }
}

/// <summary>
/// Measures what models cost when they are shipped: TorchSharp, ONNX in fp32 and in int8, one call of each in turn, so that what
/// slows the machine for a while slows all of them.
/// </summary>
public static class DeploymentBenchmark
{
    /// <summary>Tokens of the single texts.</summary>
    public static IReadOnlyList<int> Lengths { get; } = [16, 64, 128];

    /// <summary>Texts of a batch.</summary>
    public const int BatchSize = 32;

    /// <summary>Tokens of a batch's texts; a sentence of SST-2's dev set has 25 on average.</summary>
    public const int BatchLength = 32;

    // A word of one token.
    private const string Word = "film";

    /// <summary>Measures one model in every form.</summary>
    /// <param name="subject">The model.</param>
    /// <param name="dev">The dev set that trained models are scored on; null for none.</param>
    /// <param name="protocol">How it is measured.</param>
    /// <param name="scratch">A folder for what is written meanwhile.</param>
    /// <param name="clock">Gives the timestamps.</param>
    /// <param name="cancellation">Stops between two calls.</param>
    public static IReadOnlyList<DeploymentCost> Measure(
        DeploymentSubject subject, GlueDataset? dev, DeploymentProtocol protocol, string scratch, TimeProvider clock,
        CancellationToken cancellation)
    {
        using var forms = DeployedForms.Write(subject, scratch, protocol.Threads);
        var difference = forms.Difference(protocol.ComparedTexts, cancellation);
        var speeds = Lengths.ToDictionary(length => length, length => Interleave(model => model.Predict(Text(length))));
        TextInput[] batch = [.. Enumerable.Repeat<TextInput>(Text(BatchLength), BatchSize)];
        var batches = Interleave(model => model.PredictBatch(batch));
        var parameters = Parameters(subject.Folder);
        return [.. forms.Models.Select(model =>
        {
            var program = !subject.IsStarted ? null : model.Key == DeploymentForm.TorchSharp ? protocol.TorchProgram : protocol.OnnxProgram;
            var folder = forms.Folder(model.Key);
            var start = program is null ? ((Spread, long)?)null : ColdStart.Measure(program, folder, protocol.Starts, clock, cancellation);
            return new DeploymentCost
            {
                Subject = subject.Name, Origin = subject.Origin, Form = model.Key, Parameters = parameters,
                Seconds = speeds.ToDictionary(s => s.Key, s => s.Value.PassSeconds(model.Key.ToString())),
                TextsPerSecond = Spread.Of([.. batches.Seconds[model.Key.ToString()].Select(s => BatchSize / s)]),
                ColdStart = start?.Item1, PeakBytes = start?.Item2,
                FolderBytes = Bytes(folder),
                Difference = model.Key == DeploymentForm.Fp32 ? difference : null,
                Score = subject.Origin is not null && dev is not null ? Score(dev, model.Value, folder, cancellation) : null,
            };
        })];

        SpeedReport Interleave(Action<ITextClassifier> call)
        {
            (string, Action)[] calls = [.. forms.Models.Select(model => (model.Key.ToString(), (Action)(() => call(model.Value))))];
            // The first round warms up, and tells how many fit.
            var first = Time(calls, 1).Seconds.Values.Sum(times => times[0]);
            var rounds = (int)Math.Clamp(
                protocol.Seconds / Math.Max(first, 1e-9), Math.Min(protocol.LeastRounds, protocol.Rounds), protocol.Rounds);
            return Time(calls, rounds);
        }

        SpeedReport Time((string, Action)[] calls, int rounds) =>
            SpeedMeasurement.Interleave(calls, 0, rounds, clock, progress: null, cancellation);
    }

    /// <summary>What the package adds to ONNX Runtime's own call on one text of 64 tokens: the difference within each round.</summary>
    public static Spread Overhead(string folder, DeploymentProtocol protocol, TimeProvider clock, CancellationToken cancellation)
    {
        const int Length = 64, Warmup = 5;
        using var classifier = BertClassifier.Open(folder, new BertClassifierOptions { Threads = protocol.Threads });
        // With ONNX Runtime's own settings its threads would still be spinning when the package's call begins.
        using var options = OnnxModel.Options(protocol.Threads);
        using var session = new InferenceSession(Path.Combine(folder, TextModel.FileName), options);
        var text = Text(Length);
        var ids = ModelFolder.OpenTokenizer(folder).EncodePair(text, null, Length).Ids;
        using var run = new RunOptions();
        var inputs = session.InputMetadata.Keys.ToDictionary(name => name, name => OrtValue.CreateTensorValueFromMemory(
            Array.ConvertAll(ids, id => name == "input_ids" ? id : name == "attention_mask" ? 1L : 0L), [1, Length]),
                StringComparer.Ordinal);
        try
        {
            var speed = SpeedMeasurement.Interleave(
                [("call", () => session.Run(run, inputs, session.OutputNames).Dispose()), ("package", () => classifier.Predict(text))],
                Warmup, 10 * protocol.Rounds, clock, progress: null, cancellation);
            return Spread.Of([.. speed.Seconds["package"].Zip(speed.Seconds["call"], (with, without) => with - without)]);
        }
        finally
        {
            foreach (var input in inputs.Values)
                input.Dispose();
        }
    }

    /// <summary>Bytes of a folder's files.</summary>
    internal static long Bytes(string folder) =>
        new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    /// <summary>A text of some tokens.</summary>
    internal static string Text(int tokens) => string.Join(' ', Enumerable.Repeat(Word, tokens - 2));

    /// <summary>A model's parameters.</summary>
    internal static long Parameters(string folder)
    {
        using var model = ModelFolder.OpenClassifier(folder, ModelFolder.ClassifierOutputs(folder)!.Value);
        return model.parameters().Sum(p => p.numel());
    }

    /// <summary>A task's main metric on its dev set, as a fraction; null where it is undefined.</summary>
    internal static double? Score(GlueDataset dev, ITextClassifier model, string folder, CancellationToken cancellation) =>
        DevSet.Scores(dev, model, folder, cancellation)[GlueScorer.Name(dev.Task.MainMetric)];
}
