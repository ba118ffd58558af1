using System.Text.Json.Serialization;
using Replication.Bert;

namespace Replication.TinyBERT;

/// <summary>The students' geometries (section 4.2): layers, width, feed-forward width, heads.</summary>
/// <param name="Layers">M.</param>
/// <param name="Hidden">d'.</param>
/// <param name="Intermediate">d_i'.</param>
/// <param name="Heads">h, the teacher's.</param>
public sealed record Student(int Layers, int Hidden, int Intermediate, int Heads)
{
    /// <summary>TinyBERT4: 4 layers of 312.</summary>
    public static Student Tiny4 { get; } = new(4, 312, 1200, 12);

    /// <summary>TinyBERT6: 6 layers of 768.</summary>
    public static Student Tiny6 { get; } = new(6, 768, 3072, 12);

    /// <summary>3 layers of 384, half of the small teacher.</summary>
    public static Student Small3 { get; } = new(3, 384, 1536, 12);

    /// <summary>The authors' code: a ReLU and no dropout before the classifier.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool ReluBeforeClassifier { get; init; }

    /// <summary>The encoder, with a vocabulary and all else of a teacher.</summary>
    public BertConfig Config(BertConfig teacher) => teacher with
    {
        NumHiddenLayers = Layers, HiddenSize = Hidden, IntermediateSize = Intermediate, NumAttentionHeads = Heads, ReluBeforeClassifier = ReluBeforeClassifier,
    };

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Layers} x {Hidden}");
}
