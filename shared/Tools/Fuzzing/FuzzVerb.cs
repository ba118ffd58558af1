using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Replication.Tools.Trust;

namespace Replication.Tools.Fuzzing;

/// <summary>fuzz: every reader is given files that were damaged in many ways; fuzz-worker is what it starts.</summary>
internal static class FuzzVerb
{
    /// <summary>The readers.</summary>
    public static IReadOnlyList<FuzzTarget> Targets { get; } = [.. DataTargets.All, .. ModelTargets.All, .. RunTargets.All];

    public static Command Create()
    {
        var mutants = new Option<long>(
            "--mutants") { Description = "Mutants over all readers (default: 100000).", DefaultValueFactory = _ => 100_000 };
        var seconds = new Option<double?>("--seconds") { Description = "End after so many seconds instead." };
        var seed = new Option<long>("--seed") { Description = "Decides the mutants (default: 1).", DefaultValueFactory = _ => 1 };
        var only = new Option<string?>("--reader") { Description = "One reader alone." };
        var first = new Option<long>(
            "--first") { Description = "Number of the first mutant of each reader.", DefaultValueFactory = _ => 0 };
        var keep = new Option<string?>("--keep") { Description = "Folder for mutants at which a reader failed." };
        var result = ToolResult.FileOption();
        var command = new Command("fuzz", "Give every reader damaged files: it may refuse them in a sentence, and nothing else.") {
            mutants, seconds, seed, only, first, keep, result };
        command.SetAction((parse, cancellation) => Task.Run(() =>
        {
            var targets = Targets.Where(t => parse.GetValue(only) is not { } name || t.Name == name).ToList();
            if (targets.Count == 0)
                throw new ReplicationException(
                    $"There is no reader '{parse.GetValue(only)}'; there are {string.Join(", ", Targets.Select(t => t.Name))}.",
                    ReplicationException.UsageError);
            var share = parse.GetValue(seconds) is { } time ? TimeSpan.FromSeconds(time / targets.Count) : (TimeSpan?)null;
            var from = parse.GetValue(first);
            var to = share is null ? from + (parse.GetValue(mutants) / targets.Count) + 1 : long.MaxValue;
            var watch = Stopwatch.StartNew();
            var rows = Run(targets, parse.GetValue(seed), from, to, share, parse.GetValue(keep), cancellation);
            if (parse.GetValue(result) is { } path)
                ToolResult.Now(
                    "Damaged files given to every reader, which may refuse them in a sentence and nothing else", parse,
                    watch.Elapsed.TotalSeconds, rows).Write(path);
            return rows.Any(row => row.Found > 0) || rows.Sum(row => row.Count) == 0 ? 1 : 0;
        }));
        return command;
    }

    public static Command CreateWorker()
    {
        var words = new Argument<string[]>("words") { Arity = new ArgumentArity(4, 4) };
        var command = new Command("fuzz-worker", "What fuzz starts.") { words };
        command.Hidden = true;
        command.SetAction(parse =>
        {
            var values = parse.GetRequiredValue(words);
            FuzzWorker.Run(Targets.Single(t => t.Name == values[0]), Number(values[1]), Number(values[2]), Number(values[3]), Console.Out);
            return 0;
        });
        return command;
    }

    private static List<ToolRow> Run(
        IReadOnlyList<FuzzTarget> targets, long seed, long from, long to, TimeSpan? share, string? keep, CancellationToken cancellation)
    {
        var rows = new List<ToolRow>();
        Console.WriteLine($"{"reader",-28} {"read",8} {"refused",8} {"faults",7}");
        foreach (var target in targets)
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            if (share is { } time)
                end.CancelAfter(time);
            var outcome = new FuzzCampaign(seed, TimeProvider.System).Run(target, from, to, end.Token);
            Console.WriteLine(
                string.Create(
                CultureInfo.InvariantCulture, $"{target.Name,-28} {outcome.Read,8} {outcome.Refused,8} {outcome.Faults.Count,7}"));
            foreach (var (number, what) in outcome.Faults)
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"    mutant {number}: {what}"));
            Keep(target, seed, outcome, keep);
            rows.Add(new ToolRow(
                target.Name, outcome.Read + outcome.Refused + outcome.Faults.Count, "mutants", outcome.Faults.Count,
                string.Create(CultureInfo.InvariantCulture, $"{outcome.Refused} refused, {outcome.Read} read all the same")));
            cancellation.ThrowIfCancellationRequested();
        }
        Console.WriteLine(
            string.Create(
            CultureInfo.InvariantCulture,
            $"{rows.Sum(row => row.Count)} mutants of {targets.Count} readers, seed {seed}: {rows.Sum(row => row.Found)} faults."));
        return rows;
    }

    private static void Keep(FuzzTarget target, long seed, FuzzOutcome outcome, string? keep)
    {
        if (keep is null || outcome.Faults.Count == 0)
            return;
        var scratch = Directory.CreateTempSubdirectory("fuzz-").FullName;
        var sound = FuzzWorker.Prepare(target, scratch);
        foreach (var (number, _) in outcome.Faults)
            Mutant.Of(target, sound, seed, number)
                .Write(target, Path.Combine(keep, target.Name, number.ToString(CultureInfo.InvariantCulture)));
        Directory.Delete(scratch, recursive: true);
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
