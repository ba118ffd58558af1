using Replication.Glue.Imdb;
using Replication.Glue.Race;
using Replication.Glue.Squad;

namespace Replication.Glue;

/// <summary>A data set beside GLUE as its authors hand it out.</summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="Url">Where from.</param>
/// <param name="File">Its path among the downloads' tasks.</param>
/// <param name="Megabytes">About how much there is to download.</param>
public sealed record TaskDownload(string Name, Uri Url, string File, int Megabytes)
{
    /// <summary>SQuAD 1.1's name.</summary>
    public const string Squad1 = "SQuAD-1.1";

    /// <summary>SQuAD 2.0's name.</summary>
    public const string Squad2 = "SQuAD-2.0";

    /// <summary>RACE's name.</summary>
    public const string Race = "RACE";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<TaskDownload> All { get; } =
    [
        OfSquad(Squad1, SquadVersion.V1, SquadSplit.Train, 30),
        OfSquad(Squad1, SquadVersion.V1, SquadSplit.Dev, 5),
        OfSquad(Squad2, SquadVersion.V2, SquadSplit.Train, 42),
        OfSquad(Squad2, SquadVersion.V2, SquadSplit.Dev, 5),
        new(Race, new("http://www.cs.cmu.edu/~glai1/data/race/RACE.tar.gz"), $"RACE/{RaceFiles.Archive}",
            25),
        new(GlueTasks.Imdb.Name, new("https://ai.stanford.edu/~amaas/data/sentiment/aclImdb_v1.tar.gz"), $"IMDb/{ImdbFiles.Archive}", 84),
    ];

    /// <summary>The names, each once.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(download => download.Name).Distinct(StringComparer.Ordinal)];

    /// <summary>Its digest; null where none is known.</summary>
    public string? Sha256 => Pins.Embedded.OfFile(Path.GetFileName(File))?.Sha256;

    /// <summary>The file as a request to the downloader.</summary>
    public DownloadRequest Request => new(Url, $"tasks/{File}", Sha256);

    /// <summary>The name as it is written here; null where there is no such data set. Case, hyphens and blanks do not matter.</summary>
    public static string? Find(string name) =>
        Names.FirstOrDefault(known => string.Equals(Plain(known), Plain(name), StringComparison.OrdinalIgnoreCase));

    private static string Plain(string name) => name.Replace("-", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal);

    private static TaskDownload OfSquad(string name, SquadVersion version, SquadSplit split, int megabytes)
    {
        var file = SquadFiles.FileName(version, split);
        return new TaskDownload(name, new($"https://rajpurkar.github.io/SQuAD-explorer/dataset/{file}"), $"SQuAD/{file}", megabytes);
    }
}
