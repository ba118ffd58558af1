namespace Replication.Runs;

/// <summary>Finds finished runs by the beginning of their key, among folders and among ledgers.</summary>
/// <param name="runsFolder">Folder of run folders; it need not be there.</param>
/// <param name="ledgerFolders">Folders of ledgers.</param>
public sealed class RunLookup(string runsFolder, IEnumerable<string> ledgerFolders)
{
    /// <summary>Fewest characters of a key that name a run.</summary>
    public const int Shortest = 4;

    private const int MostNamed = 5;

    private readonly Lazy<IReadOnlyList<LedgerRun>> _ledgers = new(() => [.. ledgerFolders.SelectMany(folder => Ledger.Read(folder).Runs)]);

    /// <summary>The run of a key; a folder's, which holds more, before a ledger's.</summary>
    /// <param name="key">The key or its beginning.</param>
    /// <exception cref="ReplicationException">No run has it, or several have, or what holds it is damaged.</exception>
    public FinishedRun Find(string key)
    {
        if (key.Length < Shortest || !key.All(char.IsAsciiHexDigitLower))
            throw new ReplicationException(
                $"'{key}' is not a run's key; give at least {Shortest} of its hexadecimal digits, which 'runs' and the line beside a "
                    + $"number show.", ReplicationException.UsageError);
        var found = Folders(key)
            .Concat(_ledgers.Value.Select(run => run.Run).Where(run => run.Manifest.Key.StartsWith(key, StringComparison.Ordinal)))
            .DistinctBy(run => run.Manifest.Key, StringComparer.Ordinal).ToList();
        return found switch
        {
            [var one] => one,
            [] =>
                throw new ReplicationException(
                    $"No finished run's key begins with '{key}', neither in {runsFolder} nor in a ledger under results; 'runs' lists "
                    + $"those that are here.", ReplicationException.UsageError),
            _ => throw new ReplicationException(
                $"'{key}' begins the keys of {found.Count} runs: "
                    + $"{string.Join("; ", found.Take(MostNamed).Select(Named))}; give more of it.", ReplicationException.UsageError),
        };

        static string Named(FinishedRun run) => $"{run.Manifest.Key[..RunKey.ShortLength]} {run.Manifest.Label}";
    }

    // Folders carry the beginning of their key in their name.
    private IEnumerable<FinishedRun> Folders(string key) => !Directory.Exists(runsFolder) ? [] :
        Directory.EnumerateDirectories(runsFolder, $"*-{key[..Math.Min(key.Length, RunKey.ShortLength)]}*").Order(StringComparer.Ordinal)
            .Where(folder => File.Exists(Path.Combine(folder, RunStore.ManifestName)) && KeyOf(folder) is var start
                && (start.StartsWith(key, StringComparison.Ordinal) || key.StartsWith(start, StringComparison.Ordinal)))
            .Select(RunStore.Open).Where(run => run.Manifest.Key.StartsWith(key, StringComparison.Ordinal));

    private static string KeyOf(string folder) => Path.GetFileName(folder)[(Path.GetFileName(folder).LastIndexOf('-') + 1)..];
}
