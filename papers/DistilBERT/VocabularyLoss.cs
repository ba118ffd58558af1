using Replication.Bert;
using static TorchSharp.torch;

namespace Replication.DistilBERT;

/// <summary>What the terms over the vocabulary came to; means over their tokens, without weights.</summary>
/// <param name="Soft">L_ce; null where its weight is 0.</param>
/// <param name="Masked">L_mlm; null where its weight is 0.</param>
public sealed record VocabularyTerms(double? Soft, double? Masked);

/// <summary>
/// L_ce and L_mlm with their gradients, a few hundred tokens at a time: the logits of a batch of 32 x 128 tokens over 30,522
/// words take 500 MB a copy, and softmax and gradient need several copies on both sides. Each chunk's forward and backward
/// pass is run to its end before the next, which leaves the same gradients as one pass over all tokens.
/// </summary>
/// <param name="loss">Weights and form.</param>
/// <param name="chunkTokens">Tokens of a chunk.</param>
public sealed class VocabularyLoss(TripleLoss loss, int chunkTokens = VocabularyLoss.DefaultChunkTokens)
{
    /// <summary>Tokens of a chunk unless asked otherwise.</summary>
    public const int DefaultChunkTokens = 512;

    /// <summary>Adds the gradients of a_ce L_ce + a_mlm L_mlm, times a factor, to those of the hidden states and of the student's parameters.</summary>
    /// <param name="student">The student; its prediction head is used.</param>
    /// <param name="hidden">The student's last hidden states [tokens, hidden], hidden words first: a leaf that takes a gradient.</param>
    /// <param name="teacher">The teacher; null where a_ce is 0.</param>
    /// <param name="teacherHidden">The teacher's last hidden states at the same tokens; null where a_ce is 0.</param>
    /// <param name="words">The hidden words, int64 [hidden words], for the first tokens.</param>
    /// <param name="factor">The batch's share of an accumulated one.</param>
    public VocabularyTerms Backward(BertForMaskedLM student, Tensor hidden, BertForMaskedLM? teacher, Tensor? teacherHidden, Tensor words, double factor = 1)
    {
        var masked = words.shape[0];
        var soft = loss.SoftWeight == 0 ? 0 : loss.SoftOnHiddenWordsOnly ? masked : hidden.shape[0];
        var predicted = loss.MaskedWeight == 0 ? 0 : masked;
        double softSum = 0, maskedSum = 0;
        for (long start = 0; start < Math.Max(soft, predicted); start += chunkTokens)
        {
            using var scope = NewDisposeScope();
            var count = Math.Min(chunkTokens, Math.Max(soft, predicted) - start);
            var logits = student.Predict(hidden.narrow(0, start, count));
            Tensor? total = null;
            if (start < soft)
            {
                var term = loss.SoftSum(logits, Targets(teacher!, teacherHidden!.narrow(0, start, count)));
                softSum += term.item<float>();
                total = term * (factor * loss.SoftWeight / soft);
            }
            if (start < predicted)
            {
                var here = Math.Min(count, predicted - start);
                var term = TripleLoss.MaskedSum(logits.narrow(0, 0, here), words.narrow(0, start, here));
                maskedSum += term.item<float>();
                var weighted = term * (factor * loss.MaskedWeight / predicted);
                total = total is null ? weighted : total + weighted;
            }
            total!.backward();
        }
        return new VocabularyTerms(soft == 0 ? null : softSum / soft, predicted == 0 ? null : maskedSum / predicted);
    }

    private static Tensor Targets(BertForMaskedLM teacher, Tensor hidden)
    {
        using var noGradient = no_grad();
        return teacher.Predict(hidden);
    }
}
