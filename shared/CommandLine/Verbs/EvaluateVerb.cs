using System.CommandLine;
using Replication.Glue;
using Replication.Runs;
using Replication.Training;

namespace Replication.CommandLine.Verbs;

/// <summary>evaluate: a model folder's scores on a task's dev set, with its predictions and a file for GLUE's server.</summary>
internal static class EvaluateVerb
{
    public static Command Create(VerbContext context)
    {
        var model = SharedOptions.Model("Folder of a trained or exported model.", "FOLDER");
        var task = SharedOptions.Task();
        var length = OptionFactory.Integer("--max-length", "Longest text in tokens (default: 128).", 4, 512);
        var predictions = OptionFactory.Text("--predictions", "Write the predictions for the dev set here; for MNLI's second one '-mm' is added.", "FILE.tsv");
        var submission = OptionFactory.Text("--submission", "Write the predictions for the hidden test set here, as GLUE's server takes them.", "FILE.zip");
        var command = new Command("evaluate", "Score a model folder on a task's dev set.") { model, task, length, predictions, submission };
        command.SetAction((parse, cancellation) => Task.Run(() =>
        {
            var folder = parse.GetRequiredValue(model);
            var glueTask = GlueTasks.Parse(parse.GetRequiredValue(task)!);
            var splits = GlueTasks.Splits(glueTask).Where(s => s is GlueSplit.Dev or GlueSplit.DevMismatched).ToList();
            CheckOutputs(parse.GetValue(predictions), parse.GetValue(submission), splits);
            var display = context.Display(parse);
            var workspace = context.OpenWorkspace(parse);
            workspace.Glue.CheckGiven(glueTask, splits);
            var sets = splits.ConvertAll(split => workspace.Glue.Load(glueTask, split));
            ScoreView.ShowData(display, sets);
            using var evaluated = new EvaluatedModel(folder, glueTask, parse.GetValue(length) ?? 128, workspace, parse.GetValue(context.Common.Threads));
            if (evaluated.AssumesOrder)
                context.Host.Error.WriteLine($"warning: the model in {folder} names no classes; {glueTask}'s order was assumed: {string.Join(", ", glueTask.Labels)}.");
            var scores = new Dictionary<string, IReadOnlyDictionary<string, double?>>(StringComparer.Ordinal);
            foreach (var split in splits)
            {
                var (data, logits) = evaluated.Run(split, cancellation);
                scores[split == GlueSplit.Dev ? "dev" : "dev-mm"] = GlueScorer.Score(glueTask, logits, [.. data.Examples.Select(e => e.Label ?? float.NaN)]);
                if (parse.GetValue(predictions) is { } path)
                    PredictionFile.Write(PredictionsOf(split, path), data, logits);
            }
            ScoreView.Show(display, glueTask.Name, scores, folder, sets);
            if (parse.GetValue(submission) is { } zip)
                Submit(evaluated, glueTask, zip, display, cancellation);
            return 0;
        }));
        return command;
    }

    private static void CheckOutputs(string? predictions, string? submission, IEnumerable<GlueSplit> splits)
    {
        foreach (var path in predictions is null ? [] : splits.Select(split => PredictionsOf(split, predictions)))
            OutputCheck.File("--predictions", path);
        if (submission is null)
            return;
        OutputCheck.File("--submission", submission);
        Directory.Delete(TemporaryFolder());
    }

    private static string TemporaryFolder() =>
        StorageFailure.Explain("Cannot use the temporary folder (TMPDIR)", Path.GetTempPath(), () => Directory.CreateTempSubdirectory("submission-").FullName);

    private static string PredictionsOf(GlueSplit split, string path) => split == GlueSplit.Dev ? path
        : Path.Combine(Path.GetDirectoryName(path) ?? "", Path.GetFileNameWithoutExtension(path) + "-mm" + Path.GetExtension(path));

    private static void Submit(EvaluatedModel model, GlueTask task, string zip, Display display, CancellationToken cancellation)
    {
        var folder = TemporaryFolder();
        try
        {
            foreach (var split in GlueTasks.Splits(task).Where(GlueTasks.IsHidden))
                SubmissionFile.Write(task, split, GlueScorer.Predictions(task, model.Run(split, cancellation).Logits), folder);
            var lacking = SubmissionFile.Zip(folder, zip);
            display.Say($"{zip} holds the predictions for {task}; the server also wants {string.Join(", ", lacking)}.");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private sealed class EvaluatedModel : IDisposable
    {
        private readonly ITextClassifier _model;
        private readonly LabelOrder _order;
        private readonly GlueTask _task;
        private readonly Workspace _workspace;

        public EvaluatedModel(string folder, GlueTask task, int maxLength, Workspace workspace, int? threads)
        {
            (_task, _workspace) = (task, workspace);
            _model = TextClassifiers.Open(folder, maxLength, workspace.Environment.Device, threads);
            try
            {
                _order = LabelOrder.Of(folder, _model.Labels, task);
            }
            catch
            {
                _model.Dispose();
                throw;
            }
        }

        /// <summary>Whether the model names no classes.</summary>
        public bool AssumesOrder => _order.IsAssumed;

        public (GlueDataset Data, IReadOnlyList<float[]> Logits) Run(GlueSplit split, CancellationToken cancellation)
        {
            var data = _workspace.Glue.Load(_task, split);
            return (data, [.. _model.Logits([.. data.Examples.Select(e => new TextInput(e.Sentence1, e.Sentence2))], cancellation).Select(_order.Sort)]);
        }

        public void Dispose() => _model.Dispose();
    }
}
