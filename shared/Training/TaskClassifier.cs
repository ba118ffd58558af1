using Replication.Bert;
using Replication.Glue;

namespace Replication.Training;

/// <summary>Classifiers for a task: as many outputs as it has classes, in its order, or one for each of its options.</summary>
public static class TaskClassifier
{
    /// <summary>
    /// Opens a model that was fine-tuned on a task; where its config.json names the classes in another order, they are put in the task's.
    /// </summary>
    /// <param name="task">The task.</param>
    /// <param name="folder">The model's folder.</param>
    /// <exception cref="ReplicationException">A file is missing or damaged, or the classifier is another task's.</exception>
    public static BertForSequenceClassification OpenClassifier(this GlueTask task, string folder)
    {
        var order = Order(task, folder);
        var model = ModelFolder.OpenClassifier(folder, task.Outputs, choices: task.Choices);
        if (order is not null)
            model.Reorder(order.Places);
        return model;
    }

    /// <summary>
    /// Where a task's classes are among a model's outputs; null for a score, and for options, which are all scored alike.
    /// </summary>
    /// <inheritdoc cref="OpenClassifier" path="/exception"/>
    public static LabelOrder? Order(GlueTask task, string folder) =>
        task.IsRegression || task.Choices > 1 || ModelFolder.ReadLabels(folder) is not { } labels
        ? null
        : LabelOrder.Of(folder, labels, task);

    /// <summary>Opens a pretrained model with a new classifier on it.</summary>
    /// <param name="task">The task.</param>
    /// <param name="folder">The model's folder.</param>
    /// <param name="seed">Seed of the classifier's weights.</param>
    /// <param name="layers">Keeps the first layers only; null for all.</param>
    /// <exception cref="ReplicationException">A file is missing or damaged.</exception>
    public static BertForSequenceClassification NewClassifier(this GlueTask task, string folder, long seed, int? layers = null) =>
        ModelFolder.OpenClassifier(folder, task.Outputs, layers, newClassifier: true, seed, task.Choices);
}
