using Replication.Studies;

namespace Replication.CommandLine;

/// <summary>Where results are: those of the repository, and those that this call writes.</summary>
/// <param name="Committed">The repository's own, such as results.</param>
/// <param name="Own">What is written, such as results/local; the same folder where the committed ones are to be replaced.</param>
internal sealed record ResultsPlace(string Committed, string Own)
{
    /// <summary>Folder under results/ for what this machine measured; ignored by git.</summary>
    public const string LocalName = "local";

    /// <summary>The place that a user asked for.</summary>
    /// <param name="root">The repository's root.</param>
    /// <param name="output">--output; null for none.</param>
    /// <param name="updates">--update-results.</param>
    /// <exception cref="ReplicationException">Both were given.</exception>
    public static ResultsPlace Of(string root, string? output, bool updates)
    {
        var committed = Path.Combine(root, "results");
        return (output, updates) switch
        {
            (not null, true) => throw new ReplicationException(
                "--output and --update-results name two places; leave one out.", ReplicationException.UsageError),
            (not null, false) => new ResultsPlace(committed, Path.GetFullPath(output)),
            (null, true) => new ResultsPlace(committed, committed),
            _ => new ResultsPlace(committed, Path.Combine(committed, LocalName)),
        };
    }

    /// <summary>
    /// Takes <see cref="Own"/> for this process, waiting while another writes there; null where nothing can be written, so that a report
    /// whose files are all as they should be is no failure there.
    /// </summary>
    /// <param name="note">Called once, before the wait, with who writes there.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public IDisposable? Hold(Action<string> note, CancellationToken cancellation)
    {
        try
        {
            return FolderLock.Acquire(Own, "The folder of results", Timeout.InfiniteTimeSpan, note, TimeProvider.System, cancellation);
        }
        catch (ReplicationException e) when (StorageFailure.IsReadOnly(e.InnerException))
        {
            return null;
        }
    }

    /// <summary>A paper's folder in a profile under <see cref="Own"/>.</summary>
    public string OwnFolder(string paper, string profile) => Path.Combine(Own, paper, profile);

    /// <summary>A paper's folder in a profile under <see cref="Committed"/>.</summary>
    public string CommittedFolder(string paper, string profile) => Path.Combine(Committed, paper, profile);
}
