using System.Text.Json.Serialization;
using Replication.Bert;
using Replication.Corpus;
using Replication.Distillation;
using Replication.Glue;
using Replication.Training;
using static TorchSharp.torch;
using Reduction = Replication.Distillation.Reduction;

namespace Replication.DistilBERT;

/// <summary>
/// L = a_ce L_ce + a_mlm L_mlm + a_cos L_cos, the paper's triple loss (section 2 and 3):
/// <code>
/// L_ce  = sum_i t_i log s_i over the vocabulary, both sides softened with T (the paper prints no minus sign; it is meant)
/// L_mlm = -log s of the hidden word, where a word was hidden
/// L_cos = 1 - cos(h_s, h_t) of the last hidden states
/// </code>
/// Each is a mean over its tokens. The paper names neither T nor the weights; the presets do.
/// </summary>
public sealed record TripleLoss
{
    /// <summary>a_ce.</summary>
    public double SoftWeight { get; init; } = 5;

    /// <summary>a_mlm.</summary>
    public double MaskedWeight { get; init; } = 2;

    /// <summary>a_cos.</summary>
    public double CosineWeight { get; init; } = 1;

    /// <summary>T of L_ce.</summary>
    public double Temperature { get; init; } = 2;

    /// <summary>Cross-entropy as in the paper's formula, or the authors' divergence; the gradients are the same.</summary>
    public SoftDivergence Divergence { get; init; } = SoftDivergence.KullbackLeibler;

    /// <summary>Multiplies L_ce by T squared, as the authors' code does and the formula does not.</summary>
    public bool TimesTemperatureSquared { get; init; } = true;

    /// <summary>L_ce over the hidden words only, an option of the authors' code; otherwise over every token.</summary>
    public bool SoftOnHiddenWordsOnly { get; init; }

    /// <summary>The authors' code with the weights of its README's first command: 5, 2, 1. What is used unless asked otherwise.</summary>
    public static TripleLoss OfficialCode { get; } = new();

    /// <summary>The same with the weights of the README's other command, a third each (0.33 there).</summary>
    public static TripleLoss Thirds { get; } = new() { SoftWeight = 1.0 / 3, MaskedWeight = 1.0 / 3, CosineWeight = 1.0 / 3 };

    /// <summary>The formula as printed, each term with the same weight.</summary>
    public static TripleLoss Paper { get; } = Thirds with { Divergence = SoftDivergence.CrossEntropy, TimesTemperatureSquared = false };

    /// <summary>L_mlm alone, without a teacher: what a student becomes by pretraining of the same length.</summary>
    public static TripleLoss MaskedOnly { get; } = new() { SoftWeight = 0, MaskedWeight = 1, CosineWeight = 0 };

    /// <summary>Whether a teacher has a part in it.</summary>
    [JsonIgnore]
    public bool NeedsTeacher => SoftWeight > 0 || CosineWeight > 0;

    /// <summary>L_ce summed over tokens.</summary>
    /// <param name="student">Logits [tokens, vocabulary].</param>
    /// <param name="teacher">Logits [tokens, vocabulary]; no gradient flows into them.</param>
    public Tensor SoftSum(Tensor student, Tensor teacher) => new SoftTargets
    {
        Temperature = Temperature, Divergence = Divergence, Reduction = Reduction.Sum, TimesTemperatureSquared = TimesTemperatureSquared,
    }.Loss(student, teacher);

    /// <summary>L_mlm summed over hidden words.</summary>
    /// <param name="student">Logits [hidden words, vocabulary].</param>
    /// <param name="words">int64 [hidden words].</param>
    public static Tensor MaskedSum(Tensor student, Tensor words) =>
        nn.functional.cross_entropy(student, words, reduction: nn.Reduction.Sum);

