namespace Replication.Augmentation;

/// <summary>A sentence as words, and which of them need candidates.</summary>
/// <param name="Words">The words.</param>
/// <param name="Wanted">For each word whether candidates are looked for; the others get none.</param>
public sealed record SentenceWords(string[] Words, bool[] Wanted)
{
    /// <summary>A sentence all of whose words need candidates.</summary>
    public static SentenceWords All(string[] words) => new(words, Array.ConvertAll(words, _ => true));
}
