using System.Globalization;
using Replication.Bert;
using Replication.Bert.Tokenization;
using Replication.Glue;
using Replication.Inference;
using Replication.Measurements;

namespace Replication.Export;

/// <summary>What is exported.</summary>
public sealed record OnnxExportRequest
{
    /// <summary>A model's folder in Hugging Face's layout.</summary>
    public required string Source { get; init; }

    /// <summary>The form.</summary>
    public required OnnxForm Form { get; init; }

    /// <summary>Longest text in tokens that is compared.</summary>
    public int MaxLength { get; init; } = 128;

    /// <summary>The task's dev set; null for none, when made-up texts are compared and no score is measured.</summary>
    public DevSet? Dev { get; init; }

    /// <summary>The task's training rows, for <see cref="Quantization.Static"/>.</summary>
    public IReadOnlyList<TextInput>? Train { get; init; }

    /// <summary>Gives the timestamps.</summary>
    public required TimeProvider Clock { get; init; }

    /// <summary>Whether int8 is timed beside fp32.</summary>
    public bool IsTimed { get; init; } = true;

    /// <summary>Is told of long work: what it is, how many texts of it are done, and of how many; null for none.</summary>
    public Action<string, int, int>? OnTexts { get; init; }

    /// <summary>A folder's scores on the dev set; null without one.</summary>
    /// <param name="folder">The exported folder.</param>
    /// <param name="form">What it is in now, for who watches.</param>
    /// <param name="cancellation">Stops between two batches.</param>
    internal IReadOnlyDictionary<string, double?>? Scores(string folder, string form, CancellationToken cancellation) =>
        Dev?.Score(folder, MaxLength, (done, all) => OnTexts?.Invoke($"scoring {Dev.Task} in {form}", done, all), cancellation);
}

/// <summary>Exports a classifier to ONNX and holds it to TorchSharp's outputs before it is called done.</summary>
public static class OnnxExport
{
    /// <summary>Largest difference of an output in fp32.</summary>
    public const double Tolerance = 1e-4;

    // Texts that are compared alone and beside others, and rounds in which a text is timed.
    private const int NeighbourTexts = 64, Rounds = 20, Warmup = 3;

