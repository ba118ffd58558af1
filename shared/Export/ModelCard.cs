using System.Globalization;
using System.Text;
using Replication.Bert;
using Replication.Glue;

namespace Replication.Export;

/// <summary>Where an exported model comes from, for its card.</summary>
/// <param name="Name">What was trained.</param>
/// <param name="Origin">The run with its key and the commit that computed it, or the folder.</param>
/// <param name="Inputs">Teacher, start and data that it was trained on, with their digests; empty where that is not known.</param>
public sealed record ModelOrigin(string Name, string Origin, IReadOnlyList<string> Inputs);

/// <summary>
/// The README.md beside an exported model: what it is, what it scores and with what signature, whose data it saw and under which terms.
/// </summary>
internal static class ModelCard
{
    // As the data sets' own pages have them.
    private static readonly Dictionary<string, string> Terms = new(StringComparer.OrdinalIgnoreCase)
    {
        ["SQuAD"] = "CC BY-SA 4.0",
        ["RACE"] = "research only, not commercial",
        ["IMDb"] = "no licence is named; the authors ask to be cited",
    };

    /// <summary>The card's text.</summary>
    public static string Text(ModelOrigin origin, string folder, DevSet? dev, int threads, string processor, ExportReport report)
    {
        var config = ConfigReader.ReadGeometry(folder);
        var labels = ClassifierConfig.ReadLabels(folder);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# {origin.Name}\n\n");
        var head = ModelFolder.ReadHead(folder);
        var (answers, chooses) = (head == ModelHead.QuestionAnswering, head == ModelHead.MultipleChoice);
        text.Append(CultureInfo.InvariantCulture,
            $"A {config.Kind} {(answers ? "for question answering" : chooses ? "for multiple choice" : "classifier")} with "
            + $"{config.NumHiddenLayers} layers of {config.HiddenSize}, exported to ONNX: {report.Form}, {report.Bytes / 1e6:0.0} MB.\n\n");
        text.Append("| | |\n| --- | --- |\n");
        Row("from", origin.Origin);
        Row("trained on",
            origin.Inputs.Count == 0 ? "not known; the terms of its data and teacher hold for it too" : string.Join("<br>", origin.Inputs));
        foreach (var terms in Tasks(origin, dev).Select(TermsOf).Distinct(StringComparer.Ordinal))
            Row("terms of the data", terms);
        if (!answers && !chooses)
            Row("labels", labels is { Count: > 1 } ? string.Join(", ", labels) : "one score");
        Row("file", $"IR version {OnnxGraph.IrVersion}, opset "
            + $"{OnnxGraph.Opset}{(report.Form.Fused ? ", com.microsoft 1: ONNX Runtime alone runs it" : "")}");
        Row("inputs",
            $"input_ids, attention_mask{(BertGraph.HasTypes(config) ? ", token_type_ids" : "")}: int64 [batch, length], at most "
            + $"{ModelFolder.LongestInput(folder)} tokens");
        Row("output", answers ? "start_logits, end_logits: float [batch, length]" : "logits: float [batch, outputs]");
        Row("held to TorchSharp", string.Create(
            CultureInfo.InvariantCulture,
            $"{report.Texts} texts of {report.Tokens.Least} to {report.Tokens.Most} tokens, outputs in fp32 differ by at most "
                + $"{report.Difference:0.0e0}"));
        if (report.Scores is { } scores)
            foreach (var (metric, score) in scores)
                Row($"{dev!.Task} dev {metric}",
                    Score(score) + (report.Quantized?.Fp32Scores is { } fp32 ? $" ({Score(fp32[metric])} in fp32)" : ""));
        if (dev is not null)
            Row("signature", string.Create(
                CultureInfo.InvariantCulture,
                $"{dev.Task}/dev {dev.Size} sha256 {dev.Sha256[..12]} \\| onnx {report.Form} \\| onnxruntime "
                    + $"{RuntimeVersion} \\| cpu {processor} \\| threads {threads}"));
        var call = answers ? "BertAnswerer.Open(\"this folder\").Answer(\"A question?\", \"A passage.\")"
            : chooses ? "BertChoiceClassifier.Open(\"this folder\").PredictBatch([new ChoiceQuestion(\"A passage.\", [\"an option\", "
                + "\"another\"])])"
            : "BertClassifier.Open(\"this folder\").Predict(\"A text.\")";
        text.Append(CultureInfo.InvariantCulture, $"\nTo use it from .NET: `{call}` of the package Replication.Inference.\n");
        return text.ToString();

        void Row(string name, string value) => text.Append(CultureInfo.InvariantCulture, $"| {name} | {value} |\n");
    }

    /// <summary>Version of ONNX Runtime.</summary>
    internal static string RuntimeVersion => Microsoft.ML.OnnxRuntime.OrtEnv.Instance().GetVersionString();

    // The tasks that it was trained on, as its inputs are named, such as SST-2/Train, and the one that it was scored on.
    private static IEnumerable<string> Tasks(ModelOrigin origin, DevSet? dev) =>
        origin.Inputs.Select(input => input.Split('/')[0])
            .Where(name => GlueTasks.Find(name) is not null || TaskDownload.Find(name) is not null)
            .Concat(dev is null ? [] : [dev.Task]);

    private static string TermsOf(string task)
    {
        // SQuAD's versions and RACE's middle schools have one name before the hyphen.
        var name = task.Split('-')[0];
        return Terms.TryGetValue(name, out var terms)
            ? $"{name}: {terms}"
            : "GLUE: for research; each task's own terms are on gluebenchmark.com";
    }

    private static string Score(double? score) =>
        score is { } value ? (100 * value).ToString("0.00", CultureInfo.InvariantCulture) : "undefined";
}
