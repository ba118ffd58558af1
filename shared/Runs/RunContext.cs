namespace Replication.Runs;

/// <summary>What a run is handed when it executes.</summary>
public sealed record RunContext
{
    /// <summary>What all runs share.</summary>
    public required Workspace Workspace { get; init; }

    /// <summary>How people tell the run from its neighbours.</summary>
    public required string Label { get; init; }

    /// <summary>The run's folder, held by this process alone.</summary>
    public required RunFolder Folder { get; init; }

    /// <summary>The finished run of a spec that was named in <see cref="RunSpec.Needs"/>.</summary>
    public required Func<RunSpec, FinishedRun> Need { get; init; }

    /// <summary>Where progress is shown.</summary>
    public required IRunProgress Progress { get; init; }

    /// <summary>Times, rates and memory for the manifest, by name with unit; filled by the run.</summary>
    public IDictionary<string, double> Measurements { get; } = new SortedDictionary<string, double>(StringComparer.Ordinal);
}

/// <summary>A run that is done.</summary>
/// <param name="Path">Its folder; of a run in a ledger, the ledger's.</param>
/// <param name="Manifest">manifest.json.</param>
/// <param name="Result">result.json.</param>
public sealed record FinishedRun(string Path, RunManifest Manifest, RunResult Result)
{
    /// <summary>The folder of the trained model, in Hugging Face's layout; a ledger has none.</summary>
    public string ModelFolder => System.IO.Path.Combine(Path, "model");

    /// <summary>That folder's files among the run's, by name: their sha256.</summary>
    public IReadOnlyDictionary<string, string> ModelFiles => new SortedDictionary<string, string>(
        Manifest.Files.Where(file => file.Key.StartsWith("model/", StringComparison.Ordinal)).ToDictionary(), StringComparer.Ordinal);

    /// <summary>
    /// Whether it trained a model; the folder of a run that wrote something else, such as augmented rows, has no configuration.
    /// </summary>
    public bool HasModel => Manifest.Files.ContainsKey("model/config.json");

    /// <summary>The losses and scores that it noted while it trained.</summary>
    public IReadOnlyList<CurvePoint> Curves => Details.Curves;

    /// <summary>The matrices that it keeps for figures.</summary>
    public IReadOnlyList<RunArray> Arrays => Details.Arrays;

    /// <summary>What the finished model said of the rows that it was measured on; none in ledgers of before they were kept.</summary>
    public IReadOnlyList<RowPrediction> Predictions => Details.Predictions;

    /// <summary>Where these are; in its folder, unless it is in a ledger.</summary>
    internal IRunDetails Details { get => field ?? new FolderDetails(Path); init; }
}

/// <summary>Is told of the progress of runs.</summary>
public interface IRunProgress
{
    /// <summary>A run begins or resumes.</summary>
    /// <param name="label">The run's label.</param>
    /// <param name="total">Amount of work in <paramref name="unit"/>.</param>
    /// <param name="done">What a checkpoint had already done.</param>
    /// <param name="unit">Such as "steps".</param>
    void Begin(string label, long total, long done, string unit);

    /// <summary>Work done so far, with the newest loss and rate for people.</summary>
    void Advance(long done, double? loss = null, double? tokensPerSecond = null);

    /// <summary>A remark worth a line, such as a dev score or a warning.</summary>
    void Note(string text);

    /// <summary>The run is done.</summary>
    void End();

    /// <summary>Work within a run that its own count leaves out, such as an evaluation; the next call of another member ends it.</summary>
    void Aside(string what, long done, long total, string unit)
    {
    }

    /// <summary>A run of a plan is computed next.</summary>
    /// <param name="number">Its place in the plan, from 1.</param>
    /// <param name="count">Runs of the plan.</param>
    /// <param name="label">The run's label.</param>
    void NextRun(int number, int count, string label) => Note(FormattableString.Invariant($"run {number} of {count}: {label}"));

    /// <summary>A run of a plan is done, was done before, or will not be computed.</summary>
    void RunDone(int number)
    {
    }
}
