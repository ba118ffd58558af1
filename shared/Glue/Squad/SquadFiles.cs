namespace Replication.Glue.Squad;

/// <summary>Finds and reads SQuAD: the official JSON or the hub's Parquet.</summary>
internal static class SquadFiles
{
    /// <summary>Where a split is; null where it is missing.</summary>
    public static TaskPlace? Find(DataFolders folders, SquadVersion version, SquadSplit split) => TaskPlace.Find(
        folders,
        root => new[] { root, Path.Combine(root, "SQuAD"), Path.Combine(root, "squad"), Path.Combine(root, HubFolder(version)) }
            .Select(folder => Path.Combine(folder, FileName(version, split))),
        root => from name in new[] {
            HubFolder(version), Path.Combine(HubFolder(version), version == SquadVersion.V1 ? "plain_text" : HubFolder(version)) }
                select (Path.Combine(root, name), split == SquadSplit.Train ? "train" : "validation"));

    /// <summary>The questions of a place.</summary>
    /// <exception cref="ReplicationException">Malformed; the message names file and question.</exception>
    public static IReadOnlyList<SquadQuestion> Read(TaskPlace place, bool hasAnswers = true) =>
        place.IsParquet ? SquadParquet.Read(place.Paths) : SquadJson.Read(place.Paths[0], hasAnswers);

    /// <summary>The official name of a split's file.</summary>
    public static string FileName(SquadVersion version, SquadSplit split) =>
        $"{split.ToString().ToLowerInvariant()}-v{Number(version)}.json";

    /// <summary>A version as it is written, such as 1.1.</summary>
    public static string Number(SquadVersion version) => version == SquadVersion.V1 ? "1.1" : "2.0";

    private static string HubFolder(SquadVersion version) => version == SquadVersion.V1 ? "squad" : "squad_v2";
}
