using Replication.Bert;
using Replication.Training;
using static TorchSharp.torch;

namespace Replication.DistilBERT;

/// <summary>What pretraining minimises: <see cref="TripleLoss"/> of a student against its teacher on the same masked tokens.</summary>
public sealed class TripleObjective
{
    private readonly BertForMaskedLM _student;
    private readonly BertForMaskedLM? _teacher;
    private readonly TripleLoss _loss;
    private readonly VocabularyLoss _vocabulary;

    /// <summary>Creates the objective.</summary>
    /// <param name="student">The student, in training mode.</param>
    /// <param name="teacher">The teacher, without dropout; null where no term needs it.</param>
    /// <param name="loss">Terms and weights.</param>
    /// <exception cref="ReplicationException">A weight is out of its range, or student and teacher have not the same vocabulary or width.</exception>
    public TripleObjective(BertForMaskedLM student, BertForMaskedLM? teacher, TripleLoss loss)
    {
        (_student, _teacher, _loss, _vocabulary) = (student, teacher, loss.Validate(), new VocabularyLoss(loss));
        if (teacher is null)
            return;
        if (student.Config.VocabSize != teacher.Config.VocabSize)
            throw new ReplicationException($"The student has {student.Config.VocabSize} words and its teacher {teacher.Config.VocabSize}; take two models with the same vocabulary.");
        if (loss.CosineWeight > 0 && student.Config.HiddenSize != teacher.Config.HiddenSize)
            throw new ReplicationException($"The student is {student.Config.HiddenSize} wide and its teacher {teacher.Config.HiddenSize}; the cosine loss needs a student as wide as its teacher.");
    }

    /// <summary>Adds the gradients of a batch, times its share of an accumulated one, to those of the student's parameters.</summary>
    public LossReport ForwardBackward(MaskedBatch batch, double factor = 1)
    {
        using var scope = NewDisposeScope();
        var states = AtPlaces(_student, batch);
        // The graph is cut here: what the losses leave in the leaf is then sent through the encoder in one pass.
        using var leaf = states.detach().requires_grad_(true);
        var targets = _loss.NeedsTeacher ? TeacherStates(batch) : null;
        var terms = new SortedDictionary<string, double>(StringComparer.Ordinal);
        var total = 0.0;

        void Note(string name, double weight, double? value)
        {
            if (value is { } term)
                (terms[name], total) = (term, total + (weight * term));
        }
        var vocabulary = _vocabulary.Backward(_student, leaf, _teacher, targets, batch.Words, factor);
        Note("L_ce", _loss.SoftWeight, vocabulary.Soft);
        Note("L_mlm", _loss.MaskedWeight, vocabulary.Masked);
        if (_loss.CosineWeight > 0)
        {
            var cosine = TripleLoss.Cosine(leaf, targets!);
            Note("L_cos", _loss.CosineWeight, cosine.item<float>());
            (cosine * (factor * _loss.CosineWeight)).backward();
        }
        // Without a hidden word L_mlm alone leaves nothing.
        if (leaf.grad is { } gradient)
            autograd.backward([states], [gradient]);
        return new LossReport(total, terms);
    }

    private Tensor TeacherStates(MaskedBatch batch)
    {
        using var noGradient = no_grad();
        return AtPlaces(_teacher!, batch);
    }

    // [tokens, hidden]: the last hidden states of all tokens that are no padding, hidden words first.
    private static Tensor AtPlaces(BertForMaskedLM model, MaskedBatch batch) =>
        model.Encoder.call(batch.Tokens, EncoderOutputs.None).LastHiddenState.flatten(0, 1).index_select(0, batch.Places);
}
