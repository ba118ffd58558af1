using System.CommandLine;
using System.Globalization;
using Replication.Bert;
using Replication.Export;
using Replication.Glue;
using Replication.Runs;
using Replication.Training;

namespace Replication.CommandLine;

/// <summary>The options of 'export --format onnx', and what it says.</summary>
internal sealed class OnnxOptions
{
    /// <summary>The value of --format that asks for it.</summary>
    public const string Format = "onnx";

    // Half a point is what people call a loss that matters.
    private const double LoudLoss = 0.005;

    private readonly Option<string?> _fuse = OptionFactory.Choice(
        "--fuse", "With --format onnx: operators that only ONNX Runtime knows and that are faster there, or ONNX's own (default: none).",
        "none", "onnxruntime");

    private readonly Option<string?> _quantize = OptionFactory.Choice(
        "--quantize",
        "With --format onnx: products of bytes, their scales found for each token, or beforehand on training rows of --task (default: "
        + "none).",
        "none", "int8", "int8-static");

    private readonly Option<int?> _maxLength =
        OptionFactory.Integer(
            "--max-length",
            "With --format onnx: longest text in tokens that is compared and scored (default: 128, or with --task evaluate's).", 4, 512);

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_fuse);
        command.Add(_quantize);
        command.Add(_maxLength);
    }

    /// <summary>Refuses them where another format is written.</summary>
    /// <exception cref="ReplicationException">One was given.</exception>
    public void RefuseIn(ParseResult parse)
    {
        foreach (var option in (Option[])[_fuse, _quantize, _maxLength])
            if (parse.GetResult(option) is { Implicit: false })
                throw new ReplicationException($"{option.Name} goes with --format {Format} alone.", ReplicationException.UsageError);
    }

    /// <summary>Exports a folder and says what was found.</summary>
    /// <param name="parse">The words.</param>
    /// <param name="source">The model's folder.</param>
    /// <param name="target">The folder that is written.</param>
    /// <param name="task">The name of the task whose dev set is compared and scored; null for none.</param>
    /// <param name="origin">Where the model comes from.</param>
    /// <param name="workspace">Data and clock.</param>
    /// <param name="display">Where it is said.</param>
    /// <param name="cancellation">Ends it.</param>
    public void Write(
        ParseResult parse, string source, string target, string? task, ModelOrigin origin, Workspace workspace, Display display,
        CancellationToken cancellation)
    {
        var quantization = parse.GetValue(
            _quantize) switch { "int8" => Quantization.Dynamic, "int8-static" => Quantization.Static, _ => Quantization.None };
        var head = ModelFolder.ReadHead(source) is var told and (ModelHead.QuestionAnswering or ModelHead.MultipleChoice)
            ? told
            : ModelHead.SequenceClassification;
        var dev = task is null ? null : DevSet.Of(task, workspace.Glue);
        if (dev is not null && dev.Head != head)
            throw new ReplicationException(
                $"The model in {source} is for {Purpose(head)}, and {task} is {Purpose(dev.Head)}; leave --task out, or name its own.",
                ReplicationException.UsageError);
        var request = new OnnxExportRequest
        {
            Source = source,
            Form = new OnnxForm(quantization, parse.GetValue(_fuse) == "onnxruntime"),
            MaxLength = ModelLength.Of(source, parse.GetValue(_maxLength), ModelLength.Usual(task)),
            Dev = dev,
            Train = task is not null && quantization == Quantization.Static ? DevSet.TrainingTexts(task, workspace.Glue) : null,
            Clock = workspace.Clock,
        };
        var threads = Environment.ProcessorCount;
        var processor = workspace.Processor.Name;
        var report = display.Watch(progress => (head == ModelHead.SequenceClassification ? (ExportTo)OnnxExport.Write : HeadExport.Write)(
            request with { OnTexts = (what, done, all) => progress.Aside(what, done, all, "texts") }, target,
            found => ModelCard.Text(origin, source, dev, threads, processor, found), cancellation));
        foreach (var line in Lines(report, dev, threads))
            display.Say(line);
        display.Result($"{origin.Name} is in {target}.", new { Event = "export", Label = origin.Name, Model = target, Report = report });
    }

    private delegate ExportReport ExportTo(
        OnnxExportRequest request, string target, Func<ExportReport, string> card, CancellationToken cancellation);

    private static string Purpose(ModelHead head) => head switch
    {
        ModelHead.QuestionAnswering => "question answering", ModelHead.MultipleChoice => "multiple choice", _ => "labelling texts",
    };

    /// <summary>What was found, a sentence a line.</summary>
    /// <param name="report">What was found.</param>
    /// <param name="dev">The dev set that was scored; null for none.</param>
    /// <param name="threads">Threads that were timed.</param>
    internal static IEnumerable<string> Lines(ExportReport report, DevSet? dev, int threads)
    {
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"{report.Form}: {report.Bytes / 1e6:0.0} MB. In fp32 equal to TorchSharp on {report.Texts} texts of {report.Tokens.Least} "
                + $"to {report.Tokens.Most} tokens: outputs differ by at most {report.Difference:0.0e0} ({OnnxExport.Tolerance:0e0} is "
                + $"allowed).");
        foreach (var (metric, score) in report.Scores ?? new Dictionary<string, double?>())
        {
            var fp32 = report.Quantized?.Fp32Scores?[metric];
            var lost = fp32 is null
                ? ""
                : FormattableString.Invariant($", {100 * fp32:0.00} in fp32: {100 * (fp32 - score):0.00} points lost");
            yield return FormattableString.Invariant($"{dev!.Task} dev ({dev.Size}): {metric} {100 * score:0.00}{lost}.");
            if (fp32 - score > LoudLoss)
                yield return $"WARNING: quantisation costs more than half a point of {metric} here; try the other kind of scales, or "
                    + $"ship fp32.";
        }
        if (report.Quantized is not { } quantized)
            yield break;
        var kept = quantized.SameLabels is { } same
            ? FormattableString.Invariant($"; {100 * same:0.0} % of the texts are answered as in fp32")
            : "";
        yield return FormattableString.Invariant(
            $"A text alone and beside others: outputs differ by at most {quantized.NeighbourDifference:0.0e0}{kept}.");
        var gain = quantized.Fp32.Median / quantized.Int8.Median;
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"One text of {quantized.TimedTokens} tokens, {threads} threads, median of {quantized.Int8.Count} (median deviation): "
                + $"{Ms(quantized.Fp32)} in fp32, {Ms(quantized.Int8)} in int8, {gain:0.00} times as fast.");
        if (gain < 1)
            yield return $"WARNING: int8 is slower than fp32 on this processor{(Vnni.IsSupported() ? "" : ", which has no VNNI")}; it "
                + $"is smaller all the same.";
        else if (!Vnni.IsSupported())
            yield return "This processor has no VNNI; one that has gains more from int8.";

        static string Ms(Measurements.Spread spread) =>
            string.Create(CultureInfo.InvariantCulture, $"{1e3 * spread.Median:0.00} ms (± {1e3 * spread.Mad:0.00})");
    }
}
