namespace Replication.TinyBERT.Report;

/// <summary>In what a profile differs from the paper, a sentence each.</summary>
internal static class Deviations
{
    /// <summary>The sentences.</summary>
    public static IReadOnlyList<string> Of(Results results)
    {
        var settings = results.Set.Settings;
        var fidelity = settings.Switches;
        string?[] always =
        [
            settings.Glove is null ? "Words of several pieces stay as they are in augmentation: the paper takes their nearest GloVe vectors, which are not part of this repository (--glove FILE uses them)." : null,
            $"General distillation reads single sequences of whole sentences, padded to the longest {(fidelity.PadsToMaxLength ? "length" : "of a batch")}, where BERT's pre-training text has pairs with a next-sentence label that this loss does not use.",
            fidelity.ReluBeforeClassifier ? "The teacher's classifier has no ReLU before it, as the authors' has; the student's has." : "The classifier is a linear layer on BERT's pooled output with dropout; the authors' code puts a ReLU before it and no dropout.",
            fidelity.KeepsBest ? null : "The last epoch's dev score stands in the tables; the authors' code keeps the best of an evaluation every 100 steps.",
            fidelity.Method.TeacherDropout ? "The teacher's dropout is on while it teaches, and with it the dropout before its classifier, where the authors' teacher has a ReLU and no dropout." : null,
            fidelity.OfficialAugmentation ? "Which words are stop words follows a list of this repository's own, not the authors'." : null,
            "All seeds of a task share one teacher, one augmented data set and one general student, so that an interval over seeds does not hold what another teacher, other new rows or another general distillation would change.",
        ];
        var sentences = always.OfType<string>().ToList();
        if (results.IsPapersOwn || settings.Main is not { General: { } general, Task: { } task } main)
            return sentences;
        sentences.Insert(0, $"The teacher is {settings.Teacher} with {results.Set.TeacherLayers} layers where the paper has BERT-base with 12; the student is {settings.Student} where the paper has 4 x 312.");
        sentences.Insert(1, FormattableString.Invariant(
            $"General distillation takes {general.Steps} steps of {general.BatchSize} x {general.MaxLength} tokens at a rate of 5e-4 without dropout over the text named {settings.Corpus.Name}; the paper takes 3 epochs of English Wikipedia, for which the authors' code has a rate of 5e-5."));
        sentences.Insert(2, FormattableString.Invariant(
            $"Augmentation makes {main.Augmentation.RowsPerRow} rows of a row (the paper 20), the intermediate step takes {task.IntermediateEpochs} epochs at {task.IntermediateRate:0.#e-0} without dropout (20 and more at 5e-5), the prediction step {task.PredictionEpochs} at {task.PredictionRate:0.#e-0} (3, searched), and labels alone {task.PredictionEpochs * main.OriginalRowsFactor} epochs over the original rows, which are as many updates as the prediction step's."));
        sentences.Insert(3, "The rate of the intermediate step falls linearly after a warm-up of a tenth of its steps; the authors' code keeps it constant, and the paper does not say.");
        return sentences;
    }
}