    /// <summary>L_cos, the mean over tokens.</summary>
    /// <param name="student">Last hidden states [tokens, hidden].</param>
    /// <param name="teacher">Last hidden states [tokens, hidden]; no gradient flows into them.</param>
    public static Tensor Cosine(Tensor student, Tensor teacher)
    {
        if (!student.shape.SequenceEqual(teacher.shape))
            throw new ReplicationException(
                $"The student's hidden states are [{string.Join(", ", student.shape)}] and its teacher's "
                    + $"[{string.Join(", ", teacher.shape)}]; the cosine loss needs a student as wide as its teacher.");
        using var scope = NewDisposeScope();
        return nn.functional.cosine_embedding_loss(student, teacher.detach(), ones(student.shape[0], device: student.device))
            .MoveToOuterDisposeScope();
    }

    /// <summary>Checks weights and temperature.</summary>
    /// <exception cref="ReplicationException">A value is out of its range; the message names it and the range.</exception>
    public TripleLoss Validate()
    {
        (string, double)[] weights = [("L_ce", SoftWeight), ("L_mlm", MaskedWeight), ("L_cos", CosineWeight)];
        foreach (var (name, weight) in weights)
        {
            if (weight is not (>= 0 and <= 1000))
                throw new ReplicationException(
                    FormattableString.Invariant($"The weight of {name} is {weight}; it must lie between 0 and 1000."),
                    ReplicationException.UsageError);
        }
        if (SoftWeight + MaskedWeight + CosineWeight == 0)
            throw new ReplicationException(
                "All weights of the triple loss are 0; give at least one term a weight.", ReplicationException.UsageError);
        _ = new SoftTargets { Temperature = Temperature }.Validate();
        return this;
    }
}

/// <summary>A masked batch as tensors.</summary>
/// <param name="Tokens">The student's input, which is the teacher's too.</param>
/// <param name="Places">int64 [tokens]: the tokens that are not padding, as places in batch x length, hidden words first.</param>
/// <param name="Words">int64 [hidden words]: the words that are hidden at the first places.</param>
public sealed record MaskedBatch(TokenBatch Tokens, Tensor Places, Tensor Words) : IDisposable
{
    /// <summary>Makes a batch.</summary>
    public static MaskedBatch Collate(MaskedSequences masked, int padding, Device device)
    {
        var tokens = SequenceStream.Collate(masked.Inputs, padding, device);
        var width = (int)tokens.InputIds.shape[1];
        List<long> hidden = [], seen = [], words = [];
        foreach (var (row, targets) in masked.Targets.Index())
        {
            foreach (var (place, word) in targets.Index())
            {
                (word == Masking.NoTarget ? seen : hidden).Add((row * (long)width) + place);
                if (word != Masking.NoTarget)
                    words.Add(word);
            }
        }
        return new MaskedBatch(tokens, tensor((long[])[.. hidden, .. seen], device: device), tensor(words.ToArray(), device: device));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Tokens.Dispose();
        Places.Dispose();
        Words.Dispose();
    }
}

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
    /// <exception cref="ReplicationException">
    /// A weight is out of its range, or student and teacher differ in vocabulary or width.
    /// </exception>
    public TripleObjective(BertForMaskedLM student, BertForMaskedLM? teacher, TripleLoss loss)
    {
        (_student, _teacher, _loss, _vocabulary) = (student, teacher, loss.Validate(), new VocabularyLoss(loss));
        if (teacher is null)
            return;
        if (student.Config.VocabSize != teacher.Config.VocabSize)
            throw new ReplicationException(
                $"The student has {student.Config.VocabSize} words and its teacher {teacher.Config.VocabSize}; take two models with the "
                    + "same vocabulary.");
        if (loss.CosineWeight > 0 && student.Config.HiddenSize != teacher.Config.HiddenSize)
            throw new ReplicationException(
                $"The student is {student.Config.HiddenSize} wide and its teacher {teacher.Config.HiddenSize}; the cosine loss needs a "
                    + "student as wide as its teacher.");
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

    // [tokens, hidden]: the last hidden states of all tokens that are not padding, hidden words first.
    private static Tensor AtPlaces(BertForMaskedLM model, MaskedBatch batch) =>
        model.Encoder.call(batch.Tokens, EncoderOutputs.None).LastHiddenState.flatten(0, 1).index_select(0, batch.Places);
}

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

    /// <summary>
    /// Adds the gradients of a_ce L_ce + a_mlm L_mlm, times a factor, to those of the hidden states and of the student's parameters.
    /// </summary>
    /// <param name="student">The student; its prediction head is used.</param>
    /// <param name="hidden">The student's last hidden states [tokens, hidden], hidden words first: a leaf that takes a gradient.</param>
    /// <param name="teacher">The teacher; null where a_ce is 0.</param>
    /// <param name="teacherHidden">The teacher's last hidden states at the same tokens; null where a_ce is 0.</param>
    /// <param name="words">The hidden words, int64 [hidden words], for the first tokens.</param>
    /// <param name="factor">The batch's share of an accumulated one.</param>
    /// <returns>L_ce and L_mlm, means over their tokens and without weights; null where a weight is 0.</returns>
    public (double? Soft, double? Masked) Backward(
        BertForMaskedLM student, Tensor hidden, BertForMaskedLM? teacher, Tensor? teacherHidden, Tensor words, double factor = 1)
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
            var targets = start < soft ? Targets(teacher!, teacherHidden!.narrow(0, start, count)) : null;
            BlockwiseBackward.Run(logits, (block, first) =>
            {
                var (token, rows) = (start + first, block.shape[0]);
                if (token < soft)
                    softSum += BlockwiseBackward.Term(
                        loss.SoftSum(block, targets!.narrow(0, first, rows)), factor * loss.SoftWeight / soft);
                if (token < predicted && Math.Min(rows, predicted - token) is var here)
                    maskedSum += BlockwiseBackward.Term(
                        TripleLoss.MaskedSum(block.narrow(0, 0, here), words.narrow(0, token, here)),
                        factor * loss.MaskedWeight / predicted);
            });
        }
        return (soft == 0 ? null : softSum / soft, predicted == 0 ? null : maskedSum / predicted);
    }

    private static Tensor Targets(BertForMaskedLM teacher, Tensor hidden)
    {
        using var noGradient = no_grad();
        return teacher.Predict(hidden);
    }
}

