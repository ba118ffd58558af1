namespace Replication.Runs;

/// <summary>A matrix that a run keeps for a figure, such as what a layer attends to.</summary>
/// <param name="Name">Such as "attention of student layer 1".</param>
/// <param name="Labels">A name for each row; columns, where they are as many, have the same.</param>
/// <param name="Rows">The numbers.</param>
public sealed record RunArray(string Name, IReadOnlyList<string> Labels, IReadOnlyList<double[]> Rows)
{
    /// <summary>The file in a run's folder that holds its arrays.</summary>
    internal const string FileName = "arrays.json";

    /// <summary>Keeps some arrays in a run's folder.</summary>
    public static void Write(string folder, IReadOnlyList<RunArray> arrays) =>
        AtomicFile.WriteText(Path.Combine(folder, FileName), Json.Node(arrays).ToJsonString(Json.Compact) + "\n");
}
