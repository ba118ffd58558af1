using Replication.Glue.Imdb;
using Replication.Glue.Race;
using Replication.Glue.Squad;

namespace Replication.Glue;

/// <summary>A data set beside GLUE as its authors hand it out.</summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="Url">Where from.</param>
/// <param name="File">Its path among the downloads' tasks.</param>
/// <param name="Sha256">Its digest, where it is known.</param>
/// <param name="Megabytes">About how much there is to download.</param>
public sealed record TaskDownload(string Name, Uri Url, string File, string? Sha256, int Megabytes)
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
        OfSquad(Squad1, SquadVersion.V1, SquadSplit.Train, "3527663986b8295af4f7fcdff1ba1ff3f72d07d61a20f487cb238a6ef92fd955", 30),
        OfSquad(Squad1, SquadVersion.V1, SquadSplit.Dev, "95aa6a52d5d6a735563366753ca50492a658031da74f301ac5238b03966972c9", 5),
        OfSquad(Squad2, SquadVersion.V2, SquadSplit.Train, "68dcfbb971bd3e96d5b46c7177b16c1a4e7d4bdef19fb204502738552dede002", 42),
        OfSquad(Squad2, SquadVersion.V2, SquadSplit.Dev, "80a5225e94905956a6446d296ca1093975c4d3b3260f1d6c8f68bc2ab77182d8", 5),
        new(Race, new("http://www.cs.cmu.edu/~glai1/data/race/RACE.tar.gz"), $"RACE/{RaceFiles.Archive}",
            "b2769cc9fdc5c546a693300eb9a966cec6870bd349fbc44ed5225f8ad33006e5", 25),
        new(GlueTasks.Imdb.Name, new("https://ai.stanford.edu/~amaas/data/sentiment/aclImdb_v1.tar.gz"), $"IMDb/{ImdbFiles.Archive}", Sha256: null, 84),
    ];

    /// <summary>The names, each once.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(download => download.Name).Distinct(StringComparer.Ordinal)];

    /// <summary>The file as a request to the downloader.</summary>
    public DownloadRequest Request => new(Url, $"tasks/{File}", Sha256);

    /// <summary>The name as it is written here; null where there is no such data set. Case, hyphens and blanks do not matter.</summary>
    public static string? Find(string name) => Names.FirstOrDefault(known => string.Equals(Plain(known), Plain(name), StringComparison.OrdinalIgnoreCase));

    private static string Plain(string name) => name.Replace("-", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal);

    private static TaskDownload OfSquad(string name, SquadVersion version, SquadSplit split, string sha256, int megabytes)
    {
        var file = SquadFiles.FileName(version, split);
        return new TaskDownload(name, new($"https://rajpurkar.github.io/SQuAD-explorer/dataset/{file}"), $"SQuAD/{file}", sha256, megabytes);
    }
}
