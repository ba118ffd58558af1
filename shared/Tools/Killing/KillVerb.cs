using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Replication.Tools.Trust;

namespace Replication.Tools.Killing;

/// <summary>
/// kill: a plan's process is killed and hindered at every moment and ends with the bytes of one that was not; kill-child is what it starts.
/// </summary>
internal static class KillVerb
{
    // Rounds more for a way that has disturbed nothing so far.
    private const int MostRoundsMore = 5;

    public static Command Create()
    {
        var seconds = new Option<double>("--seconds")
        {
            Description = "End after so many seconds, every way tried at least once (default: 60).", DefaultValueFactory = _ => 60,
        };
        var seed = new Option<long>("--seed") { Description = "Decides the moments (default: 1).", DefaultValueFactory = _ => 1 };
        var only = new Option<string?>("--way") { Description = "Only the ways whose name holds this." };
        var result = ToolResult.FileOption();
        var command = new Command(
            "kill", "Kill and hinder a plan's process at every moment: the next call resumes and ends with the same bytes.")
        {
            seconds, seed, only, result,
        };
        command.SetAction((parse, cancellation) => Task.Run(() =>
        {
            var ways = KillRounds.Ways.Where(way => way.Name.Contains(parse.GetValue(only) ?? "", StringComparison.Ordinal)).ToList();
            if (ways.Count == 0)
                throw new ReplicationException(
                    $"There is no way '{parse.GetValue(only)}'; there are {string.Join("; ", KillRounds.Ways.Select(way => way.Name))}.",
                    ReplicationException.UsageError);
            var watch = Stopwatch.StartNew();
            var rows = Run(ways, parse.GetValue(seconds), parse.GetValue(seed), watch, cancellation);
            if (parse.GetValue(result) is { } path)
                ToolResult.Now(
                    "A plan's process killed and hindered; the next call ends with the same bytes", parse, watch.Elapsed.TotalSeconds, rows)
                    .Write(path);
            return rows.Any(row => row.Found > 0) || rows.Sum(row => row.Count) == 0 ? 1 : 0;
        }));
        return command;
    }

    public static Command CreateChild()
    {
        var root = new Argument<string>("root");
        var clock = new Option<long?>("--clock");
        var command = new Command("kill-child", "What kill starts.") { root, clock };
        command.Hidden = true;
        command.SetAction((parse, _) => KillChild.RunAsync(parse.GetRequiredValue(root), parse.GetValue(clock)));
        return command;
    }

    private static IReadOnlyList<ToolRow> Run(
        IReadOnlyList<Trial> ways, double seconds, long seed, Stopwatch watch, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("kill-").FullName;
        try
        {
            var plan = new PlanProcess(folder);
            var rounds = new KillRounds(plan, new RandomStream(seed, "kills"));
            plan.Begin();
            var rows = ways.Select(
                way => new ToolRow(way.Name, 0, "disturbances", 0, way.Obstacle is { } obstacle ? $"not tried: {obstacle}" : null))
                .ToArray();
            var tried = 0;
            // Each way once is what a short call has time for; the next one resumes what a kill leaves unfinished.
            foreach (var turn in ways.Index()
                .Where(way => rows[way.Index].Remark is null).GroupBy(way => way.Item.LeavesWork ? -1 : way.Index))
            {
                var together = turn.ToList();
                var (disturbed, fault) = rounds.InTurn([.. together.Select(way => way.Item)]);
                foreach (var ((place, _), count) in together.Zip(disturbed))
                    rows[place] = rows[place] with { Count = count };
                Note(together[0].Index, string.Join(", then ", together.Select(way => way.Item.Name)), fault);
            }
            while (watch.Elapsed.TotalSeconds < seconds)
            {
                foreach (var place in Enumerable.Range(0, rows.Length)
                    .Where(place => rows[place].Remark is null && watch.Elapsed.TotalSeconds < seconds))
                    Again(place);
                Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{tried} rounds in {watch.Elapsed.TotalSeconds:0} s"));
            }
            for (var place = 0; place < rows.Length; place++)
                rows[place] = UntilDisturbed(rows[place], () => Again(place));
            Say($"{"way",-26} {"disturbances",12} {"faults",7}");
            foreach (var row in rows)
                Say($"{row.What,-26} {row.Count,12} {row.Found,7}{(row.Remark is null ? "" : "  " + row.Remark)}");
            Say($"{tried} rounds, {rows.Sum(row => row.Count)} disturbances, seed {seed}: {rows.Sum(row => row.Found)} faults.");
            return rows;

            ToolRow Again(int place)
            {
                var (disturbed, fault) = rounds.Round(ways[place]);
                rows[place] = rows[place] with { Count = rows[place].Count + disturbed };
                Note(place, ways[place].Name, fault);
                return rows[place];
            }

            void Note(int place, string name, string? fault)
            {
                tried++;
                cancellation.ThrowIfCancellationRequested();
                if (fault is null)
                    return;
                rows[place] = rows[place] with { Found = rows[place].Found + 1 };
                Say($"    {name}, round {tried}: {fault}");
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Tries a way again while it has disturbed nothing; one that never does shows nothing, and is no success.</summary>
    /// <param name="row">What the way has done so far.</param>
    /// <param name="round">Tries it once more; gives what it has done by then.</param>
    internal static ToolRow UntilDisturbed(ToolRow row, Func<ToolRow> round)
    {
        for (var more = 0; more < MostRoundsMore && IsIdle(row); more++)
            row = round();
        return IsIdle(row) ? row with { Found = 1, Remark = "no process was disturbed" } : row;
    }

    private static bool IsIdle(ToolRow row) => row is { Count: 0, Found: 0, Remark: null };

    private static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
