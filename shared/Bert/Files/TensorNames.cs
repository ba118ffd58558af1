namespace Replication.Bert;

/// <summary>What a kind of model calls its tensors and its classes in Hugging Face's files.</summary>
internal static class TensorNames
{
    /// <summary>A tensor's name in a file of a kind of model.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="name">Its name in this room.</param>
    public static string InFile(EncoderKind kind, string name) => kind switch
    {
        EncoderKind.DistilBert => DistilNames.FromBert(name),
        EncoderKind.Roberta => RobertaNames.FromHere(name),
        _ => name,
    };

    /// <summary>A tensor's name in this room, whatever kind of model its file is of.</summary>
    /// <param name="stored">Its name in the file.</param>
    public static string Here(string stored) => RobertaNames.ToHere(DistilNames.ToBert(stored));

    /// <summary>A model class as transformers calls it, such as DistilBertForMaskedLM.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="architecture">BERT's class.</param>
    public static string Class(EncoderKind kind, string architecture) => kind switch
    {
        EncoderKind.DistilBert => "Distil" + architecture,
        EncoderKind.Roberta => "Ro" + architecture.Replace("Bert", "berta", StringComparison.Ordinal),
        _ => architecture,
    };
}
