using Replication.Bert;
using Replication.Bert.Tokenization;
using Replication.Glue;
using Replication.Measurements;
using Replication.Runs;
using Replication.Training;
using TorchSharp;

namespace Replication.Augmentation;

/// <summary>Augments a task's training rows, once for all the runs that use them; the rows are kept as Parquet in the hub's layout.</summary>
public sealed record AugmentationSpec : RunSpec
{
    // Rows whose words share passes.
    private const int RowsPerChunk = 256;

    // Rows that are augmented in the slow ways too, to tell the gain.
    private const int RowsTimed = 48;

    private const string MaskedLMHead = "cls.predictions.transform.dense.weight";

    /// <inheritdoc/>
    public override string Kind => "augment";

    /// <inheritdoc/>
    public override int Version => 1;

    /// <summary>The rows.</summary>
    public required TaskSelection Selection { get; init; }

    /// <summary>Model with a masked-language-model head, by name or folder.</summary>
    public required string Model { get; init; }

    /// <summary>How.</summary>
    public required AugmentationSettings Settings { get; init; }

    /// <summary>Pieces of a sentence that are looked at.</summary>
    public required int MaxLength { get; init; }

    /// <summary>Decides what is replaced by what.</summary>
    public required int Seed { get; init; }

    /// <inheritdoc/>
    public override string Describe() => FormattableString.Invariant($"{Selection.Task} augmented {Settings.RowsPerRow} times, seed {Seed}");

    /// <summary>The rows and the model.</summary>
    /// <exception cref="ReplicationException">Something is missing, or the model has no masked-language-model head.</exception>
    public override IReadOnlyList<RunInput> Inputs(Workspace workspace)
    {
        CheckHead(workspace.Models.Folder(Model));
        return [.. Selection.Inputs(workspace).Take(1), workspace.Models.Input(Model)];
    }

    /// <summary>A pass for every word, of which most are one piece.</summary>
    public override RunWork EstimateWork(Workspace workspace)
    {
        var config = ModelFolder.ReadConfig(workspace.Models.Folder(Model));
        var rows = TaskData.Load(workspace, Selection, Model, MaxLength).Train.Examples;
        var head = 2.0 * config.HiddenSize * (config.VocabSize + config.HiddenSize);
        return new RunWork(0, rows.Sum(row => row.InputIds.Length * (ModelSize.Flops(config, row.InputIds.Length) + head)));
    }

    /// <summary>The rows that a finished run holds, the originals first.</summary>
    /// <param name="run">The run.</param>
    /// <param name="task">Its task.</param>
    public static IReadOnlyList<GlueExample> Read(FinishedRun run, GlueTask task) => ParquetSplitReader.Read(task, GlueSplit.Train, [FilePath(run.ModelFolder)]);

    /// <inheritdoc/>
    public override RunResult Execute(RunContext context, CancellationToken cancellation)
    {
        var workspace = context.Workspace;
        var task = GlueTasks.Parse(Selection.Task);
        var originals = workspace.Glue.Load(task, GlueSplit.Train).Examples.Take(Selection.Rows ?? int.MaxValue).ToList();
        var folder = workspace.Models.Folder(Model);
        using var model = ModelFolder.OpenMaskedLM(folder);
        model.to(workspace.Device);
        var pieces = WordPiece.FromVocabulary(Path.Combine(folder, "vocab.txt"));
        using var masked = new MaskedWordCandidates(model, pieces, Settings, MaxLength, workspace.Device);
        var augmenter = new Augmenter(Settings, sentences => masked.Of(sentences, cancellation), neighbours: null, Seed);
        context.Progress.Begin(context.Label, originals.Count, 0, "rows");
        var start = workspace.Clock.GetTimestamp();
        var made = new List<GlueExample>(originals);
        var done = 0;
        foreach (var chunk in originals.Chunk(RowsPerChunk))
        {
            made.AddRange(augmenter.Augment(chunk).SelectMany(variants => variants));
            context.Progress.Advance(done += chunk.Length);
        }
        context.Measurements["augmented rows per second"] = originals.Count / workspace.Clock.GetElapsedTime(start).TotalSeconds;
        var timed = originals.Where((_, i) => i % Math.Max(1, originals.Count / RowsTimed) == 0).Take(RowsTimed).Select(row => row.Sentence1);
        var speed = AugmentationSpeed.Measure(model, pieces, Settings, MaxLength, workspace.Device, timed, workspace.Clock, cancellation);
        context.Measurements["masked words per second, many a pass"] = speed.Words / speed.Batched;
        context.Measurements["masked words per second, one sentence a pass"] = speed.Words / speed.SentenceByPass;
        context.Measurements["masked words per second, one word a pass"] = speed.Words / speed.WordByPass;
        context.Measurements["peak memory bytes of the process"] = PeakMemory.Bytes();
        var numbered = made.Select((row, index) => row with { Index = index }).ToList();
        var path = FilePath(context.Folder.FilePath("model"));
        ParquetSplitWriter.Write(new GlueDataset(task, GlueSplit.Train, numbered, "", ""), path);
        context.Progress.End();
        return new RunResult
        {
            Facts = new SortedDictionary<string, double>(StringComparer.Ordinal)
            {
                ["original rows"] = originals.Count,
                ["rows"] = numbered.Count,
                ["words replaced"] = made.Skip(originals.Count).DefaultIfEmpty().Average(row => row is null ? 0 : ChangedShare(row, originals)),
            },
        };
    }

    private static double ChangedShare(GlueExample row, IReadOnlyList<GlueExample> originals)
    {
        var (before, after) = (Words.Of(originals[row.Index].Sentence1), Words.Of(row.Sentence1));
        return before.Length == 0 ? 0 : before.Zip(after).Count(pair => pair.First != pair.Second) / (double)before.Length;
    }

    private static void CheckHead(string folder)
    {
        using var weights = ModelWeights.Open(folder);
        if (!weights.Contains(MaskedLMHead))
            throw new ReplicationException($"The model in {folder} has no masked-language-model head, which finds the words for augmentation; take one that has, or run without augmentation.");
    }

    // Beside a model's files, where evidence that is committed leaves it out.
    private static string FilePath(string modelFolder) => Path.Combine(modelFolder, "augmented.parquet");
}
