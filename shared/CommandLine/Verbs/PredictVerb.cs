using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Replication.CommandLine.Verbs;

/// <summary>predict: a model folder on lines of text; the two sentences of a pair have a tab between them.</summary>
internal static class PredictVerb
{
    public static Command Create(VerbContext context)
    {
        var model = SharedOptions.Model("Folder of a trained or exported model.", "FOLDER");
        var input = OptionFactory.Text("--input", "File with a text a line, or two with a tab between them (default: -, standard input).", "FILE|-");
        var length = OptionFactory.Integer("--max-length", "Longest text in tokens (default: 128).", 4, 512);
        var command = new Command("predict", "Label lines of text with a model folder: label and probabilities, tab-separated or as JSON.") { model, input, length };
        command.SetAction((parse, cancellation) => Task.Run(() =>
        {
            var threads = parse.GetValue(context.Common.Threads);
            if (!TextClassifiers.IsOnnx(parse.GetRequiredValue(model)))
                TorchSetup.Prepare(context.Device(parse), threads, context.Processor);
            using var classifier = TextClassifiers.Open(parse.GetRequiredValue(model), parse.GetValue(length) ?? 128, context.Device(parse), threads);
            var path = parse.GetValue(input) ?? "-";
            using var file = path == "-" ? null : Open(path, cancellation);
            // Standard input is left open: a read that waits for it cannot be called back.
            var reader = new TextLineReader(file ?? context.Host.Input, file is null ? "standard input" : path, marked: true);
            var lines = LineBatches.Of(reader.ReadLine, full: file is { CanSeek: true }, cancellation);
            Write(classifier, lines, context.Host.Output, parse.GetValue(context.Common.Json), cancellation);
            return 0;
        }));
        return command;
    }

    private static void Write(ITextClassifier classifier, IEnumerable<IReadOnlyList<string>> batches, TextWriter output, bool json, CancellationToken cancellation)
    {
        if (!json)
            output.WriteLine(classifier.Labels.Count == 0 ? "score" : $"label\t{string.Join('\t', classifier.Labels.Select(ShownText.Line))}");
        foreach (var lines in batches)
        {
            foreach (var prediction in classifier.PredictBatch([.. lines.Select(Pair)], cancellation))
                output.WriteLine(json ? ToJson(classifier, prediction) : ToText(prediction));
            output.Flush();
        }
    }

    private static string ToText(Prediction prediction) =>
        new StringBuilder(ShownText.Line(prediction.Label)).AppendJoin("", prediction.Probabilities.Select(p => "\t" + p.ToString("0.0000", CultureInfo.InvariantCulture))).ToString();

    private static string ToJson(ITextClassifier classifier, Prediction prediction) => JsonSerializer.Serialize(
        prediction.Score is { } score
            ? (object)new { Score = score }
            : new { prediction.Label, Probabilities = classifier.Labels.Zip(prediction.Probabilities).ToDictionary(p => p.First, p => p.Second, StringComparer.Ordinal) },
        Json.Compact);

    private static TextInput Pair(string line) => line.Split('\t', 2) is [var first, var second] ? new TextInput(first, second) : line;

    private static FileStream Open(string input, CancellationToken cancellation)
    {
        try
        {
            // A named pipe opens when somebody writes to it, which Ctrl-C need not wait for.
            return Task.Run(() => File.OpenRead(input), cancellation).WaitAsync(cancellation).GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ReplicationException($"--input is {input}, which cannot be read: {e.Message}", ReplicationException.UsageError, e);
        }
    }
}