/// <summary>
/// The second distillation, on a task (section 4, "(D)"): 0.5 T^2 KL(teacher, student) + 0.5 L_CE with T = 2. The paper does it on
/// SQuAD, where the divergence is averaged over start and end (SpanObjective in shared/Distillation); here it is that of the classes.
/// </summary>
public sealed record TaskDistillation
{
    /// <summary>Weight of the teacher's outputs; the labels have the rest.</summary>
    public double SoftWeight { get; init; } = 0.5;

    /// <summary>Temperature, divergence, reduction.</summary>
    public SoftTargets Soft { get; init; } = new()
    {
        Temperature = 2, Divergence = SoftDivergence.KullbackLeibler, Reduction = Reduction.BatchMean, TimesTemperatureSquared = true,
    };
}

/// <summary>What the second distillation minimises.</summary>
/// <param name="student">The student.</param>
/// <param name="teacher">The teacher's outputs for the training rows.</param>
/// <param name="weights">Weights and temperature.</param>
public sealed class TaskDistillationObjective(BertForSequenceClassification student, TeacherOutputs teacher, TaskDistillation weights)
    : IObjective
{
    /// <inheritdoc/>
    public LossReport ForwardBackward(GlueBatch batch)
    {
        using var scope = NewDisposeScope();
        var logits = student.forward(batch.Tokens, EncoderOutputs.None).Logits;
        var hard = FineTuneObjective.HardLoss(logits, batch.Labels);
        var soft = weights.Soft.Loss(logits, teacher.Logits(batch.Rows));
        return WeightedTerms.Backward(batch.Share, ("L_CE", 1 - weights.SoftWeight, hard), ("L_KD", weights.SoftWeight, soft));
    }
}
