namespace Replication.Runs;

/// <summary>A run of a ledger.</summary>
/// <param name="Identity">What it is in the paper whose ledger it is.</param>
/// <param name="Run">What it found.</param>
public sealed record LedgerRun(RunIdentity Identity, FinishedRun Run);

/// <summary>
/// A paper's evidence in a profile, small enough to be committed: runs.jsonl.gz with a run per line, and tables of curves, arrays
/// and predictions beside it. Reports are made from it alone. docs/ledger.md describes the files.
/// </summary>
public sealed class Ledger
{
    private readonly Dictionary<string, LedgerRun> _byRecipe;

    private Ledger(IReadOnlyList<LedgerRun> runs)
    {
        Runs = runs;
        _byRecipe = runs.ToDictionary(run => run.Run.Manifest.SpecKey, StringComparer.Ordinal);
    }

    /// <summary>Its runs by key; of one recipe there is one run.</summary>
    public IReadOnlyList<LedgerRun> Runs { get; }

    /// <summary>The run of a recipe, wherever it was computed; null for none.</summary>
    public FinishedRun? Find(RunSpec spec) => Find(spec.SpecKey());

    /// <summary>Whether it has the run of a recipe, computed from the data and models that are there now.</summary>
    /// <exception cref="ReplicationException">Data or a model is missing.</exception>
    public bool Covers(RunSpec spec, Workspace workspace) =>
        Find(spec) is { } run && SameInputs(run.Manifest, spec.Inputs(workspace));

    /// <summary>The ledger of a folder; an empty one where there is none.</summary>
    /// <remarks>A plain runs.jsonl of versions before is read too; beside the packed file it adds the runs of recipes that are not there.
    /// </remarks>
    /// <exception cref="ReplicationException">The file is damaged, or a line is not what a ledger holds; the message names it.</exception>
    public static Ledger Read(string folder)
    {
        var tables = new LedgerTables(folder);
        var runs = new Dictionary<string, LedgerRun>(StringComparer.Ordinal);
        foreach (var (path, lines) in LedgerFile.Read(folder))
        {
            var (keys, recipes) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
            foreach (var (index, text) in lines.Index())
            {
                var place = FormattableString.Invariant($"{path}, line {index + 1}");
                var line = LedgerLine.Parse(text, place);
                if (!keys.Add(line.Key) || !recipes.Add(line.RecipeKey))
                    throw new ReplicationException($"{place} has a run twice, {line.Label}; leave one of them.");
                runs.TryAdd(line.RecipeKey, line.ToRun(folder, tables));
            }
        }
        return new Ledger([.. runs.Values.OrderBy(run => run.Run.Manifest.Key, StringComparer.Ordinal)]);
    }

    /// <summary>The folders of a tree that hold a ledger, in order.</summary>
    /// <param name="root">The tree; it need not be there.</param>
    /// <param name="depth">How far below the root a folder may be.</param>
    public static IReadOnlyList<string> Folders(string root, int depth) => !Directory.Exists(root) ? [] :
    [
        .. Directory.EnumerateFiles(
            root, LedgerFile.PlainName + "*", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = depth })
            .Where(file => Path.GetFileName(file) is LedgerFile.Name or LedgerFile.PlainName)
            .Select(file => Path.GetDirectoryName(file)!).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
    ];

    /// <summary>Makes the ledger of a folder hold some runs and no others.</summary>
    /// <exception cref="ReplicationException">A run's file was changed after it ended, or the folder cannot be written to; then nothing has
    /// changed.</exception>
    public static void Write(string folder, IEnumerable<LedgerRun> runs) => Change(folder, _ => runs);

    /// <summary>
    /// Adds runs. One that is there stays, wherever the new one was computed, unless the data or models are others now.
    /// Several processes may do so at once.
    /// </summary>
    /// <inheritdoc cref="Write" path="/exception"/>
    public static void Add(string folder, IEnumerable<LedgerRun> runs) => Change(folder, ledger =>
    {
        var added = runs.Where(
            run => ledger.Find(run.Run.Manifest.SpecKey) is not { } there || !SameInputs(there.Manifest, run.Run.Manifest.Inputs))
            .ToArray();
        return added.Concat(ledger.Runs);
    });

    /// <summary>
    /// Gives runs the names that the paper has for them now; what they found stays. A ledger whose names are those is not touched, unless
    /// its file is a plain one.
    /// </summary>
    /// <inheritdoc cref="Write" path="/exception"/>
    public static void Name(string folder, Plan plan)
    {
        var identities = plan.Runs.ToDictionary(run => run.SpecKey, run => run.Identity, StringComparer.Ordinal);
        LedgerRun Named(LedgerRun run) => run with { Identity = identities.GetValueOrDefault(run.Run.Manifest.SpecKey) ?? run.Identity };
        if (LedgerFile.HasPlain(folder) || Read(folder).Runs.Any(run => Named(run).Identity != run.Identity))
            Change(folder, ledger => ledger.Runs.Select(Named));
    }

    private FinishedRun? Find(string recipe) => _byRecipe.GetValueOrDefault(recipe)?.Run;

    private static bool SameInputs(RunManifest run, IEnumerable<RunInput> inputs) => inputs.ToHashSet().SetEquals(run.Inputs);

    private static void Change(string folder, Func<Ledger, IEnumerable<LedgerRun>> change)
    {
        using var held =
            FolderLock.Acquire(folder, "The ledger", Timeout.InfiniteTimeSpan, null, TimeProvider.System, CancellationToken.None);
        var there = Read(folder);
        Save(folder, there.Runs, [
            .. change(there).DistinctBy(run => run.Run.Manifest.SpecKey, StringComparer.Ordinal)
            .OrderBy(run => run.Run.Manifest.Key, StringComparer.Ordinal)]);
    }

    // All is made before anything is written. The tables come first: rows of a run that the ledger has not yet do no harm.
    private static void Save(string folder, IReadOnlyList<LedgerRun> there, IReadOnlyList<LedgerRun> runs)
    {
        foreach (var run in runs)
            run.Run.Details.Verify(run.Run);
        var tables = LedgerTables.Write([.. runs.Select(run => run.Run)]);
        var lines = Lines(runs);
        // A plain file is packed as it is before anything changes: a process that is killed in between leaves the same runs in both.
        if (LedgerFile.HasPlain(folder))
            LedgerFile.Write(folder, Lines(there));
        foreach (var (name, bytes) in tables.Where(table => table.Value is not null))
            AtomicFile.WriteIfChanged(Path.Combine(folder, name), bytes!);
        LedgerFile.Write(folder, lines);
        foreach (var (name, _) in tables.Where(table => table.Value is null))
            File.Delete(Path.Combine(folder, name));
    }

    private static byte[] Lines(IEnumerable<LedgerRun> runs) => LedgerFile.Bytes([.. runs.Select(run => LedgerLine.Of(run).ToJson())]);
}
