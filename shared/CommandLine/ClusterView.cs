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

    /// <summary>Shows the newest submission's jobs; nothing where there is none.</summary>
    public void Show(Display display)
    {
        if (SlurmSubmission.Read(runsFolder) is [.., var newest])
            Show(display, newest, client.States([.. newest.Jobs.Select(job => job.Id)]));
    }

    /// <summary>Shows it again whenever something has changed, until nothing is left to wait for.</summary>
    public void Watch(Display display, TimeProvider clock, CancellationToken cancellation)
    {
        if (SlurmSubmission.Read(runsFolder) is not [.., var newest])
            throw new ReplicationException(
                $"Nothing was handed to a cluster from {runsFolder}; ./reproduce.ps1 PAPER --on slurm does that.");
        IReadOnlyList<SlurmState>? shown = null;
        while (true)
        {
            var states = client.States([.. newest.Jobs.Select(job => job.Id)]);
            // How long a job has run changes all the time and does not count as a change.
            if (shown is null || !shown.Select(News).SequenceEqual(states.Select(News)))
                Show(display, newest, states);
            shown = states;
            if (!states.Any(IsOpen))
                return;
            Task.Delay(Pause, clock, cancellation).GetAwaiter().GetResult();
        }
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
        display.Result(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{submission.Command}, submitted {submission.Submitted:yyyy-MM-dd HH:mm} UTC: {open} of {Tasks(submission)} tasks "
                + $"still to end."),
            new { Event = "cluster", submission.Command, Open = open, Tasks = Tasks(submission) });
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
