using Replication.Studies;

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
        if (settings.TeacherRows is { } rows)
            sentences.Add($"The teachers of SST-2, QQP, MNLI and QNLI are trained on the first {rows} rows.");
        if (settings is { SentenceRows: { } sentenceRows, PairRows: { } pairRows })
            sentences.Add($"The network is trained on the first {sentenceRows} rows of a task of single sentences and {pairRows} of a task of pairs.");
        sentences.Add(Augmentation(settings));
        if (results.Request.Fidelity == Fidelity.Official)
            sentences.Add("This is the method as the authors' program has it, where it differs from the paper: the README lists the differences.");
        if (!results.IsPapersOwn)
            sentences.Add(FormattableString.Invariant($"Stages take {settings.WidthEpochs}, {settings.DepthEpochs} and {settings.FinalEpochs} epochs at a rate of {settings.Recipe.LearningRate} where the authors' commands take 3 each at 0.00002."));
        sentences.Add(settings.Recipe.KeepsBest
            ? $"A stage ends with the weights that have the best sum of dev scores over the sub-networks, as in the authors' program, of {settings.Recipe.EvaluationsPerEpoch} evaluations an epoch; dev scores flatter them a little."
            : "The last weights of a stage are taken; the authors' program keeps those with the best sum of dev scores over the sub-networks.");
        sentences.Add("Heads and neurons are ranked by importance on the dev set with its labels, as in the paper, so that dev scores flatter every rewired network a little.");
        sentences.Add("DynaRoBERTa is not run: it needs RoBERTa-base and its tokenizer.");
        return sentences;
    }

    private static string Augmentation(ProfileSettings settings) => settings.Augmentation switch
    {
        null => "The training set is not augmented; the paper augments it in both distillation stages.",
        { RowsPerRow: 20 } => $"Stages 1 and 2 train on rows augmented 20 times, as TinyBERT's are; {Words(settings)}.",
        var some => FormattableString.Invariant($"Stages 1 and 2 train on rows augmented {some.RowsPerRow} time{(some.RowsPerRow == 1 ? "" : "s")} where TinyBERT's augmentation, which the paper takes, makes 20; {Words(settings)}."),
    };

    private static string Words(ProfileSettings settings) => settings.Glove is null
        ? "words of several pieces, for which its program uses word vectors, stay as they are"
        : "words of several pieces take their nearest word vectors";
}
