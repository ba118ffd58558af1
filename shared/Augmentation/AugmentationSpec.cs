using System.Text.Json.Serialization;
using Replication.Bert;
using Replication.Glue;
using Replication.Runs;
using Replication.Training;

namespace Replication.Augmentation;

/// <summary>
/// Augments a task's training rows, once for all the runs that use them; the rows are kept as Parquet in the hub's layout.
/// </summary>
public sealed record AugmentationSpec : RunSpec
{
    /// <summary>Rows that are augmented together: enough to fill passes of every length.</summary>
    public const int RowsPerChunk = 2048;

    /// <summary>Fact of a result: the rows that were augmented.</summary>
    public const string OriginalRows = "original rows";

    /// <summary>Measurement of a run: original rows a second.</summary>
    public const string RowsPerSecond = "augmented rows per second";

    /// <summary>Measurement of a run: the same with one masked word a pass, in fp32.</summary>
    public const string RowsPerSecondByWord = RowsPerSecond + ", one word a pass";

    /// <inheritdoc/>
    public override string Kind => "augment";

    /// <summary>The rows.</summary>
    public required TaskSelection Selection { get; init; }

    /// <summary>Model with a masked-language-model head, by name or folder.</summary>
    public required string Model { get; init; }

    /// <summary>How.</summary>
    public required AugmentationSettings Settings { get; init; }

    /// <summary>Pieces of a sentence that are looked at.</summary>
    public required int MaxLength { get; init; }

    /// <summary>The authors' length for a task: 64 pieces, 128 for pairs of sentences.</summary>
    public static int LengthOf(GlueTask task) => task.IsPair ? 128 : 64;

    /// <summary>Word vectors for words of several pieces; null leaves those words as they are.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public GloveSource? Glove { get; init; }

    /// <summary>Decides what is replaced by what.</summary>
    public required int Seed { get; init; }

    /// <inheritdoc/>
    public override RunIdentity Identity() =>
        new(
            $"augmented {Settings.RowsPerRow} times{(Settings.IsInTurn ? ", word by word" : "")}"
            + $"{(Glove is null ? "" : ", with word vectors")}{(Selection.HoldOut > 0 ? ", held-out" : "")}", Selection.Task, Seed);

    /// <summary>The rows, the model, and the word vectors if there are any.</summary>
    /// <exception cref="ReplicationException">Something is missing, the model has no masked-language-model head, or the word vectors cannot
    /// be used.</exception>
    public override IReadOnlyList<RunInput> Inputs(Workspace workspace)
    {
        CheckHead(workspace.Models.Folder(Model));
        Settings.Validate();
        return [.. Selection.Inputs(workspace).Take(1), workspace.Models.Input(Model),
            .. Glove is null ? (RunInput[])[] : [Glove.Input(workspace)]];
    }

    /// <summary>A pass for every word that some new row replaces; most words are one piece.</summary>
    public override RunWork EstimateWork(Workspace workspace)
    {
        var config = workspace.Models.Config(Model);
        var rows = TaskData.Load(workspace, Selection, Model, MaxLength).Train.Examples;
        var head = 2.0 * config.HiddenSize * (config.VocabSize + config.HiddenSize);
        var replaced = Settings.IsInTurn ? Settings.ReplaceProbability * Settings.RowsPerRow
            : 1 - Math.Pow(1 - Settings.ReplaceProbability, Settings.RowsPerRow);
        return RunWork.Inference(
            Settings.Precision, replaced * rows.Sum(row => row.InputIds.Length * (ModelSize.Flops(config, row.InputIds.Length) + head)));
    }

    /// <summary>The rows that a finished run holds, the originals first.</summary>
    /// <param name="run">The run.</param>
    /// <param name="task">Its task.</param>
    public static IReadOnlyList<GlueExample> Read(FinishedRun run, GlueTask task) =>
        ParquetSplitReader.Read(task, GlueSplit.Train, [FilePath(run.ModelFolder)]);

    /// <inheritdoc/>
    public override RunResult Execute(RunContext context, CancellationToken cancellation)
    {
        var workspace = context.Workspace;
        var task = GlueTasks.Parse(Selection.Task);
        var originals = Originals(workspace);
        using var tools = new AugmentationTools(workspace, this, cancellation);
        context.Progress.Begin(context.Label, originals.Count, 0, "rows");
        var start = workspace.Clock.GetTimestamp();
        var made = new List<GlueExample>(originals);
        var done = 0;
        foreach (var chunk in originals.Chunk(RowsPerChunk))
        {
            made.AddRange(tools.Augment(chunk).SelectMany(variants => variants));
            context.Progress.Advance(done += chunk.Length);
        }
        context.Measurements[RowsPerSecond] = originals.Count / workspace.Clock.GetElapsedTime(start).TotalSeconds;
        var simple = tools.Measure(originals, cancellation);
        context.Measurements[RowsPerSecond + ", one sentence a pass"] = simple.BySentence;
        context.Measurements[RowsPerSecondByWord] = simple.ByWord;
        context.Measurements[MeasurementNames.PeakMemory] = PeakMemory.Bytes();
        var numbered = made.Select((row, index) => row with { Index = index }).ToList();
        var path = FilePath(context.Folder.FilePath("model"));
        ParquetSplitWriter.Write(new GlueDataset(task, GlueSplit.Train, numbered, "", ""), path);
        context.Progress.End();
        return new RunResult
        {
            Facts = new SortedDictionary<string, double>(StringComparer.Ordinal)
            {
                [OriginalRows] = originals.Count,
                ["rows"] = numbered.Count,
                ["words replaced"] =
                    made.Skip(originals.Count).DefaultIfEmpty().Average(row => row is null ? 0 : ChangedShare(row, originals)),
            },
        };
    }

    /// <summary>The rows that are augmented, numbered from 0.</summary>
    public IReadOnlyList<GlueExample> Originals(Workspace workspace) =>
        [.. TaskData.Rows(workspace, Selection).Train.Select((row, index) => row with { Index = index })];

    private static double ChangedShare(GlueExample row, IReadOnlyList<GlueExample> originals)
    {
        var (before, after) = (Words.Of(originals[row.Index].Sentence1), Words.Of(row.Sentence1));
        return before.Length == 0 ? 0 : before.Zip(after).Count(pair => pair.First != pair.Second) / (double)before.Length;
    }

    private static void CheckHead(string folder)
    {
        if (!ModelFolder.HasPredictionHead(folder))
            throw new ReplicationException(
                $"The model in {folder} has no masked-language-model head, which finds the words for augmentation; name a pretrained "
                + $"model that still has it, with --model of 'augment' or --teacher of a paper.");
    }

    // Beside a model's files, where evidence that is committed leaves it out.
    private static string FilePath(string modelFolder) => Path.Combine(modelFolder, "augmented.parquet");
}
