using System.Text;
using static System.FormattableString;

namespace Replication.Runs.Slurm;

/// <summary>The batch scripts that sbatch takes: bash, readable, each standing alone.</summary>
/// <param name="settings">What the cluster wants to be told.</param>
/// <param name="program">The program with its first arguments, a word an entry.</param>
/// <param name="root">The folder that jobs start in.</param>
/// <param name="logs">The folder for the jobs' output.</param>
public sealed class SlurmScript(SlurmSettings settings, IReadOnlyList<string> program, string root, string logs)
{
    /// <summary>The environment variable that says how many seconds a job has for saving.</summary>
    public const string GraceVariable = "REPRODUCE_GRACE_SECONDS";

    // Seconds that are left for going back into the queue.
    private const int Reserve = 5;

    /// <summary>A job of runs: each task names its runs by the beginning of their keys.</summary>
    /// <param name="job">The job.</param>
    /// <param name="key">A run's key.</param>
    public string Of(SlurmJob job, Func<PlannedRun, string> key)
    {
        var text = Head(job.Name, "%x-%A_%a.log");
        text.Append(Line($"#SBATCH --array=0-{job.Tasks.Count - 1}"));
        text.Append("\n# The runs of each task, by the beginning of their keys.\nruns=(\n");
        foreach (var task in job.Tasks)
        {
            var keys = string.Join(',', task.Select(run => key(run)[..RunKey.ShortLength]));
            text.Append(Line($"    '{keys}'  # {string.Join("; ", task.Select(Label))}"));
        }
        text.Append(")\n");
        text.Append(Body([.. program, "--only"], " \"${runs[$SLURM_ARRAY_TASK_ID]}\"", "${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}"));
        return text.ToString();
    }

    /// <summary>A job of one command.</summary>
    /// <param name="name">The job's name.</param>
    /// <param name="words">The command, a word an entry.</param>
    public string Of(string name, IReadOnlyList<string> words) => Head(name, "%x-%j.log") + Body(words, "", "$SLURM_JOB_ID");

    private StringBuilder Head(string name, string log)
    {
        List<string> options =
        [
            $"--job-name={name}", $"--chdir={InLine(root)}", $"--output={InLine(Pattern(logs) + "/" + log)}", "--open-mode=append",
            "--requeue",
            "--kill-on-invalid-dep=yes", Invariant($"--signal=B:USR1@{settings.WarnSeconds}"), "--nodes=1", "--ntasks=1",
            Invariant($"--cpus-per-task={settings.Cpus}"),
        ];
        if (settings.Partition is not null)
            options.Add($"--partition={settings.Partition}");
        if (settings.Account is not null)
            options.Add($"--account={settings.Account}");
        if (settings.Time is not null)
            options.Add($"--time={settings.Time}");
        if (settings.Memory is not null)
            options.Add($"--mem={settings.Memory}");
        if (settings.Gpus > 0)
            options.Add(Invariant($"--gres=gpu:{settings.Gpus}"));
        var text = new StringBuilder("#!/bin/bash\n");
        foreach (var option in options.Concat(settings.Options))
            text.Append(Line($"#SBATCH {option}"));
        return text;
    }

    // The shell stays: it hears the signals, hands them on as Ctrl-C, after which the program saves a checkpoint and ends, and puts
    // the job back into the queue when its time is up. A preempted job is put back by Slurm itself.
    private string Body(IReadOnlyList<string> words, string more, string id) => $$"""

        # How long the program may take to save after a signal, below the {{settings.WarnSeconds}} s that Slurm warns ahead.
        export {{GraceVariable}}={{settings.WarnSeconds - Reserve}}
        again=
        interrupt() { kill -INT "$program" 2> /dev/null; }
        trap 'again=yes; interrupt' USR1
        trap interrupt TERM

        {{string.Join(' ', words.Select(Quoted))}}{{more}} &
        program=$!
        # A trap ends a wait early; the program's own status is that of the last one.
        while wait "$program"; status=$?; kill -0 "$program" 2> /dev/null; do :; done

        if [ "$again" ] && [ "$status" -ne 0 ]; then
            echo "The time limit is near: job {{id}} resumes from its checkpoint in the queue."
            scontrol requeue "{{id}}"
        fi
        exit "$status"

        """;

    private static string Label(PlannedRun run) => run.Label.ReplaceLineEndings(" ");

    private static string Quoted(string word) => word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || "-_./=,:".Contains(c))
        ? word
        : $"'{word.Replace("'", @"'\''")}'";

    // sbatch splits its lines at blanks and takes # for a comment, but not within double quotes.
    private static string InLine(string path)
    {
        if (path.AsSpan().IndexOfAny("\"\\\n\r") >= 0)
            throw new ReplicationException(
                $"{path.ReplaceLineEndings(" ")} has a quotation mark, a backslash or a line end in its name, which Slurm does not take; "
                    + "choose another folder with --runs.", ReplicationException.UsageError);
        return path.AsSpan().IndexOfAny(" \t#'") < 0 ? path : $"\"{path}\"";
    }

    // In the name of an output file % begins a replacement.
    private static string Pattern(string path) => path.Replace("%", "%%");

    private static string Line(FormattableString line) => Invariant(line) + "\n";
}
