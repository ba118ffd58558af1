namespace Replication.Glue.Race;

/// <summary>Finds and reads RACE: the authors' folder, its tar.gz, or the hub's Parquet.</summary>
internal static class RaceFiles
{
    /// <summary>The name of the archive that the authors hand out.</summary>
    public const string Archive = "RACE.tar.gz";

    private const string Root = "RACE";

    private static readonly string[] Names = ["RACE", "race"];

    private static readonly string[] Levels = ["all", "middle", "high"];

    /// <summary>Where a split is; null where it is missing.</summary>
    public static TaskPlace? Find(DataFolders folders, RaceSplit split) => TaskPlace.Find(
        folders,
        root => Below(root).Where(folder => Directory.Exists(Path.Combine(folder, Name(split))) && IsRoot(folder))
            .Concat(Below(root).Select(folder => Path.Combine(folder, Archive))),
        root => from name in Names from level in Levels select (Path.Combine(root, name, level), HubName(split)));

    /// <summary>The questions of a split.</summary>
    /// <exception cref="ReplicationException">Malformed; the message names file and question.</exception>
    public static IReadOnlyList<RaceQuestion> Read(TaskPlace place, RaceSplit split)
    {
        if (place.IsParquet)
            return RaceParquet.Read(Together(place, split));
        var begin = Name(split) + "/";
        return [.. TextTree.Read(
            place.Paths[0], Root, name => name.StartsWith(begin, StringComparison.Ordinal) && LevelOf(name) is not null)
            .SelectMany(file => RacePassage.Questions(file, LevelOf(file.Name)!.Value))];
    }

    /// <summary>A split's name among the authors' folders.</summary>
    public static string Name(RaceSplit split) => split.ToString().ToLowerInvariant();

    private static string HubName(RaceSplit split) => split == RaceSplit.Dev ? "validation" : Name(split);

    private static IEnumerable<string> Below(string root) => Names.Select(name => Path.Combine(root, name)).Prepend(root);

    // A folder with a "dev" in it may be anything; RACE's has schools below.
    private static bool IsRoot(string folder) => Directory.EnumerateDirectories(folder)
        .Any(split => Directory.Exists(Path.Combine(split, "middle")) || Directory.Exists(Path.Combine(split, "high")));

    // Middle and high school are two folders on the hub, or one together.
    private static IReadOnlyList<string> Together(TaskPlace place, RaceSplit split)
    {
        var folder = Path.GetDirectoryName(place.Paths[0])!;
        if (Path.GetFileName(folder) == "all")
            return place.Paths;
        return [.. Levels.Skip(1).Select(level => Path.Combine(Path.GetDirectoryName(folder)!, level)).Where(Directory.Exists)
            .SelectMany(level => Directory.GetFiles(level, HubName(split) + "*.parquet").Order(StringComparer.Ordinal))];
    }

    // dev/middle/1.txt; what begins with a dot was left there by an archiver.
    private static RaceLevel? LevelOf(string name) => name.Split('/') switch
    {
        [_, "middle", var file] when IsPassage(file) => RaceLevel.Middle,
        [_, "high", var file] when IsPassage(file) => RaceLevel.High,
        _ => null,
    };

    private static bool IsPassage(string file) => file.EndsWith(".txt", StringComparison.Ordinal) && !file.StartsWith('.');
}
