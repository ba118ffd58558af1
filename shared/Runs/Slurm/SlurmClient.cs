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
    /// <param name="after">Ids of jobs or tasks that must have ended well before.</param>
    /// <returns>The job's id.</returns>
    /// <exception cref="ReplicationException">sbatch is not there, or refused it; the message has its words.</exception>
    public string Submit(string script, IReadOnlyList<string> after)
    {
        string[] dependency = after.Count == 0 ? [] : [$"--dependency=afterok:{string.Join(':', after)}"];
        var result = Require("sbatch", ["--parsable", .. dependency, script]);
        // With several clusters the id is followed by the cluster's name.
        return result.Output.Trim().Split(';')[0];
    }

    /// <summary>
    /// The states of jobs, tasks alone where a job is an array: those that wait, run or have just ended from squeue, the others from
    /// sacct where accounting runs.
    /// </summary>
    /// <exception cref="ReplicationException">squeue is not there.</exception>
    public IReadOnlyList<SlurmState> States(IReadOnlyList<string> jobs)
    {
        if (jobs.Count == 0)
            return [];
        var list = string.Join(',', jobs);
        var found = new Dictionary<string, SlurmState>(StringComparer.Ordinal);
        // squeue fails when none of the jobs is known any more, which says no more than an empty list. It knows one that has ended for some
        // minutes (MinJobAge); sacct, where accounting runs, for good.
        var queue = commands.Run("squeue", "--noheader", "--states=all", "--array", $"--jobs={list}", "--format=%i|%T|%M|%R")
            ?? throw Missing("squeue");
        if (commands.Run(
            "sacct", "--noheader", "--parsable2", "--allocations", $"--jobs={list}", "--format=JobID,State,Elapsed,ExitCode") is {
            ExitCode: 0 } accounted)
            Read(accounted.Output, found);
        if (queue.ExitCode == 0)
            Read(queue.Output, found);
        return [.. found.Values.OrderBy(s => s.Id, NumericOrder)];
    }

    private static StringComparer NumericOrder { get; } =
        StringComparer.Create(System.Globalization.CultureInfo.InvariantCulture, System.Globalization.CompareOptions.NumericOrdering);

    private static void Read(string lines, Dictionary<string, SlurmState> found)
    {
        foreach (var line in lines.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var fields = line.Split('|');
            if (fields.Length == 4)
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
