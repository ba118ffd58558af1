using Replication.Bert;
using Replication.Runs;

namespace Replication.Training;

/// <summary>What every run that trains a classifier on a GLUE task does around the loop.</summary>
public static class TaskTraining
{
    /// <summary>Trains a model, writes it with its predictions into the run's folder, and returns the scores.</summary>
    /// <param name="context">The run.</param>
    /// <param name="student">The model that is trained, on the workspace's device.</param>
    /// <param name="data">The task's data.</param>
    /// <param name="recipe">How to train.</param>
    /// <param name="seed">Seed of data order and dropout.</param>
    /// <param name="baseModel">Model whose vocabulary goes with the result.</param>
    /// <param name="objective">What is minimised.</param>
    /// <param name="cancellation">Stops the run after a checkpoint.</param>
    /// <param name="score">How good an evaluation is, for <see cref="TrainingRecipe.KeepsBest"/>; null for the main metric of the first
    /// split.</param>
    public static RunResult Train(
        RunContext context,
        BertForSequenceClassification student,
        TaskData data,
        TrainingRecipe recipe,
        long seed,
        string baseModel,
        IObjective objective,
        CancellationToken cancellation,
        EvaluationScore? score = null)
    {
        var trainer = new Trainer(context, student, data, recipe, seed, score);
        var scores = trainer.Train(objective, cancellation);
        // transformers gives the one output of a regression this name.
        IReadOnlyList<string> labels = data.Task.IsRegression ? ["LABEL_0"] : data.Task.Labels;
        ModelFolder.Save(student, context.Folder.FilePath("model"), labels, context.Workspace.Models.Folder(baseModel));
        var facts = new SortedDictionary<string, double>(StringComparer.Ordinal)
        {
            ["parameters"] = student.parameters().Sum(p => p.numel()),
            ["training rows"] = data.Train.Examples.Count,
            ["steps"] = Math.Min(trainer.TotalSteps, recipe.MaxSteps ?? long.MaxValue),
        };
        if (trainer.KeptStep is { } kept)
            facts["kept step"] = kept;
        return new RunResult { Scores = scores, Facts = facts };
    }

    /// <summary>The floating-point operations of a training with its evaluations, for the plan.</summary>
    /// <param name="data">The task's data.</param>
    /// <param name="config">The geometry that is trained.</param>
    /// <param name="recipe">How it is trained.</param>
    /// <param name="multiple">By how much augmentation multiplies the training rows.</param>
    public static RunWork Work(TaskData data, BertConfig config, TrainingRecipe recipe, int multiple = 1)
    {
        var (_, evaluations) = Length(data.Train.Examples.Count, recipe);
        // A backward pass costs two forward ones. Scores are taken in fp32.
        return RunWork.Training(recipe.Precision, 3 * ForwardFlops(data, config, recipe, multiple))
            + RunWork.Inference(Precision.Fp32, evaluations * data.Evaluations.Sum(e => Flops(e.Data, config)));
    }

    /// <summary>The floating-point operations of a model's forward passes over all rows that a training sees, for the plan.</summary>
    /// <inheritdoc cref="Work" path="/param"/>
    public static double ForwardFlops(TaskData data, BertConfig config, TrainingRecipe recipe, int multiple = 1) =>
        Flops(data.Train, config, recipe) * multiple * recipe.Epochs * Length(data.Train.Examples.Count, recipe).Share;

    /// <summary>The floating-point operations of a model's forward passes over some rows, each once.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="config">The model's geometry.</param>
    /// <param name="recipe">How it is trained on them; null where they are measured, without padding.</param>
    public static double Flops(Glue.EncodedDataset rows, BertConfig config, TrainingRecipe? recipe = null)
    {
        // Many texts share few lengths.
        var lengths = rows.Examples.SelectMany(example => example.Texts).Select(text => text.InputIds.Length);
        var counts = new int[1 + lengths.DefaultIfEmpty().Max()];
        foreach (var length in lengths)
            counts[length]++;
        return counts.Index().Where(length => length.Item > 0)
            .Sum(length => length.Item * (double)ModelSize.Flops(config, recipe?.PaddedLength(length.Index) ?? length.Index));
    }

    /// <summary>How long a training is, for the plan.</summary>
    /// <param name="rows">Rows of an epoch.</param>
    /// <param name="recipe">How it is trained.</param>
    /// <returns>The share of the schedule that is trained, and the number of evaluations.</returns>
    public static (double Share, double Evaluations) Length(int rows, TrainingRecipe recipe)
    {
        var steps = (rows + recipe.BatchSize - 1.0) / recipe.BatchSize * recipe.Epochs;
        var share = Math.Min(1, (recipe.MaxSteps ?? steps) / steps);
        return (share,
            recipe.EvaluationInterval is { } interval ? steps * share / interval : recipe.Epochs * recipe.EvaluationsPerEpoch * share);
    }
}
