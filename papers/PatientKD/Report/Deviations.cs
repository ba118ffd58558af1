using Replication.Studies;

namespace Replication.PatientKD.Report;

/// <summary>In what a profile differs from the paper, a sentence each.</summary>
internal static class Deviations
{
    /// <summary>The sentences.</summary>
    public static IReadOnlyList<string> Of(Results results)
    {
        var set = results.Set;
        var settings = ProfileSettings.Of(results.Request.Profile);
        var sentences = new List<string>();
        if (!results.IsPapersOwn)
            sentences.Add($"The teacher is {set.Teacher} with {set.TeacherLayers} layers where the paper has BERT-base with 12; students keep its first {string.Join(" or ", set.StudentLayers)} layers.");
        if (settings.Rows is { } rows)
            sentences.Add($"SST-2, QQP, MNLI and QNLI are trained on their first {rows} rows.");
        sentences.Add("Scores are of the dev set; the paper's are of GLUE's test server, which alone has the labels.");
        if (settings.Recipe.Epochs != 4)
            sentences.Add($"Training takes {settings.Recipe.Epochs} epochs where the paper takes 4, with AdamW where the authors' program has an Adam without bias correction.");
        sentences.Add(results.Request.Profile switch
        {
            Profile.Quick => "Nothing is searched: alpha 0.5, T 10, beta 100 and rate 5e-5 are the authors' best for BERT6-PKD-Skip on SST-2, and serve KD, Skip and Last alike.",
            Profile.Reference => "Nothing is searched: alpha 0.5, T 10, beta 100 and rate 5e-5 are those of the PyTorch run, whose soft loss sums over classes.",
            Profile.Small => "The grid has five points (three pairs of alpha and T, then two of beta, at rate 5e-5) where the paper's has 27 and 12; a held-out tenth of the training set decides where the paper used dev; the beta found with the skip map serves Last too.",
            _ => "As in the paper, dev decides the search and is then reported. This flatters KD, the best of 27 candidates, and PKD, the best of 12 on top of KD's choice, more than the teacher and FT, the best of 3 each.",
        });
        if (results.Request.Profile == Profile.Paper)
        {
            sentences.Add(
                "The grid of PKD has unit-length [CLS] states throughout, as the paper's formula. The authors searched states left as they are too, which makes 24 candidates, and their best runs have these for "
                + "MNLI, QNLI and QQP with BERT6 and Skip, for MNLI and QQP with BERT6 and Last, and for RTE, MNLI, QNLI and QQP with BERT3 (and for RACE with both depths).");
            sentences.Add("BERT3 learns from layers 10 and 11, as the authors' script has it; the paper's text says Skip.");
            sentences.Add("The optimizer is BertAdam, which clips the gradient of each parameter to norm 1. It is the authors' second choice: by default their program trains in 16 bits with FusedAdam, which clips all gradients together; neither corrects its moments for bias.");
            sentences.Add("The last epoch counts, as the mean over seeds. The authors' dev numbers are of the best run and its best epoch, and higher for that alone.");
        }
        sentences.Add(results.Request.Fidelity switch
        {
            Fidelity.Paper => "The loss is the paper's formula: sums over samples, layers and classes, no T squared; the published alpha, T and beta were found with the reductions of the authors' code.",
            Fidelity.Official => "The loss and the training are those of the authors' program: [CLS] states as they are, rows in file order, no dropout after the first epoch.",
            _ => "The loss has the reductions of the authors' code, to which the published alpha, T and beta belong, and unit-length [CLS] states as in the paper's formula; data are shuffled and dropout stays on, unlike in the code.",
        });
        return sentences;
    }
}
