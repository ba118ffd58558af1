using Replication.Bert;
using Replication.Glue;
using Replication.Runs;
using Replication.Training;

namespace Replication.Tests.Training;

/// <summary>A made-up two-class task and a model small enough to train in a second.</summary>
internal static class TinyTask
{
    public static BertConfig Config { get; } = new()
    {
        VocabSize = 60, HiddenSize = 16, NumHiddenLayers = 2, NumAttentionHeads = 2, IntermediateSize = 32, MaxPositionEmbeddings = 20,
    };

    public static BertForSequenceClassification Model(long seed = 1) => new(Config, 2, seed);

    /// <summary>Rows whose label says whether word 7 occurs.</summary>
    public static EncodedDataset Rows(int count, long seed = 5)
    {
        var random = new RandomStream(seed, "tiny task");
        var rows = Enumerable.Range(0, count).Select(row =>
        {
            var label = row % 2;
            var words = Enumerable.Range(0, 3 + random.NextInt32(9)).Select(_ => 10 + random.NextInt32(50)).ToArray();
            if (label == 1)
                words[random.NextInt32(words.Length)] = 7;
            return new EncodedExample(row, [2, .. words, 3], words.Length + 2, label);
        });
        return new EncodedDataset(
            new GlueTask("SST-2", ["negative", "positive"], false, [GlueMetric.Accuracy]), [.. rows], $"tiny {count} {seed}");
    }

    public static TaskData Data(int rows = 70) => new(Rows(rows).Task, Rows(rows), [("dev", Rows(40, seed: 6))]);

    public static TrainingRecipe Recipe { get; } =
        new() { LearningRate = 1e-3, BatchSize = 8, Epochs = 3, MaxLength = 20, EvaluationsPerEpoch = 2 };

    public static RunContext Context(string folder) => new()
    {
        Label = "tiny",
        Workspace = new Workspace
        {
            Root = folder,
            Glue = new GlueSource(DataFolders.Of(folder)),
            Models = new ModelCatalog(DataFolders.Of(folder)),
            Environment = new RunEnvironment("cpu", 2, "test"), Processor = new Processor("a processor", []),
        },
        Folder = RunFolder.Acquire(Path.Combine(folder, "run"), "tiny", "AVX2", TimeSpan.Zero, null, TimeProvider.System),
        Need = _ => throw new InvalidOperationException("A tiny run needs no other."),
        Progress = new QuietProgress(),
    };
}
