using Replication.Distillation;
using static TorchSharp.torch;

namespace Replication.DistilBERT;

/// <summary>
/// L = a_ce L_ce + a_mlm L_mlm + a_cos L_cos, the paper's triple loss:
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
    [System.Text.Json.Serialization.JsonIgnore]
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
    public static Tensor MaskedSum(Tensor student, Tensor words) => nn.functional.cross_entropy(student, words, reduction: nn.Reduction.Sum);

    /// <summary>L_cos, the mean over tokens.</summary>
    /// <param name="student">Last hidden states [tokens, hidden].</param>
    /// <param name="teacher">Last hidden states [tokens, hidden]; no gradient flows into them.</param>
    public static Tensor Cosine(Tensor student, Tensor teacher)
    {
        if (!student.shape.SequenceEqual(teacher.shape))
            throw new ReplicationException(
                $"The student's hidden states are [{string.Join(", ", student.shape)}] and its teacher's [{string.Join(", ", teacher.shape)}]; the cosine loss needs a student as wide as its teacher.");
        using var scope = NewDisposeScope();
        return nn.functional.cosine_embedding_loss(student, teacher.detach(), ones(student.shape[0], device: student.device)).MoveToOuterDisposeScope();
    }

    /// <summary>Checks weights and temperature.</summary>
    /// <exception cref="ReplicationException">A value is out of its range; the message names it and the range.</exception>
    public TripleLoss Validate()
    {
        foreach (var (name, weight) in (ReadOnlySpan<(string, double)>)[("L_ce", SoftWeight), ("L_mlm", MaskedWeight), ("L_cos", CosineWeight)])
        {
            if (weight is not (>= 0 and <= 1000))
                throw new ReplicationException(FormattableString.Invariant($"The weight of {name} is {weight}; it must lie between 0 and 1000."), ReplicationException.UsageError);
        }
        if (SoftWeight + MaskedWeight + CosineWeight == 0)
            throw new ReplicationException("All weights of the triple loss are 0; give at least one term a weight.", ReplicationException.UsageError);
        _ = new SoftTargets { Temperature = Temperature }.Validate();
        return this;
    }
}
