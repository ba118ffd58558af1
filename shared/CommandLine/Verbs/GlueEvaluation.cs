using System.CommandLine;
using Replication.Glue;
using Replication.Runs;
using Replication.Training;

namespace Replication.CommandLine.Verbs;

/// <summary>evaluate on a task of GLUE, or on IMDb.</summary>
internal sealed class GlueEvaluation(VerbContext context, EvaluateOptions options, ParseResult parse, string folder, GlueTask task)
{
    public int Run(CancellationToken cancellation)
    {
        var splits = GlueTasks.Splits(task).Where(s => s is GlueSplit.Dev or GlueSplit.DevMismatched).ToList();
        CheckOutputs(splits);
        var length = ModelLength.Of(folder, parse.GetValue(options.Length), task.Name == GlueTasks.Imdb.Name ? 512 : 128);
        var display = context.Display(parse);
        var workspace = context.OpenWorkspace(parse);
        workspace.Glue.CheckGiven(task, splits);
        var sets = splits.ConvertAll(split => workspace.Glue.Load(task, split));
        ScoreView.ShowData(display, sets);
        using var evaluated = new EvaluatedModel(folder, task, length, workspace, parse.GetValue(context.Common.Threads));
        if (evaluated.AssumesOrder)
            context.Host.Error.WriteLine(
                $"warning: the model in {folder} names no classes; {task}'s order was assumed: {string.Join(", ", task.Labels)}.");
        var scores = new Dictionary<string, IReadOnlyDictionary<string, double?>>(StringComparer.Ordinal);
        foreach (var split in splits)
        {
            var (data, logits) = evaluated.Run(task, split, display, cancellation);
            scores[split == GlueSplit.Dev ? "dev" : "dev-mm"] =
                GlueScorer.Score(task, logits, [.. data.Examples.Select(e => e.Label ?? float.NaN)]);
            if (parse.GetValue(options.Predictions) is { } path)
                PredictionFile.Write(PredictionsOf(split, path), data, logits);
        }
        ScoreView.Show(display, task.Name, scores, folder, sets);
        if (parse.GetValue(options.Submission) is { } zip)
            Submit(evaluated, workspace, zip, display, cancellation);
        return 0;
    }

    private void CheckOutputs(IReadOnlyList<GlueSplit> splits)
    {
        if (task.Name == GlueTasks.Imdb.Name)
            EvaluateOptions.RefuseOthers(parse, task.Name, options.Submission);
        foreach (var path in parse.GetValue(options.Predictions) is { } predictions
            ? splits.Select(split => PredictionsOf(split, predictions))
            : [])
            OutputCheck.File("--predictions", path);
        if (parse.GetValue(options.Submission) is not { } submission)
            return;
        OutputCheck.File("--submission", submission);
        Directory.Delete(TemporaryFolder());
    }

    private static string TemporaryFolder() =>
        StorageFailure.Explain(
            "Cannot use the temporary folder (TMPDIR)", Path.GetTempPath(), () => Directory.CreateTempSubdirectory("submission-").FullName);

    private static string PredictionsOf(GlueSplit split, string path) => split == GlueSplit.Dev ? path
        : Path.Combine(Path.GetDirectoryName(path) ?? "", Path.GetFileNameWithoutExtension(path) + "-mm" + Path.GetExtension(path));

    // The diagnostic set is answered by the model that was trained on MNLI.
    private void Submit(EvaluatedModel model, Workspace workspace, string zip, Display display, CancellationToken cancellation)
    {
        var folderOfFiles = TemporaryFolder();
        try
        {
            var sets = GlueTasks.Splits(task).Where(GlueTasks.IsHidden).Select(split => (Task: task, Split: split)).ToList();
            if (task.Name == GlueTasks.Mnli.Name && workspace.Glue.Has(GlueTasks.Diagnostic, GlueSplit.Test))
                sets.Add((GlueTasks.Diagnostic, GlueSplit.Test));
            foreach (var (set, split) in sets)
                SubmissionFile.Write(
                    set, split, GlueScorer.Predictions(set, model.Run(set, split, display, cancellation).Logits), folderOfFiles);
            var lacking = SubmissionFile.Zip(folderOfFiles, zip);
            display.Say($"{zip} holds the predictions for {string.Join(" and ", sets.Select(set => set.Task.Name).Distinct())}; the "
                + $"server also wants {string.Join(", ", lacking)}.");
        }
        finally
        {
            Directory.Delete(folderOfFiles, recursive: true);
        }
    }

    private sealed class EvaluatedModel : IDisposable
    {
        private readonly ITextClassifier _model;
        private readonly LabelOrder _order;
        private readonly Workspace _workspace;

        public EvaluatedModel(string folder, GlueTask task, int maxLength, Workspace workspace, int? threads)
        {
            _workspace = workspace;
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

        public (GlueDataset Data, IReadOnlyList<float[]> Logits) Run(
            GlueTask task, GlueSplit split, Display display, CancellationToken cancellation)
        {
            var data = _workspace.Glue.Load(task, split);
            return display.Watch<(GlueDataset, IReadOnlyList<float[]>)>(progress =>
            {
                progress.Aside($"evaluating {task} {split}", 0, data.Examples.Count, "rows");
                return (data,
                    [.. _model.Logits([.. data.Examples.Select(e => new TextInput(e.Sentence1, e.Sentence2))], cancellation)
                    .Select(_order.Sort)]);
            });
        }

        public void Dispose() => _model.Dispose();
    }
}
