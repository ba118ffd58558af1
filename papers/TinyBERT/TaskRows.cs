using Replication.Augmentation;
using Replication.Bert.Tokenization;
using Replication.Glue;
using Replication.Runs;
using Replication.Training;

namespace Replication.TinyBERT;

/// <summary>A task's rows as the task steps train on them: the original ones, or with those that were made of them.</summary>
internal static class TaskRows
{
    /// <summary>Reads and tokenises them, once per workspace.</summary>
    public static TaskData Load(RunContext context, TaskSelection selection, string vocabularyModel, int maxLength, AugmentationSpec? augmentation)
    {
        var workspace = context.Workspace;
        var data = TaskData.Load(workspace, selection, vocabularyModel, maxLength);
        if (augmentation is null)
            return data;
        var run = context.Need(augmentation);
        return workspace.Memo.GetOrMake($"augmented {run.Manifest.Key} {vocabularyModel} {maxLength}", () =>
        {
            var rows = new GlueDataset(data.Task, GlueSplit.Train, AugmentationSpec.Read(run, data.Task), "", "");
            var pieces = WordPiece.FromVocabulary(Path.Combine(workspace.Models.Folder(vocabularyModel), "vocab.txt"));
            return data with { Train = Encoder.Encode(rows, pieces, maxLength) };
        });
    }

    /// <summary>The cost of a training on them: augmentation multiplies the original rows.</summary>
    public static RunWork Work(Workspace workspace, TaskSelection selection, string model, TrainingRecipe recipe, Bert.BertConfig config, AugmentationSpec? augmentation)
    {
        var work = TaskTraining.Work(TaskData.Load(workspace, selection, model, recipe.MaxLength), config, recipe);
        return work with { TrainingFlops = work.TrainingFlops * (1 + (augmentation?.Settings.RowsPerRow ?? 0)) };
    }
}
