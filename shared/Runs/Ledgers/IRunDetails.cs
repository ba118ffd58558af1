namespace Replication.Runs;

/// <summary>What a finished run noted beside its result, wherever that is kept.</summary>
internal interface IRunDetails
{
    /// <summary>By split, name and step.</summary>
    IReadOnlyList<CurvePoint> Curves { get; }

    /// <summary>By name.</summary>
    IReadOnlyList<RunArray> Arrays { get; }

    /// <summary>By split and row.</summary>
    IReadOnlyList<RowPrediction> Predictions { get; }

    /// <summary>Checks that they are as the run wrote them, where its manifest tells.</summary>
    void Verify(FinishedRun run);
}

/// <summary>Those in a run's folder; none where the folder has no such file.</summary>
internal sealed class FolderDetails(string folder) : IRunDetails
{
    private const string PredictionsEnding = ".tsv";

    public IReadOnlyList<CurvePoint> Curves
    {
        get
        {
            var path = Path.Combine(folder, MetricsWriter.FileName);
            if (!File.Exists(path))
                return [];
            using var content = File.OpenRead(path);
            return CurvePoint.Read(content, path);
        }
    }

    public IReadOnlyList<RunArray> Arrays => Path.Combine(folder, RunArray.FileName) is var path && File.Exists(path)
        ? [.. Json.Read<IReadOnlyList<RunArray>>(path).OrderBy(array => array.Name, StringComparer.Ordinal)]
        : [];

    public IReadOnlyList<RowPrediction> Predictions => !Directory.Exists(folder) ? [] :
    [
        .. Directory.EnumerateFiles(folder, RunFiles.PredictionsPrefix + "*" + PredictionsEnding).Order(StringComparer.Ordinal)
            .SelectMany(file =>
                RowPrediction.Read(file, Path.GetFileNameWithoutExtension(file)[RunFiles.PredictionsPrefix.Length..])?.Rows ?? [])
            .OrderBy(row => row.Split, StringComparer.Ordinal).ThenBy(row => row.Row),
    ];

    public void Verify(FinishedRun run) => RunStore.VerifyNotes(run);
}
