using Replication.Bert;
using Replication.CommandLine;
using Replication.Measurements;
using Replication.Runs;

namespace Replication.Tools.Killing;

/// <summary>
/// The process that is killed: the command line of <see cref="KillPaper"/> in a folder, on a clock so fast that every few steps a
/// checkpoint is due.
/// </summary>
internal static class KillChild
{
    private static readonly string[] Words =
        ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "good", "bad", "film", "with", "songs", "a", "."];

    /// <summary>Writes model, rows and text.</summary>
    public static void Prepare(string root)
    {
        Directory.CreateDirectory(Path.Combine(root, "given", "SST-2"));
        File.WriteAllLines(Path.Combine(root, "words.txt"), Words);
        var config = new BertConfig {
            VocabSize = Words.Length, HiddenSize = 16, NumHiddenLayers = 1, NumAttentionHeads = 2, IntermediateSize = 32,
            MaxPositionEmbeddings = 16 };
        using (var model = new BertForMaskedLM(config, seed: 1))
            ModelFolder.Save(model, Model(root), Path.Combine(root, "words.txt"));
        foreach (var (name, rows) in (ReadOnlySpan<(string, int)>)[("train", 48), ("dev", 16)])
        {
            File.WriteAllText(
                Path.Combine(root, "given", "SST-2", name + ".tsv"), "sentence\tlabel\n" + string.Concat(Enumerable.Range(0, rows)
                .Select(i => $"a {(i % 2 == 1 ? "good" : "bad")} film{(i % 3 == 0 ? " with songs" : "")} .\t{i % 2}\n")));
        }
        File.WriteAllText(Text(root), string.Concat(Enumerable.Range(0, 40).Select(i => i % 3 == 2 ? "\n" : "a good film with songs .\n")));
    }

    /// <summary>Runs the plan and writes its report.</summary>
    /// <param name="root">The folder.</param>
    /// <param name="jumps">Decides how the time of day jumps; null where it does not.</param>
    public static Task<int> RunAsync(string root, long? jumps) => CommandLineApp.RunAsync(
        [KillPaper.Verb, "--data", Path.Combine(root, "given"), "--threads", "1", "--precision", "fp32"],
        [new KillPaper(Model(root), Text(root))],
        CommandLineHost.OfProcess() with {
            Root = root, Clock = new FastClock(jumps is { } seed ? new RandomStream(seed, "clock") : null), ErrorFolder = root,
            Calibrate = (_, _) => new Calibration(() => new ComputeRates(new ComputeRate(1e9, 1e9), new ComputeRate(1e9, 1e9))) });

    private static string Model(string root) => Path.Combine(root, "model");

    private static string Text(string root) => Path.Combine(root, "text.txt");

    private sealed class FastClock(RandomStream? jumps) : TimeProvider
    {
        private readonly Lock _lock = new();
        private long _ticks = TimeProvider.System.GetTimestamp();

        public override long GetTimestamp() => Interlocked.Add(ref _ticks, 25 * TimestampFrequency);

        public override DateTimeOffset GetUtcNow()
        {
            if (jumps is null)
                return System.GetUtcNow();
            lock (_lock)
                return ClockJump.Jump(System.GetUtcNow(), jumps);
        }
    }
}
