using System.CommandLine;
using Replication.Bert;
using Replication.Distillation;
using Replication.Export;
using Replication.Glue;
using Replication.Glue.Race;
using Replication.Runs;
using Replication.Training;
using TorchSharp;

namespace Replication.CommandLine.Verbs;

/// <summary>evaluate on RACE's dev set: middle school, high school and both together.</summary>
internal sealed class RaceEvaluation(VerbContext context, EvaluateOptions options, ParseResult parse, string folder)
{
    private const string Evaluating = "evaluating RACE";

    public int Run(CancellationToken cancellation)
    {
        EvaluateOptions.RefuseOthers(parse, TaskDownload.Race, options.Submission);
        if (parse.GetValue(options.Predictions) is { } path)
            OutputCheck.File("--predictions", path);
        var (isOnnx, device) = (TextClassifiers.IsOnnx(folder), context.Device(parse));
        if (isOnnx)
            TextClassifiers.OnCpu(folder, device);
        else
            TeacherGuard.Check(folder, RaceEncoder.Task, role: "model");
        var length = ModelLength.Of(folder, parse.GetValue(options.Length), usual: 512);
        var display = context.Display(parse);
        var workspace = context.OpenWorkspace(parse);
        var dev = workspace.Glue.Tasks.Race(RaceSplit.Dev);
        var shown = new ScoredData(TaskDownload.Race, nameof(RaceSplit.Dev), "dev set", dev.Source, dev.Questions.Count);
        ScoreView.ShowData(display, shown);
        var data = RaceEncoder.Encode(dev.Questions, ModelFolder.OpenTokenizer(folder), length);
        var evaluation = display.Watch(progress => isOnnx
            ? ExportedChoices.Evaluate(
                folder, data, parse.GetValue(context.Common.Threads), cancellation,
                (done, all) => progress.Aside(Evaluating, done, all, "texts"))
            : Trained(data, workspace, cancellation, done => progress.Aside(Evaluating, done, data.Examples.Count, "questions")));
        if (parse.GetValue(options.Predictions) is { } predictions)
            PredictionFile.Write(predictions, data, evaluation.Logits);
        ScoreView.Show(display, shown, evaluation.Named("dev").ToDictionary(StringComparer.Ordinal), folder);
        return 0;
    }

    private Evaluation Trained(EncodedDataset data, Workspace workspace, CancellationToken cancellation, Action<int> onRows)
    {
        using var model = RaceEncoder.Task.OpenClassifier(folder);
        model.to(workspace.Device);
        return Evaluator.Evaluate(model, data, workspace.Device, cancellation, onRows);
    }
}
