using System.CommandLine;
using System.Globalization;
using Replication.Bert;
using Replication.Glue;
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
        var task = SharedOptions.Task();
        var output = new Option<string>("--output") { Description = "Folder for the trained model.", HelpName = "FOLDER", Required = true };
        var recipe = OptionFactory.Text("--recipe", "JSON file with values of a training recipe; the options below go before it.", "FILE");
        var epochs = OptionFactory.Integer("--epochs", $"Passes over the training rows (default: {Default.Epochs}).", 1, 1000);
        var rate = OptionFactory.Fraction("--learning-rate", string.Create(CultureInfo.InvariantCulture, $"Peak learning rate (default: {Default.LearningRate})."), 1);
        var batch = OptionFactory.Integer("--batch-size", $"Rows a step (default: {Default.BatchSize}).", 1, 4096);
        var length = OptionFactory.Integer("--max-length", $"Longest text in tokens (default: {Default.MaxLength}).", 4, 512);
        var seed = OptionFactory.Integer("--seed", "Seed of new weights, row order and dropout (default: 1).", 0, int.MaxValue);
        var rows = OptionFactory.Integer("--rows", "Train on the first N rows only (default: all).", 1, int.MaxValue);
        var precision = SharedOptions.Precision();
        var command = new Command("finetune", "Fine-tune a model on a task.") { model, task, output, recipe, epochs, rate, batch, length, seed, rows, precision };
        command.SetAction((parse, cancellation) => Task.Run(() =>
        {
            var start = parse.GetValue(recipe) is { } file ? RecipeFile.Read(file) : Default;
            var target = ModelCopy.Target(parse.GetRequiredValue(output));
            var spec = new FineTuneSpec
            {
                Selection = new TaskSelection { Task = parse.GetRequiredValue(task)!, Rows = parse.GetValue(rows) },
                BaseModel = parse.GetRequiredValue(model),
                Recipe = (start with
                {
                    Epochs = parse.GetValue(epochs) ?? start.Epochs,
                    LearningRate = parse.GetValue(rate) ?? start.LearningRate,
                    BatchSize = parse.GetValue(batch) ?? start.BatchSize,
                    MaxLength = parse.GetValue(length) ?? start.MaxLength,
                }).Validate(),
                Seed = parse.GetValue(seed) ?? 1,
            };
            var display = context.Display(parse);
            var workspace = context.OpenWorkspace(parse);
            var glueTask = GlueTasks.Parse(spec.Selection.Task);
            List<GlueSplit> splits = [.. spec.Selection.Splits(glueTask)];
            workspace.Glue.CheckGiven(glueTask, splits);
            var sets = splits.ConvertAll(split => workspace.Glue.Load(glueTask, split));
            ScoreView.ShowData(display, sets);
            Precision? named = SharedOptions.ParsePrecision(parse.GetValue(precision))
                ?? (parse.GetValue(recipe) is { } own && RecipeFile.Names(own, "precision") ? start.Precision : null);
            if (named is null)
            {
                var choice = PrecisionChoice.LoadOrMake(workspace, context.Host.Calibrate(workspace, cancellation));
                choice.Keep(workspace);
                display.Say(Words.NumberFormat(choice.Precision, choice.Reason));
                named = choice.Precision;
            }
            spec = spec with { Recipe = spec.Recipe with { Precision = named.Value } };
            // What is to be said of the data is said before a live view is drawn.
            spec.Inputs(workspace);
            var isFinished = new RunStore(workspace).Find(spec) is not null;
            var run = display.Watch(progress => new RunExecutor(workspace, new RunStore(workspace), progress).Run(spec, cancellation));
            if (isFinished)
                display.Say($"Nothing was trained: this very run was finished {run.Manifest.Finished.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC and lies in {run.Path}.");
            ModelCopy.Write(run, target);
            ScoreView.Show(display, spec.Selection.Task, run.Result.Scores, target, sets);
            if (DataContamination.Of([run.Manifest]) is { } seen)
                display.Say(seen);
            display.Say($"The model is in {target}.");
            return 0;
        }));
        return command;
    }
}
