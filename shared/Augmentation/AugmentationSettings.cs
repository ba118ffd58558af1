using System.Text.Json.Serialization;
using Replication.Bert;

namespace Replication.Augmentation;

/// <summary>Algorithm 1 of TinyBERT: a word is replaced by one that a masked language model, or word vectors, put in its place.</summary>
public sealed record AugmentationSettings
{
    /// <summary>p_t, the chance that a word is replaced.</summary>
    public double ReplaceProbability { get; init; } = 0.4;

    /// <summary>N_a, new rows per row.</summary>
    public int RowsPerRow { get; init; } = 20;

    /// <summary>K, candidates a word.</summary>
    public int Candidates { get; init; } = 15;

    /// <summary>
    /// The authors' program: the masked sentence is followed by the original one as the second sentence; of the K best pieces
    /// those that are not a whole word are dropped, so that fewer may be left; stop words and words with anything but letters stay;
    /// a row that was made already is dropped; the two sentences of a pair are varied one after the other, the first keeping its
    /// last form while the second is varied. Without it: the K best whole words for every word, and both sentences varied at once.
    /// </summary>
    public bool OfficialCode { get; init; }

    /// <summary>
    /// Algorithm 1 as it is printed: word by word, a word's candidates come from the sentence in which the words before it are replaced
    /// already, for each new row anew. Without it they come from the original sentence, once for all new rows, as in the authors' program.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsInTurn { get; init; }

    /// <summary>
    /// The form of the authors' program, with its number of new rows for a task: 10 for MNLI and QQP, 20 for SST-2 and QNLI, 30 for the
    /// others.
    /// </summary>
    /// <param name="task">The task.</param>
    /// <param name="keepsRows">Whether a budget's own number is kept.</param>
    public AugmentationSettings AsTheCode(string task, bool keepsRows) => this with
    {
        OfficialCode = true,
        RowsPerRow = keepsRows ? RowsPerRow : task switch { "MNLI" or "QQP" => 10, "SST-2" or "QNLI" => 20, _ => 30 },
    };

    /// <summary>Number format of the masked language model's products; in bfloat16 another word may be among the K.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Precision Precision { get; init; } = Precision.Fp32;

    /// <summary>Checks every value.</summary>
    /// <exception cref="ReplicationException">A value is out of its range; the message names it and the range.</exception>
    public AugmentationSettings Validate()
    {
        Check(ReplaceProbability is >= 0 and <= 1, "p_t", ReplaceProbability, "from 0 to 1");
        Check(RowsPerRow is >= 1 and <= 1000, "N_a", RowsPerRow, "from 1 to 1000");
        Check(Candidates is >= 1 and <= 1000, "K", Candidates, "from 1 to 1000");
        return this;
    }

    private static void Check(bool holds, string name, double value, string range)
    {
        if (!holds)
            throw new ReplicationException(
                FormattableString.Invariant($"Augmentation: {name} is {value}; it must be {range}."), ReplicationException.UsageError);
    }
}
