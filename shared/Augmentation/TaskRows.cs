using Replication.Bert;
using Replication.Bert.Tokenization;
using Replication.Glue;
using Replication.Runs;
using Replication.Training;

namespace Replication.Augmentation;

/// <summary>A task's rows as distillation trains on them: the original ones, or with those that were made of them.</summary>
public static class TaskRows
{
    /// <summary>Reads and tokenises them, once per workspace.</summary>
    /// <param name="context">The run, which needs the augmentation's.</param>
    /// <param name="selection">The original rows.</param>
    /// <param name="vocabularyModel">Model whose vocabulary is used.</param>
    /// <param name="maxLength">Longest sequence in tokens.</param>
    /// <param name="augmentation">The augmented rows, which hold the original ones; null for these alone.</param>
    public static TaskData Load(
        RunContext context, TaskSelection selection, string vocabularyModel, int maxLength, AugmentationSpec? augmentation)
    {
        var workspace = context.Workspace;
        var data = TaskData.Load(workspace, selection, vocabularyModel, maxLength);
        if (augmentation is null)
            return data;
        var run = context.Need(augmentation);
        return workspace.Cache.GetOrMake($"augmented {run.Manifest.Key} {vocabularyModel} {maxLength}", () =>
        {
            var rows = new GlueDataset(data.Task, GlueSplit.Train, AugmentationSpec.Read(run, data.Task), "", "");
            var pieces = ModelFolder.OpenTokenizer(workspace.Models.Folder(vocabularyModel));
            return data with { Train = Encoder.Encode(rows, pieces, maxLength) };
        });
    }

    /// <summary>The cost of a training on them.</summary>
    public static RunWork Work(
        Workspace workspace, TaskSelection selection, string model, TrainingRecipe recipe, BertConfig config,
        AugmentationSpec? augmentation) =>
        TaskTraining.Work(TaskData.Load(workspace, selection, model, recipe.MaxLength), config, recipe, Multiple(augmentation));

    /// <summary>The floating-point operations of another model's passes over all rows of that training.</summary>
    public static double ForwardFlops(
        Workspace workspace, TaskSelection selection, string model, TrainingRecipe recipe, BertConfig config,
        AugmentationSpec? augmentation) =>
        TaskTraining.ForwardFlops(TaskData.Load(workspace, selection, model, recipe.MaxLength), config, recipe, Multiple(augmentation));

    /// <summary>By how much augmentation multiplies the original rows, for estimates: 1 without.</summary>
    public static int Multiple(AugmentationSpec? augmentation) => 1 + (augmentation?.Settings.RowsPerRow ?? 0);
}
