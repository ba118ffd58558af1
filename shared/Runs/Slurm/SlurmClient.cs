namespace Replication.Runs.Slurm;

/// <summary>The state of a job or of one of its tasks.</summary>
/// <param name="Id">Slurm's id, such as "12_3".</param>
/// <param name="State">Slurm's word, such as RUNNING or TIMEOUT.</param>
/// <param name="Elapsed">How long it has run, in Slurm's form.</param>
/// <param name="Remark">Node, or why it waits; the exit code of one that has ended.</param>
public sealed record SlurmState(string Id, string State, string Elapsed, string Remark);

/// <summary>Slurm's own programs: sbatch, squeue, sacct.</summary>
/// <param name="commands">Runs them.</param>
public sealed class SlurmClient(ICommandRunner commands)
{
    /// <summary>Submits a script.</summary>
    /// <param name="script">The file.</param>
    /// <param name="dependency">What must have ended before, as sbatch has it, such as "afterok:12_3"; null for nothing.</param>
    /// <returns>The job's id.</returns>
    /// <exception cref="ReplicationException">sbatch is not there, or refused it; the message has its words.</exception>
    public string Submit(string script, string? dependency)
    {
        string[] after = dependency is null ? [] : [$"--dependency={dependency}"];
        var result = Require("sbatch", ["--parsable", .. after, script]);
        // With several clusters the id is followed by the cluster's name.
        return result.Output.Trim().Split(';')[0];
    }

    /// <summary>
    /// The states of jobs, tasks alone where a job is an array: those that wait, run or have just ended from squeue, the others from
    /// sacct where accounting runs.
    /// </summary>
    /// <param name="jobs">Ids of jobs.</param>
    /// <param name="trouble">Why squeue gave no answer, which says nothing about the jobs; null where it gave one.</param>
    /// <exception cref="ReplicationException">squeue is not there.</exception>
    public IReadOnlyList<SlurmState> States(IReadOnlyList<string> jobs, out string? trouble)
    {
        trouble = null;
        if (jobs.Count == 0)
            return [];
        var list = string.Join(',', jobs);
        var found = new Dictionary<string, SlurmState>(StringComparer.Ordinal);
        // squeue knows a job that has ended for some minutes (MinJobAge); sacct, where accounting runs, for good.
        var queue = commands.Run("squeue", "--noheader", "--states=all", "--array", $"--jobs={list}", "--format=%i|%T|%M|%R")
            ?? throw Missing("squeue");
        if (commands.Run(
            "sacct", "--noheader", "--parsable2", "--allocations", $"--jobs={list}", "--format=JobID,State,Elapsed,ExitCode") is {
            ExitCode: 0 } accounted)
            Read(accounted.Output, found);
        if (queue.ExitCode == 0)
            Read(queue.Output, found);
        else if (!queue.Error.Contains(Unknown, StringComparison.OrdinalIgnoreCase))
            trouble = $"squeue: {queue.Error.Trim().ReplaceLineEndings(" ")}";
        return [.. found.Values.OrderBy(s => s.Id, NumericOrder)];
    }

    // squeue fails when none of the jobs is known any more, which says no more than an empty list.
    private const string Unknown = "Invalid job id";

    private static StringComparer NumericOrder { get; } =
        StringComparer.Create(System.Globalization.CultureInfo.InvariantCulture, System.Globalization.CompareOptions.NumericOrdering);

    private static void Read(string lines, Dictionary<string, SlurmState> found)
    {
        foreach (var line in lines.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var fields = line.Split('|');
            // sacct has the waiting tasks of an array in one line, "12_[3-7]"; squeue has each.
            if (fields.Length == 4 && !fields[0].Contains('['))
                found[fields[0]] = new SlurmState(fields[0], fields[1].Split(' ')[0], fields[2], fields[3]);
        }
    }

    private CommandResult Require(string program, IReadOnlyList<string> arguments)
    {
        var result = commands.Run(program, arguments) ?? throw Missing(program);
        return result.ExitCode == 0
            ? result
            : throw new ReplicationException(
                $"{program} refused {string.Join(' ', arguments)}: {result.Error.Trim().ReplaceLineEndings(" ")}");
    }

    private static ReplicationException Missing(string program) =>
        new($"The program {program} is not here; --on slurm works on a machine of a Slurm cluster that jobs can be submitted from.");
}
