using System.Globalization;
using Replication.Runs.Slurm;
using Spectre.Console;

namespace Replication.CommandLine;

/// <summary>The jobs that were handed to Slurm from a runs folder, as a table a submission.</summary>
internal sealed class ClusterView(string runsFolder, SlurmClient client)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    // Slurm's words for jobs that have not ended.
    private static readonly string[] Open =
        ["PENDING", "RUNNING", "COMPLETING", "CONFIGURING", "REQUEUED", "SUSPENDED", "REQUEUE_HOLD", "SPECIAL_EXIT"];

    /// <summary>Shows the jobs of submissions that have open tasks, else of the newest; nothing where there is none.</summary>
    public void Show(Display display)
    {
        var all = SlurmSubmission.Read(runsFolder);
        var states = client.States([.. Ids(all)], out var trouble);
        if (trouble is not null)
            Tell(display, trouble);
        else
        {
            foreach (var submission in Chosen(all, states))
                Show(display, submission, Of(submission, states));
        }
    }

    /// <summary>Shows them again whenever something has changed, until nothing is left to wait for.</summary>
    public void Watch(Display display, TimeProvider clock, CancellationToken cancellation)
    {
        var watched = SlurmSubmission.Read(runsFolder);
        if (watched.Count == 0)
            throw new ReplicationException(
                $"Nothing was handed to a cluster from {runsFolder}; ./reproduce.ps1 PAPER --on slurm does that.");
        IReadOnlyList<SlurmState>? shown = null;
        string? said = null;
        while (true)
        {
            var states = client.States([.. Ids(watched)], out var trouble);
            if (trouble is null)
            {
                if (shown is null)
                    watched = Chosen(watched, states);
                foreach (var submission in watched)
                {
                    var its = Of(submission, states);
                    // How long a job has run changes all the time and does not count as a change.
                    if (shown is null || !Of(submission, shown).Select(News).SequenceEqual(its.Select(News)))
                        Show(display, submission, its);
                }
                shown = states;
                if (!watched.Any(submission => Of(submission, states).Any(IsOpen)))
                    return;
            }
            else if (trouble != said)
                Tell(display, $"{trouble}; nothing is known of the jobs until it answers, and the watch goes on.");
            said = trouble;
            Task.Delay(Pause, clock, cancellation).GetAwaiter().GetResult();
        }
    }

    private static void Tell(Display display, string trouble) =>
        display.Result(trouble, new { Event = "cluster-trouble", Trouble = trouble });

    private static IEnumerable<string> Ids(IReadOnlyList<SlurmSubmission> submissions) =>
        submissions.SelectMany(submission => submission.Jobs).Select(job => job.Id);

    private static IReadOnlyList<SlurmSubmission> Chosen(IReadOnlyList<SlurmSubmission> all, IReadOnlyList<SlurmState> states) =>
        all.Where(submission => Of(submission, states).Any(IsOpen)).ToList() is { Count: > 0 } open ? open : [.. all.TakeLast(1)];

    private static IReadOnlyList<SlurmState> Of(SlurmSubmission submission, IReadOnlyList<SlurmState> states)
    {
        var jobs = submission.Jobs.Select(job => job.Id).ToHashSet(StringComparer.Ordinal);
        return [.. states.Where(state => jobs.Contains(state.Id.Split('_')[0]))];
    }

    private static (string Id, string State) News(SlurmState state) => (state.Id, state.State);

    private static bool IsOpen(SlurmState state) => Open.Contains(state.State, StringComparer.Ordinal);

    private static void Show(Display display, SlurmSubmission submission, IReadOnlyList<SlurmState> states)
    {
        foreach (var state in states)
            display.Json(new { Event = "job", state.Id, Runs = Runs(submission, state.Id), state.State, state.Elapsed, state.Remark });
        display.Table(() =>
        {
            var table = display.Table(("job", false), ("runs", false), ("state", false), ("time", true), ("node or reason", false));
            foreach (var state in states)
                table.AddRow(
                    new Text(state.Id), new Text(Runs(submission, state.Id)), new Text(state.State), new Text(state.Elapsed),
                    new Text(state.Remark));
            return table;
        });
        var open = states.Count(IsOpen);
        var unknown = Math.Max(0, Tasks(submission) - states.Count);
        display.Result(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{submission.Command}, submitted {submission.Submitted:yyyy-MM-dd HH:mm} UTC: {open} of {Tasks(submission)} tasks "
                + $"still to end{(unknown == 0 ? "" : $", {unknown} no longer known")}."),
            new { Event = "cluster", submission.Command, Open = open, Unknown = unknown, Tasks = Tasks(submission) });
    }

    private static int Tasks(SlurmSubmission submission) => submission.Jobs.Sum(job => Math.Max(1, job.Tasks.Count));

    // "12_3" is task 3 of job 12; a job of one command has no tasks.
    private static string Runs(SlurmSubmission submission, string id)
    {
        var parts = id.Split('_');
        var job = submission.Jobs.FirstOrDefault(job => job.Id == parts[0]);
        return parts.Length == 2 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var task)
            && job?.Tasks.Count > task
            ? string.Join("; ", job.Tasks[task])
            : job?.Name ?? "";
    }
}
