using System.CommandLine;

namespace Replication.CommandLine;

/// <summary>Options that every verb takes.</summary>
internal sealed class CommonOptions
{
    public Option<string?> Device { get; } = OptionFactory.Choice("--device", "Where to compute (default: cpu).", "cpu", "cuda");

    public Option<int?> Threads { get; } = OptionFactory.Integer("--threads", "CPU threads (default: one a core).", 1, 1024);

    public Option<int?> MicroBatch { get; } = OptionFactory.Integer(
        "--micro-batch", "Rows that go through a model at once in training, for a GPU of little memory (default: the whole batch).",
        1, 4096);

    public Option<string?> Data { get; } =
        OptionFactory.Text("--data", "Folder to look for data sets and models in first (or set REPLICATION_DATA).", "FOLDER");

    public Option<string?> Runs { get; } = OptionFactory.Text(
        "--runs", "Folder for runs and what can be computed again (default: results/runs; or set REPLICATION_RUNS).", "FOLDER");

    public Option<bool> Quiet { get; } = OptionFactory.Flag("--quiet", "Show results, warnings and errors only.");

    public Option<bool> Json { get; } = OptionFactory.Flag("--json", "Write JSON, one object a line, instead of text.");

    public Option<bool> Verbose { get; } = OptionFactory.Flag("--verbose", "Show where in the program an error came from.");

    public void AddTo(RootCommand root)
    {
        foreach (var option in (Option[])[Device, Threads, MicroBatch, Data, Runs, Quiet, Json, Verbose])
        {
            option.Recursive = true;
            root.Options.Add(option);
        }
    }
}
