using System.CommandLine;
using System.Globalization;
using Replication.Runs;
using Replication.Runs.Slurm;
using Spectre.Console;

namespace Replication.CommandLine.Verbs;

/// <summary>runs: what is in the runs folder; runs clean: deletes of it what is shown first.</summary>
internal static class RunsVerb
{
    public static Command Create(VerbContext context)
    {
        var watch = OptionFactory.Flag("--watch", "Show the cluster's jobs until none is left to wait for.");
        var command = new Command("runs", "List the runs on this machine with size, age and state, and a cluster's jobs.") {
            CreateClean(context), RunsDiffVerb.Create(context), RunsCurvesVerb.Create(context), watch };
        command.SetAction((parse, cancellation) => Task.Run(() =>
        {
            var display = context.Display(parse);
            var cluster = new ClusterView(context.RunsFolder(parse), new SlurmClient(context.Host.Commands));
            if (parse.GetValue(watch))
            {
                cluster.Watch(display, context.Host.Clock, cancellation);
                return 0;
            }
            var (folder, runs) = Stored(context, parse);
            List(display, runs, context.Host.Clock.GetUtcNow());
            display.Result(
                $"{Counted(runs)}, {Size(runs.Sum(run => run.Bytes))} in {folder}; "
                    + $"{Size(RunInventory.Bytes(context.CacheFolder(parse)))} in {context.CacheFolder(parse)}, which can be computed "
                    + $"again.",
                new { Event = "runs-total", Folder = folder, Runs = runs.Count, Bytes = runs.Sum(run => run.Bytes),
                    CacheBytes = RunInventory.Bytes(context.CacheFolder(parse)) });
            cluster.Show(display);
            return 0;
        }));
        return command;
    }

    private static Command CreateClean(VerbContext context)
    {
        var words = new Argument<string[]>("words")
        {
            Description = "Only runs whose name holds one of these words (default: all).", HelpName = "words",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var finished = OptionFactory.Flag("--finished", "Finished runs too; they would have to be computed again.");
        var days = OptionFactory.Integer("--older-than", "Only what was not written to for N days.", 0, 100_000);
        var yes = OptionFactory.Flag("--yes", "Delete; without it, show what would be deleted.");
        var command = new Command(
            "clean", "Delete stopped and damaged runs and what can be computed again; shows first.") { words, finished, days, yes };
        command.SetAction((parse, cancellation) => Task.Run(() =>
        {
            var display = context.Display(parse);
            var (folder, stored) = Stored(context, parse);
            var now = context.Host.Clock.GetUtcNow();
            var named = parse.GetValue(words) ?? [];
            var chosen = stored.Where(
                run => run.State is not RunState.Running && (run.State is not RunState.Finished || parse.GetValue(finished)))
                .Where(run => now - run.Changed >= TimeSpan.FromDays(parse.GetValue(days) ?? 0))
                .Where(run => named.Length == 0 || named.Any(word => Holds(run, word))).ToList();
            // A process that computes now may read the cache.
            var cache = named.Length == 0 && parse.GetValue(days) is null && stored.All(run => run.State != RunState.Running)
                ? context.CacheFolder(parse)
                : null;
            var bytes = chosen.Sum(run => run.Bytes) + (cache is null ? 0 : RunInventory.Bytes(cache));
            List(display, chosen, now);
            var what = $"{Counted(chosen)}{(cache is null ? "" : $" and {cache}")}, {Size(bytes)}";
            if (!parse.GetValue(yes))
            {
                display.Result(
                    bytes == 0 && chosen.Count == 0 ? "There is nothing to delete." : $"Would delete {what}; add --yes to do it.",
                    Json("would-delete", chosen.Count, bytes));
                return 0;
            }
            Delete(folder, chosen, cache, cancellation);
            display.Result($"Deleted {what}.", Json("deleted", chosen.Count, bytes));
            return 0;
        }));
        return command;
    }

    private static void Delete(string folder, IEnumerable<StoredRun> runs, string? cache, CancellationToken cancellation)
    {
        RunInventory.DeleteLeftovers(folder);
        foreach (var run in runs)
        {
            cancellation.ThrowIfCancellationRequested();
            if (!RunInventory.Delete(run))
                throw new ReplicationException(
                    $"{run.Path} is being computed by another process now and was left; what came before it is deleted.");
        }
        if (cache is not null && Directory.Exists(cache))
            StorageFailure.Explain("Cannot delete", cache, () =>
            {
                Directory.Delete(cache, recursive: true);
                return true;
            });
    }

    private static (string Folder, IReadOnlyList<StoredRun> Runs) Stored(VerbContext context, ParseResult parse) =>
        (context.RunsFolder(parse), RunInventory.Of(context.RunsFolder(parse)));

    private static bool Holds(StoredRun run, string word) =>
        run.Label.Contains(word, StringComparison.OrdinalIgnoreCase)
            || Path.GetFileName(run.Path).Contains(word, StringComparison.OrdinalIgnoreCase);

    private static void List(Display display, IReadOnlyList<StoredRun> runs, DateTimeOffset now)
    {
        foreach (var run in runs)
            display.Json(new { Event = "run", run.Label, Folder = run.Path, State = Word(run.State), run.Bytes, run.Changed });
        if (runs.Count == 0)
            return;
        display.Table(() =>
        {
            var table = display.Table(("run", false), ("state", false), ("size", true), ("age", true), ("key", false));
            foreach (var run in runs)
                table.AddRow(
                    new Text(run.Label), new Text(Word(run.State)), new Text(Size(run.Bytes)), new Text(Age(now - run.Changed)),
                    new Text(Path.GetFileName(run.Path).Split('-')[^1]));
            return table;
        });
    }

    private static object Json(string name, int runs, long bytes) => new { Event = name, Runs = runs, Bytes = bytes };

    private static string Word(RunState state) => state.ToString().ToLowerInvariant();

    private static string Counted(IReadOnlyCollection<StoredRun> runs) =>
        string.Create(CultureInfo.InvariantCulture, $"{runs.Count} {(runs.Count == 1 ? "run" : "runs")}");

    private static string Size(long bytes) => bytes switch
    {
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0} kB"),
        < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.0} GB"),
    };

    private static string Age(TimeSpan age) => age.TotalDays < 2
        ? Words.Duration(age < TimeSpan.Zero ? TimeSpan.Zero : age)
        : string.Create(CultureInfo.InvariantCulture, $"{age.TotalDays:0} days");
}
