using Replication.Glue.Imdb;
using Replication.Glue.Race;
using Replication.Glue.Squad;

namespace Replication.Glue;

/// <summary>Finds and reads the data of the tasks beside GLUE: in folders the user named, then among the downloads.</summary>
/// <param name="folders">Where to look.</param>
public sealed class TaskSource(DataFolders folders)
{
    private readonly ChecksumFile _checksums = new(folders.Downloads, folders.Pins);
    private readonly Cache _loaded = new();

    /// <summary>Is told of data that is not what the authors hand out, once, when it is first read; null for none.</summary>
    public Action<string>? Warn { get; init; }

    /// <summary>Reads a split of SQuAD; a second call gives the same object.</summary>
    /// <exception cref="ReplicationException">Missing (says what it would take), malformed (file, article, question), or not the one that
    /// is pinned.</exception>
    public SquadDataset Squad(SquadVersion version, SquadSplit split) => _loaded.GetOrMake($"SQuAD {version} {split}", () =>
    {
        var name = version == SquadVersion.V1 ? TaskDownload.Squad1 : TaskDownload.Squad2;
        var place = SquadFiles.Find(folders, version, split) ?? throw Missing(name, $"SQuAD/{SquadFiles.FileName(version, split)}");
        var warning = Hold(place, name);
        return Checked(version, SquadFiles.Read(place), place) with { Warning = warning };
    });

    /// <summary>Reads questions from a file that the user named, in SQuAD's own form or the hub's.</summary>
    /// <exception cref="ReplicationException">Malformed; the message names file and question.</exception>
    public static SquadDataset Squad(SquadVersion version, string path)
    {
        var isParquet = path.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase);
        var place = new TaskPlace([path], isParquet, IsNamed: true);
        return Checked(version, SquadFiles.Read(place), place);
    }

    /// <summary>Reads a split of RACE; a second call gives the same object.</summary>
    /// <exception cref="ReplicationException">Missing (says what it would take), malformed (file, question), or not the one that is
    /// pinned.</exception>
    public RaceDataset Race(RaceSplit split) => _loaded.GetOrMake($"RACE {split}", () =>
    {
        var place = RaceFiles.Find(folders, split)
            ?? throw Missing(TaskDownload.Race, $"RACE/{RaceFiles.Name(split)}/middle, or {RaceFiles.Archive},");
        var warning = Hold(place, TaskDownload.Race);
        var questions = RaceFiles.Read(place, split);
        return questions.Count == 0
            ? throw new ReplicationException($"{Source(place)} holds no passages of RACE's {RaceFiles.Name(split)} set.")
            : new RaceDataset(split, questions, ContentDigest.Of(questions), Source(place)) { Warning = warning };
    });

    /// <summary>Reads a split of IMDb.</summary>
    internal GlueDataset Imdb(GlueSplit split)
    {
        var place = ImdbFiles.Find(folders, split) ?? throw Missing(GlueTasks.Imdb.Name, $"{ImdbFiles.Archive}, or aclImdb,");
        var warning = Hold(place, GlueTasks.Imdb.Name);
        var reviews = ImdbFiles.Read(place, split);
        if (reviews.Count == 0)
            throw new ReplicationException($"{Source(place)} holds no reviews of IMDb's {GlueCatalog.Describe(split)}.");
        var difference = reviews.Count == GlueCatalog.Entry(GlueTasks.Imdb, split).Rows
            ? null
            : GlueCatalog.Entry(GlueTasks.Imdb, split).Difference(reviews.Count, "", place.IsParquet);
        return new GlueDataset(GlueTasks.Imdb, split, reviews, ContentDigest.Of(reviews), Source(place))
        {
            Warning = difference is null
                ? warning
                : $"{Source(place)} {difference}; it is used as it is, and what is measured with it does not compare with published "
                    + $"scores.",
        };
    }

    /// <summary>Whether something of a data set is here, and the files of it that would be read.</summary>
    internal IReadOnlyList<TaskPlace?> Places(string name) => name switch
    {
        TaskDownload.Squad1 =>
            [SquadFiles.Find(folders, SquadVersion.V1, SquadSplit.Train), SquadFiles.Find(folders, SquadVersion.V1, SquadSplit.Dev)],
        TaskDownload.Squad2 =>
            [SquadFiles.Find(folders, SquadVersion.V2, SquadSplit.Train), SquadFiles.Find(folders, SquadVersion.V2, SquadSplit.Dev)],
        TaskDownload.Race => [RaceFiles.Find(folders, RaceSplit.Dev)],
        _ => [ImdbFiles.Find(folders, GlueSplit.Train)],
    };

    /// <summary>Refuses downloaded files that are not what is pinned or recorded; those that the user named pass with a warning.</summary>
    /// <returns>How the user's own differ from what the authors hand out, in one sentence; null where they do not, or where no digest is
    /// known.</returns>
    internal string? Hold(TaskPlace place, string name)
    {
        if (!place.IsNamed)
        {
            foreach (var path in place.Paths)
            {
                _checksums.Hold(path, Digest.OfFile);
                if (Pinned(path, name) is { } pin && Digest.OfFile(path) is var found && found != pin)
                    throw new ReplicationException(
                        $"{path} has the sha256 {found[..12]}... where {pin[..12]}... is pinned; delete it and get it again, or name "
                        + $"its folder with --data to use it all the same.");
            }
            return null;
        }
        if (place.Paths is not [var single] || Directory.Exists(single) || Pinned(single, name) is not { } expected
            || Digest.OfFile(single) == expected)
            return null;
        var warning =
            $"{single} is not the file that {name}'s authors hand out (sha256 {expected[..12]}...); it is used as it is, and what is "
                + $"measured with it does not compare with published scores.";
        Warn?.Invoke(warning);
        return warning;
    }

    private static string? Pinned(string path, string name) =>
        TaskDownload.All.FirstOrDefault(
            download => download.Name == name && Path.GetFileName(download.File) == Path.GetFileName(path))?.Sha256;

    private static SquadDataset Checked(SquadVersion version, IReadOnlyList<SquadQuestion> questions, TaskPlace place)
    {
        SquadChecks.Questions(questions);
        return new SquadDataset(version, questions, ContentDigest.Of(questions), Source(place));
    }

    private static string Source(TaskPlace place) => string.Join(", ", place.Paths);

    private static ReplicationException Missing(string name, string file) =>
        new($"{name} is not here; get it with '{DataFolders.FetchCommand(name)}', or name a folder that holds {file} with --data.");
}
