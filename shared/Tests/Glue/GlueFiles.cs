using Replication.Bert.Tokenization;
using Replication.CommandLine;
using Replication.Glue;

namespace Replication.Tests.Glue;

/// <summary>The GLUE data that tests read: what the repository embeds, and the distribution's TSV files where they are.</summary>
internal static class GlueFiles
{
    public static string Root { get; } = RepositoryRoot.Find();

    /// <summary>The embedded data alone.</summary>
    public static GlueSource Embedded() => new(new DataFolders([], Path.Combine(Root, "data"), Path.Combine(Root, "data", "no downloads")));

    /// <summary>The distribution's TSV files; the test is ignored where they are not.</summary>
    public static GlueSource RequireDistribution() => new(DataFolders.Of(Root, RequireDistributionFolder()));

    /// <summary>The folder of the TSV files.</summary>
    public static string RequireDistributionFolder()
    {
        var named = Environment.GetEnvironmentVariable(DataFolders.Variable);
        var folder = string.IsNullOrEmpty(named) ? Path.GetFullPath(Path.Combine(Root, "..", "shared", "glue")) : named;
        if (!File.Exists(Path.Combine(folder, "MRPC", "train.tsv")))
            Assert.Ignore($"No GLUE distribution: {DataFolders.Variable} names none and shared/glue is not beside the repository.");
        return folder;
    }

    public static WordPiece Tokenizer() => WordPiece.FromVocabulary(Path.Combine(Root, "data", "models", "minilm-l6", "vocab.txt"));
}
