using Replication.Studies;

namespace Replication.DistilBERT.Report;

/// <summary>In what a profile differs from the paper, a sentence each.</summary>
internal static class Deviations
{
    /// <summary>The sentences.</summary>
    public static IReadOnlyList<string> Of(Results results)
    {
        var settings = results.Settings;
        var recipe = settings.Pretraining;
        List<string> sentences = [];
        if (!results.IsPapersOwn)
            sentences.Add($"The teacher is {settings.Teacher} where the paper has BERT-base with 12 layers; the student has half of its depth and its width.");
        sentences.Add($"The text is {(settings.Corpus.Name == Corpus.CorpusSource.EmbeddedName ? "that of data/corpus, about 1.15 million words," : "the user's")} where the paper has English Wikipedia and the Toronto Book Corpus.");
        if (recipe.Steps is { } steps)
            sentences.Add($"Pretraining takes {steps} steps of {recipe.Training.BatchSize} sequences of at most {recipe.Training.MaxLength} tokens where the paper took about 90 hours on 8 GPUs in batches of up to 4,000.");
        if (settings.Rows is { } rows)
            sentences.Add($"SST-2, QQP, MNLI and QNLI are fine-tuned on their first {rows} rows.");
        sentences.Add(results.Fidelity == Fidelity.Paper
            ? "The loss is the paper's formula with equal weights, which it does not name, and words are hidden as BERT hides them; T = 2, optimizer and schedule are from the authors' README and code."
            : "The paper names neither the weights of the triple loss nor T: 5, 2, 1 and T = 2 are from the authors' README and code, as are optimizer, schedule and the masking that favours rare words.");
        sentences.Add(results.Fidelity == Fidelity.Official
            ? "The student starts from the teacher's layers that the authors' script takes, 0, 2, 4, 7, 9 and 11 of 12, and from a prediction head of random weights."
            : "The student starts from one teacher layer out of two, as the paper says; the authors' script takes 0, 2, 4, 7, 9 and 11 of 12 (--fidelity official).");
        sentences.Add("Sequences are filled with whole sentences, so that hardly any is short; the authors' program drops those of 11 tokens or fewer.");
        if (settings.Seeds != 5)
            sentences.Add($"Scores have {settings.Seeds} fine-tuning {(settings.Seeds == 1 ? "seed" : "seeds")} where the paper has 5; each student is pretrained once, so that intervals say nothing on the pretraining's own seed.");
        return sentences;
    }
}
