using System.CommandLine;
using System.Globalization;
using Replication.Bert;
using Replication.Measurements;
using Replication.Studies;
using Replication.Runs;
using Replication.Training;

namespace Replication.CommandLine.Verbs;

/// <summary>finetune: one model on one task's labels.</summary>
internal static class FineTuneVerb
{
    private static readonly TrainingRecipe Default = new();

    public static Command Create(VerbContext context)
    {
        var model = SharedOptions.Model("Pretrained model: a name or a folder.", SharedOptions.ModelName);
        var task = SharedOptions.Task(SharedOptions.TrainedTasks);
        var output = new Option<string>("--output") { Description = "Folder for the trained model.", HelpName = "FOLDER", Required = true };
        var recipe = OptionFactory.Text("--recipe", "JSON file with values of a training recipe; the options below go before it.", "FILE");
        var epochs = OptionFactory.Integer("--epochs", $"Passes over the training rows (default: {Default.Epochs}).", 1, 1000);
        var rate = OptionFactory.Fraction(
            "--learning-rate", string.Create(CultureInfo.InvariantCulture, $"Peak learning rate (default: {Default.LearningRate})."), 1);
        var batch = OptionFactory.Integer("--batch-size", $"Rows a step (default: {Default.BatchSize}).", 1, 4096);
        var length = OptionFactory.Integer(
            "--max-length",
            $"Longest text in tokens (default: the recipe's, or {Default.MaxLength}; IMDb and RACE 512, SQuAD 384; no more than the "
            + $"model's positions).", 4, 512);
        var seed = OptionFactory.Integer("--seed", "Seed of new weights, row order and dropout (default: 1).", 0, int.MaxValue);
        var rows = OptionFactory.Integer("--rows", "Train on the first N rows only (default: all).", 1, int.MaxValue);
        var precision = SharedOptions.Precision();
        var command = new Command(
            "finetune", "Fine-tune a model on a task.") { model, task, output, recipe, epochs, rate, batch, length, seed, rows, precision };
        command.SetAction((parse, cancellation) => Task.Run(() =>
        {
            var start = parse.GetValue(recipe) is { } file ? RecipeFile.Read(file) : Default;
            var target = ModelCopy.Target(parse.GetRequiredValue(output));
            var (name, baseModel) = (parse.GetRequiredValue(task)!, parse.GetRequiredValue(model));
            var display = context.Display(parse);
            var workspace = context.OpenWorkspace(parse);
            workspace.Models.Check(baseModel);
            var trained = (start with
            {
                Epochs = parse.GetValue(epochs) ?? start.Epochs,
                LearningRate = parse.GetValue(rate) ?? start.LearningRate,
                BatchSize = parse.GetValue(batch) ?? start.BatchSize,
                MaxLength = ModelLength.Of(
                    workspace.Models.Folder(baseModel), parse.GetValue(length),
                    parse.GetValue(recipe) is null ? ModelLength.Usual(name) : start.MaxLength),
            }).Validate();
            var data = FineTuneData.Of(workspace, name, parse.GetValue(rows));
            data.Show(display);
            Precision? named = SharedOptions.ParsePrecision(parse.GetValue(precision))
                ?? (parse.GetValue(recipe) is { } own && RecipeFile.Names(own, "precision") ? start.Precision : null);
            if (named is null)
            {
                var choice = PrecisionChoice.LoadOrMake(workspace, context.Host.Calibrate(workspace, cancellation));
                choice.Keep(workspace);
                display.Say(Words.NumberFormat(choice.Precision, choice.Reason));
                named = choice.Precision;
            }
            var spec = data.Spec(baseModel, trained with { Precision = named.Value }, parse.GetValue(seed) ?? 1);
            // Remarks on the data come before a live view is drawn.
            spec.Inputs(workspace);
            var isFinished = new RunStore(workspace).Find(spec) is not null;
            var run = display.Watch(progress => new RunExecutor(workspace, new RunStore(workspace), progress).Run(spec, cancellation));
            if (isFinished)
                display.Say($"Nothing was trained: the same run was finished "
                    + $"{run.Manifest.Finished.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC and is in "
                    + $"{run.Path}.");
            ModelCopy.Write(run, target);
            ScoreView.Show(display, data.Task, run.Result.Scores, target, data.Files);
            if (DataContamination.Of([run.Manifest]) is { } seen)
                display.Say(seen);
            display.Say($"The model is in {target}.");
            return 0;
        }));
        return command;
    }
}