    /// <summary>
    /// Writes a folder: model.onnx, config.json, the tokenizer's files and a card. Nothing is there until all has been checked.
    /// </summary>
    /// <param name="request">What is exported.</param>
    /// <param name="target">The folder; an earlier model in it is replaced.</param>
    /// <param name="card">The card's text, given what was found.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="ReplicationException">
    /// The source is not a classifier, an output differs from TorchSharp's, a text's answer depends on its neighbours, or a row for
    /// calibration is missing.
    /// </exception>
    public static ExportReport Write(
        OnnxExportRequest request, string target, Func<ExportReport, string> card, CancellationToken cancellation)
    {
        using var torch = Classifier.Open(request.Source, request.MaxLength);
        var tokenizer = ModelFolder.OpenTokenizer(request.Source);
        var dev = request.Dev?.Texts ?? [];
        var texts = VerificationTexts.Of(dev, tokenizer, request.MaxLength, pairs: dev.Any(text => text.Second is not null));
        ExportReport? report = null;
        AtomicFolder.Write(target, folder =>
        {
            CopyTokenizer(request.Source, folder);
            report = Fill(folder);
            AtomicFile.WriteText(Path.Combine(folder, "README.md"), card(report));
        });
        return report!;

        ExportReport Fill(string folder)
        {
            var path = Path.Combine(folder, TextModel.FileName);
            OnnxFile.Write(path, torch.Model, request.Form with { Quantization = Quantization.None });
            using var fp32 = Open(folder, request.MaxLength);
            var logits = fp32.Logits(texts, cancellation);
            var lengths = texts.Select(t => tokenizer.EncodePair(t.First, t.Second, request.MaxLength).Ids.Length).ToList();
            var found = new ExportReport
            {
                Form = request.Form, Texts = texts.Count, Tokens = (lengths.Min(), lengths.Max()),
                Difference = Difference(torch.Logits(texts, cancellation), logits), Bytes = new FileInfo(path).Length,
                Scores = request.Scores(folder, "fp32", cancellation),
            };
            Hold(found.Difference);
            if (request.Form.Quantization == Quantization.None)
                return found;
            Quantize(path, fp32, cancellation);
            using var int8 = Open(folder, request.MaxLength);
            return found with
            {
                Bytes = new FileInfo(path).Length,
                Scores = request.Scores(folder, "int8", cancellation),
                Quantized = Compare(fp32, int8, logits, found.Scores),
            };
        }

        void Quantize(string path, BertClassifier fp32, CancellationToken stop)
        {
            if (request.Form.Quantization == Quantization.Dynamic)
            {
                OnnxFile.Write(path, torch.Model, request.Form);
                return;
            }
            new StaticScales
            {
                Train = request.Train, Tokenizer = tokenizer, MaxLength = request.MaxLength, Fused = request.Form.Fused,
                Write = (file, products) => OnnxFile.Write(file, torch.Model, request.Form.Fused, products),
                Fp32 = rows => fp32.Logits(rows, stop),
                Written = rows =>
                {
                    using var tried = Open(Path.GetDirectoryName(path)!, request.MaxLength);
                    return tried.Logits(rows, stop);
                },
            }.WriteBest(path, stop);
        }

        QuantizationReport Compare(
            BertClassifier fp32, BertClassifier int8, IReadOnlyList<float[]> expected, IReadOnlyDictionary<string, double?>? scores)
        {
            var logits = int8.Logits(texts, cancellation);
            var timed = texts.OrderBy(t => t.First.Length).ElementAt(texts.Count / 2);
            var speed = SpeedMeasurement.Interleave(
                [("fp32", () => fp32.Logits([timed], cancellation)), ("int8", () => int8.Logits([timed], cancellation))], Warmup,
                request.IsTimed ? Rounds : 1, request.Clock, progress: null, cancellation);
            return new QuantizationReport
            {
                SameLabels = logits[0].Length == 1
                    ? null
                    : (double)logits.Zip(expected).Count(p => Highest(p.First) == Highest(p.Second)) / logits.Count,
                NeighbourDifference = Neighbours(int8),
                Fp32Scores = scores,
                Fp32 = Spread.Of([.. speed.Seconds["fp32"]]),
                Int8 = Spread.Of([.. speed.Seconds["int8"]]),
                TimedTokens = tokenizer.EncodePair(timed.First, timed.Second, request.MaxLength).Ids.Length,
            };
        }

        // The longest texts are the loudest neighbours that are at hand.
        double Neighbours(BertClassifier int8)
        {
            var asked = texts.Where((_, i) => i % Math.Max(1, texts.Count / NeighbourTexts) == 0).ToList();
            var alone = asked.Select(text => int8.Logits([text], cancellation)[0]).ToList();
            var together = int8.Logits([.. asked, .. texts.OrderByDescending(t => t.First.Length).Take(NeighbourTexts)], cancellation)
                .Take(asked.Count).ToList();
            return alone.Zip(together).All(p => p.First.Length == 1 || Highest(p.First) == Highest(p.Second) || Margin(p.First) < 1e-2)
                ? Difference(alone, together)
                : throw new ReplicationException(
                    "The exported model answers a text differently beside others; nothing was written. This is a fault of the export: "
                    + "please report it.");
        }
    }

    /// <summary>Refuses a difference to TorchSharp that is not allowed.</summary>
    internal static double Hold(double difference) =>
        difference <= Tolerance ? difference : throw new ReplicationException(string.Create(CultureInfo.InvariantCulture,
        $"The exported model's outputs differ from TorchSharp's by up to {difference:0.0e0}, and {Tolerance:0e0} is allowed; nothing "
            + $"was written. This is a fault of the export: please report it."));

    /// <summary>The largest difference of two outputs; not a number where one of them is none.</summary>
    internal static double Largest(ReadOnlySpan<float> one, ReadOnlySpan<float> other)
    {
        var most = 0.0;
        for (var i = 0; i < one.Length; i++)
            most = Math.Abs(one[i] - other[i]) is var difference && difference > most || double.IsNaN(difference) ? difference : most;
        return most;
    }

    private static BertClassifier Open(string folder, int maxLength) =>
        BertClassifier.Open(folder, new BertClassifierOptions { MaxLength = maxLength, MaxCharacters = 10_000_000 });

    /// <summary>The largest difference of the outputs of some texts.</summary>
    internal static double Difference(IReadOnlyList<float[]> one, IReadOnlyList<float[]> other)
    {
        var most = 0.0;
        foreach (var (a, b) in one.Zip(other))
            most = Largest(a, b) is var difference && difference > most || double.IsNaN(difference) ? difference : most;
        return most;
    }

    /// <summary>The place of the greatest number.</summary>
    internal static int Highest(float[] logits) => Array.IndexOf(logits, logits.Max());

    private static double Margin(float[] logits) =>
        logits.OrderDescending().Take(2).ToArray() is [var first, var second] ? first - second : double.PositiveInfinity;

    /// <summary>Copies what a model has beside its weights.</summary>
    internal static void CopyTokenizer(string source, string folder)
    {
        foreach (var name in (string[])["config.json", "vocab.txt", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json",
            "added_tokens.json", "vocab.json", "merges.txt"])
            if (File.Exists(Path.Combine(source, name)))
                File.Copy(Path.Combine(source, name), Path.Combine(folder, name));
    }
}
