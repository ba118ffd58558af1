using Replication.Bert.Tokenization;

namespace Replication.Bert;

/// <summary>Which files a model's folder may hold, so that nothing else is ever replaced or deleted with it.</summary>
internal static class ModelFiles
{
    private const string Config = "config.json";

    private static readonly string[] Vocabularies = ["vocab.txt", "vocab.json", "merges.txt"];

    private static readonly string[] Names =
    [
        Config, "model.safetensors", "pytorch_model.bin", .. Vocabularies, .. TokenizerFiles.Names,
        "generation_config.json", "projections.safetensors", "model.onnx", "README.md",
    ];

    /// <summary>
    /// The files of a folder's tokenizer that are there: vocab.txt, or vocab.json and merges.txt, and, unless it is the uncased
    /// models' own for texts as long as the model has positions, all that describes it.
    /// </summary>
    public static IReadOnlyList<string> OfTokenizer(string folder) =>
        [.. Vocabularies.Concat(WordPieceFolder.IsUncased(folder) && !IsShortened(folder) ? [] : TokenizerFiles.Names)
            .Select(name => Path.Combine(folder, name)).Where(File.Exists)];

    private static bool IsShortened(string folder)
    {
        if (!File.Exists(Path.Combine(folder, Config)))
            return false;
        try
        {
            var config = ConfigReader.ReadGeometry(folder);
            return TokenizerFolder.LongestInput(folder, config) < config.LongestInput;
        }
        catch (ReplicationException)
        {
            // Whoever opens the model says what is wrong with it.
            return false;
        }
    }

    /// <summary>
    /// The first thing in a folder that is not part of a model; null where there is none. A file half-written is a part of it.
    /// </summary>
    /// <param name="folder">The folder; it need not exist.</param>
    public static string? Foreign(string folder) => !Directory.Exists(folder) ? null : Directory.EnumerateFileSystemEntries(folder)
        .Where(entry => Directory.Exists(entry) || !Names.Contains(WithoutEnding(Path.GetFileName(entry)), StringComparer.Ordinal))
        .Order(StringComparer.Ordinal)
        .FirstOrDefault();

    private static string WithoutEnding(string name) => AtomicFile.FinalName(name) is var final && final != name ? final
        : name.EndsWith(AtomicFile.Ending, StringComparison.Ordinal) ? name[..^AtomicFile.Ending.Length]
        : name;
}
