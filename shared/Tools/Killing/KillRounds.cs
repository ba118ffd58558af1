using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Replication.Tools.Killing;

/// <summary>One way of killing.</summary>
/// <param name="Name">For the table.</param>
/// <param name="At">Part of the path of a file at whose first writing the process is killed; null for a random moment.</param>
/// <param name="Processes">Processes that run at once, one of which is killed.</param>
internal sealed record KillWay(string Name, string? At, int Processes = 1);

/// <summary>Kills the plan's process again and again, lets it end, and compares all that it leaves with what an undisturbed one left.</summary>
/// <param name="root">The folder that all rounds use, since paths are part of what is compared.</param>
/// <param name="random">Decides the moments.</param>
internal sealed class KillRounds(string root, RandomStream random)
{
    // Between a file's first byte and the kill, at most.
    private const int MostDelayAtFile = 4;

    private readonly string _results = Path.Combine(root, "results");
    private SortedDictionary<string, string> _expected = new(StringComparer.Ordinal);
    private TimeSpan _undisturbed;

    /// <summary>The ways, in turn.</summary>
    public static IReadOnlyList<KillWay> Ways { get; } =
    [
        new("at a random moment", null), new("at a checkpoint", ".checkpoints"), new("at an output", "model"), new("at a teacher's outputs", "outputs.bin"),
        new("at a token store", "corpus-"), new("at the evidence", "local"), new("at the report", "report"), new("two processes", null, 2), new("four processes", null, 4),
    ];

    /// <summary>Runs the plan undisturbed, for the bytes that every other way has to end with.</summary>
    public void Begin()
    {
        KillChild.Prepare(root);
        var watch = Stopwatch.StartNew();
        EndWell(Start());
        _undisturbed = watch.Elapsed;
        _expected = Content();
    }

    /// <summary>Kills and ends once.</summary>
    /// <returns>How many processes were killed, and what is wrong; null where nothing is.</returns>
    public (int Kills, string? Fault) Round(KillWay way)
    {
        Directory.Delete(_results, recursive: true);
        var kills = 0;
        try
        {
            for (var times = 1 + random.NextInt32(3); times > 0; times--)
                kills += KillOnce(way);
            EndWell(Start());
        }
        catch (InvalidOperationException e)
        {
            return (kills, e.Message);
        }
        var content = Content();
        var other = _expected.Keys.Union(content.Keys).FirstOrDefault(name => _expected.GetValueOrDefault(name) != content.GetValueOrDefault(name));
        return (kills, other is null ? null : $"{other} is {(content.ContainsKey(other) ? _expected.ContainsKey(other) ? "another" : "there" : "missing")}");
    }

    private int KillOnce(KillWay way)
    {
        var processes = Enumerable.Range(0, way.Processes).Select(_ => Start()).ToList();
        Wait(way, processes[0].Process);
        var wasRunning = !processes[0].Process.HasExited;
        processes[0].Process.Kill();
        processes[0].Process.WaitForExit();
        processes[0].Process.Dispose();
        foreach (var process in processes.Skip(1))
            EndWell(process);
        return wasRunning ? 1 : 0;
    }

    private void Wait(KillWay way, Process process)
    {
        if (way.At is null)
        {
            process.WaitForExit(TimeSpan.FromSeconds(_undisturbed.TotalSeconds * random.NextDouble()));
            return;
        }
        Directory.CreateDirectory(_results);
        using var seen = new ManualResetEventSlim();
        using var watcher = new FileSystemWatcher(_results) { IncludeSubdirectories = true };
        // Checkpoints are many, the others' files few.
        var skip = way.At == ".checkpoints" ? random.NextInt32(4) : 0;
        watcher.Created += (_, e) =>
        {
            if (e.FullPath.Contains(way.At, StringComparison.Ordinal) && Interlocked.Decrement(ref skip) < 0)
                seen.Set();
        };
        watcher.EnableRaisingEvents = true;
        while (!process.HasExited && !seen.Wait(TimeSpan.FromMilliseconds(20)))
        {
            // The event sets it.
        }
        Thread.Sleep(random.NextInt32(MostDelayAtFile));
    }

    private Child Start()
    {
        var program = Environment.GetCommandLineArgs()[0];
        string[] words = ["kill-child", root];
        var process = Process.Start(new ProcessStartInfo(
            Environment.ProcessPath!, Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [program, .. words] : words) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        // Read at once: a full pipe would stop the process.
        return new Child(process, process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
    }

    private static void EndWell(Child child)
    {
        using var process = child.Process;
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException(
                $"A process that was let end, ended with {process.ExitCode}: {child.Error.Result.Trim()} {child.Output.Result.Split('\n').LastOrDefault(line => line.Length > 0)}");
    }

    private sealed record Child(Process Process, Task<string> Output, Task<string> Error);

    // Times are another at each call; all else is compared, half-written files included.
    private SortedDictionary<string, string> Content()
    {
        var content = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(_results, "*", SearchOption.AllDirectories))
        {
            var name = Path.GetRelativePath(_results, file).Replace('\\', '/');
            if (Path.GetFileName(file).StartsWith('.') || name.Contains("events.out", StringComparison.Ordinal) || name.StartsWith("local/", StringComparison.Ordinal) && name.Contains("/runs", StringComparison.Ordinal))
                continue;
            content[name] = Path.GetFileName(file) == "manifest.json" ? Digest.OfText(WithoutTimes(file)) : Digest.OfFile(file);
        }
        return content;
    }

    private static string WithoutTimes(string manifest)
    {
        var root = JsonNode.Parse(File.ReadAllText(manifest))!.AsObject();
        foreach (var key in (string[])["started", "finished", "seconds", "resumes", "measurements"])
            root.Remove(key);
        if (root["files"] is JsonObject files)
        {
            foreach (var name in files.Select(file => file.Key).Where(name => name.StartsWith("events.out", StringComparison.Ordinal)).ToList())
                files.Remove(name);
        }
        return root.ToJsonString();
    }
}
