using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Replication.Bert;
using Replication.Training;

namespace Replication.CommandLine.Verbs;

/// <summary>
/// predict: a model folder on lines of text, whose parts (two sentences, question and passage, passage and options) have tabs between them.
/// </summary>
internal static class PredictVerb
{
    public static Command Create(VerbContext context)
    {
        var model = SharedOptions.Model("Folder of a trained or exported model.", "FOLDER");
        var input = OptionFactory.Text(
            "--input", "File with a text a line, or two with a tab between them; a question and its passage, or SQuAD's JSON; or a "
                + "passage, a question and options (default: -, standard input).", "FILE|-");
        var length = OptionFactory.Integer(
            "--max-length", "Longest text in tokens (default: 128; for answers 384 and for options 512; or the model's positions).", 4,
            512);
        var threshold = OptionFactory.Number(
            "--null-threshold", "For answers: none where the null score exceeds the best answer's by more (default: there is always one).");
        var command =
            new Command("predict",
                "Label lines of text with a model folder, answer questions on passages, or choose among options: tab-separated or as "
                + "JSON.") { model, input, length, threshold };
        command.SetAction((parse, cancellation) => Task.Run(() =>
        {
            var (folder, asked, device, threads) =
                (parse.GetRequiredValue(model), parse.GetValue(length), context.Device(parse), parse.GetValue(context.Common.Threads));
            var path = parse.GetValue(input) ?? "-";
            if (path == "-" && !context.Host.Input.CanRead)
                throw new ReplicationException("Standard input is closed; name a file with --input, or send lines to standard input.");
            if (!TextClassifiers.IsOnnx(folder))
                TorchSetup.Prepare(device, threads);
            var json = parse.GetValue(context.Common.Json);
            var head = ModelFolder.ReadHead(folder);
            if (head == ModelHead.QuestionAnswering && path.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
            {
                using var answerer = OpenAnswerer(folder, asked, device, threads);
                PredictedAnswers.WriteFile(
                    answerer, new AnswerSearch(NullThreshold: parse.GetValue(threshold)), path, context.Host.Output, json, cancellation);
                return 0;
            }
            using var file = path == "-" ? null : Open(path, cancellation);
            // Standard input is left open: a read that waits for it cannot be called back.
            var reader = new TextLineReader(file ?? context.Host.Input, file is null ? "standard input" : path, marked: true);
            var lines = LineBatches.Of(reader.ReadLine, full: file is { CanSeek: true }, cancellation)
                .TakeWhile(_ => context.Host.HasReader());
            switch (head)
            {
                case ModelHead.QuestionAnswering:
                    using (var answerer = OpenAnswerer(folder, asked, device, threads))
                        PredictedAnswers.Write(
                            answerer, new AnswerSearch(NullThreshold: parse.GetValue(threshold)), lines, context.Host.Output, json,
                            cancellation);
                    break;
                case ModelHead.MultipleChoice:
                    using (var chooser = TextClassifiers.OpenChooser(folder, asked, device, threads))
                        PredictedChoices.Write(chooser, lines, context.Host.Output, json, cancellation);
                    break;
                default:
                    using (var classifier = TextClassifiers.Open(folder, ModelLength.Of(folder, asked, 128), device, threads))
                        Write(classifier, lines, context.Host.Output, json, cancellation);
                    break;
            }
            return 0;
        }));
        return command;
    }

    private static IQuestionAnswerer OpenAnswerer(string folder, int? length, string device, int? threads) =>
        TextClassifiers.OpenAnswerer(folder, new Windowing(ModelLength.Of(folder, length, new Windowing().MaxLength)), device, threads);

    private static void Write(
        ITextClassifier classifier, IEnumerable<IReadOnlyList<string>> batches, TextWriter output, bool json,
        CancellationToken cancellation)
    {
        if (!json)
            output.WriteLine(
                classifier.Labels.Count == 0 ? "score" : $"label\t{string.Join('\t', classifier.Labels.Select(ShownText.Line))}");
        foreach (var lines in batches)
        {
            foreach (var prediction in classifier.PredictBatch([.. lines.Select(Pair)], cancellation))
                output.WriteLine(json ? ToJson(classifier, prediction) : ToText(prediction));
            output.Flush();
        }
    }

    private static string ToText(Prediction prediction) =>
        new StringBuilder(ShownText.Line(prediction.Label))
            .AppendJoin("", prediction.Probabilities.Select(p => "\t" + p.ToString("0.0000", CultureInfo.InvariantCulture))).ToString();

    private static string ToJson(ITextClassifier classifier, Prediction prediction) => JsonSerializer.Serialize(
        prediction.Score is { } score
            ? (object)new { Score = score }
            : new { prediction.Label, Probabilities = classifier.Labels.Zip(prediction.Probabilities)
                .ToDictionary(p => p.First, p => p.Second, StringComparer.Ordinal) },
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
