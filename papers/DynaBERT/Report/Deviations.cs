namespace Replication.DynaBERT.Report;

/// <summary>In what a profile differs from the paper, a sentence each.</summary>
internal static class Deviations
{
    /// <summary>The sentences.</summary>
    public static IReadOnlyList<string> Of(Results results)
    {
        var settings = results.Set.Settings;
        var sentences = new List<string>();
        if (!results.IsPapersOwn)
            sentences.Add($"The teacher is {settings.Teacher} where the paper has BERT-base with 12 layers.");
        if (settings.Rows is { } rows)
            sentences.Add($"SST-2, QQP, MNLI and QNLI are trained on their first {rows} rows.");
        sentences.Add("The training set is not augmented; the paper augments it in both distillation stages.");
        if (!results.IsPapersOwn)
            sentences.Add(FormattableString.Invariant($"Stages take {settings.WidthEpochs}, {settings.DepthEpochs} and {settings.FinalEpochs} epochs at a rate of {settings.Recipe.LearningRate} where the authors' commands take 3 each at 0.00002."));
        sentences.Add("The last weights of a stage are taken; the authors' program keeps those with the best sum of dev scores over the sub-networks.");
        sentences.Add("Heads and neurons are ranked by importance on the dev set with its labels, as in the paper, so that dev scores flatter every rewired network a little.");
        sentences.Add("DynaRoBERTa is not run: it needs RoBERTa-base and its tokenizer.");
        return sentences;
    }
}
