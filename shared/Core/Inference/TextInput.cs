namespace Replication;

/// <summary>A sentence, or a pair of sentences for a model that compares two.</summary>
/// <param name="First">First or only sentence.</param>
/// <param name="Second">Second sentence; null for none.</param>
public readonly record struct TextInput(string First, string? Second = null)
{
    /// <summary>A single sentence.</summary>
    public static implicit operator TextInput(string text) => new(text);
}
