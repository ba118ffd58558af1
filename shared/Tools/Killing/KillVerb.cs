using System.CommandLine;
using System.Diagnostics;
using System.Globalization;

namespace Replication.Tools.Killing;

/// <summary>kill: a plan's process is killed at every moment and ends with the bytes of one that was not; kill-child is what it starts.</summary>
internal static class KillVerb
{
    public static Command Create()
    {
        var seconds = new Option<double>("--seconds") { Description = "End after so many seconds, every way tried at least once (default: 60).", DefaultValueFactory = _ => 60 };
        var seed = new Option<long>("--seed") { Description = "Decides the moments (default: 1).", DefaultValueFactory = _ => 1 };
        var command = new Command("kill", "Kill a plan's process at every moment: the next call goes on and ends with the same bytes.") { seconds, seed };
        command.SetAction((parse, cancellation) => Task.Run(() => Run(parse.GetValue(seconds), parse.GetValue(seed), cancellation)));
        return command;
    }

    public static Command CreateChild()
    {
        var root = new Argument<string>("root");
        var command = new Command("kill-child", "What kill starts.") { root };
        command.Hidden = true;
        command.SetAction((parse, _) => KillChild.RunAsync(parse.GetRequiredValue(root)));
        return command;
    }

    private static int Run(double seconds, long seed, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("kill-").FullName;
        try
        {
            var watch = Stopwatch.StartNew();
            var rounds = new KillRounds(folder, new RandomStream(seed, "kills"));
            rounds.Begin();
            var tried = KillRounds.Ways.ToDictionary(way => way.Name, _ => (Rounds: 0, Kills: 0, Faults: 0));
            for (var round = 0; round < KillRounds.Ways.Count || watch.Elapsed.TotalSeconds < seconds; round++)
            {
                cancellation.ThrowIfCancellationRequested();
                var way = KillRounds.Ways[round % KillRounds.Ways.Count];
                var (kills, fault) = rounds.Round(way);
                var before = tried[way.Name];
                tried[way.Name] = (before.Rounds + 1, before.Kills + kills, before.Faults + (fault is null ? 0 : 1));
                if (fault is not null)
                    Console.WriteLine($"    {way.Name}, round {round}: {fault}");
            }
            Console.WriteLine($"{"killed",-26} {"rounds",7} {"kills",6} {"faults",7}");
            foreach (var (name, (count, kills, faults)) in tried)
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-26} {count,7} {kills,6} {faults,7}"));
            var (allKills, allFaults) = (tried.Values.Sum(t => t.Kills), tried.Values.Sum(t => t.Faults));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{tried.Values.Sum(t => t.Rounds)} rounds, {allKills} kills, seed {seed}: {allFaults} faults."));
            return allFaults == 0 && allKills > 0 ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
