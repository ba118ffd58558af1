using System.Globalization;
using Replication.Bert;
using Replication.Glue;
using Replication.Measurements;
using Replication.Runs;
using Replication.Training;
using static TorchSharp.torch;

namespace Replication.Bench;

/// <summary>Rows of a task in batches as its training has them, a few of an epoch of each length.</summary>
/// <param name="Data">The rows of these batches alone.</param>
/// <param name="Batches">Positions among them.</param>
/// <param name="Words">What they are, for people.</param>
internal sealed record TimedRows(EncodedDataset Data, IReadOnlyList<int[]> Batches, string Words)
{
    /// <summary>The model whose vocabulary cuts the texts, and whose geometry the small profiles have.</summary>
    public const string Model = "minilm-l6";

    // quick's training set.
    private const int MostRows = 8000;

    /// <summary>How the recipes train: batches of 32, rows of one length together.</summary>
    public static TrainingRecipe Recipe { get; } = new();

    /// <summary>Some batches of the first epoch of a task.</summary>
    /// <param name="workspace">Where the data lies.</param>
    /// <param name="task">The task's name.</param>
    /// <param name="count">How many, evenly spaced by length; null for all, in their order.</param>
    public static TimedRows Of(Workspace workspace, string task, int? count)
    {
        var data = TaskData.Load(workspace, new TaskSelection { Task = task, Rows = MostRows }, Model, Recipe.MaxLength).Train;
        var lengths = data.Examples.Select(example => example.Length).ToArray();
        var epoch = BatchPlan.Epoch(lengths, Recipe.Order, Recipe.BatchSize, seed: 1, epoch: 0)
            .Where(batch => batch.Length == Recipe.BatchSize).ToList();
        var byLength = epoch.OrderBy(batch => batch.Max(row => lengths[row])).ToList();
        var chosen = count is { } few
            ? [.. Enumerable.Range(0, few).Select(i => byLength[(int)((i + 0.5) * byLength.Count / few)])]
            : epoch;
        var rows = chosen.SelectMany(batch => batch).ToArray();
        var words = string.Create(
            CultureInfo.InvariantCulture,
            $"{chosen.Count} of {epoch.Count} batches of {Recipe.BatchSize} of an epoch of {task}, {rows.Average(row => lengths[row]):0.0} "
            + $"tokens a row, {100 * BatchPlan.PaddingShare(lengths, chosen):0.0} % of the places padding");
        return new TimedRows(
            data with { Examples = [.. rows.Select((row, i) => data.Examples[row] with { Row = i })] },
            [.. Enumerable.Range(0, rows.Length).Chunk(Recipe.BatchSize)], words);
    }

    /// <summary>One batch of random tokens, all of one length.</summary>
    /// <param name="vocabulary">Ids are below it.</param>
    /// <param name="batch">Rows and length.</param>
    public static TimedRows Random(int vocabulary, SpeedProtocol batch)
    {
        using var tokens = SpeedMeasurement.RandomTokens(vocabulary, batch, CPU);
        var ids = tokens.InputIds.data<long>().ToArray();
        var examples = ids.Chunk(batch.Length)
            .Select((row, i) => new EncodedExample(i, Array.ConvertAll(row, id => (int)id), batch.Length, i % 2));
        return new TimedRows(
            new EncodedDataset(GlueTasks.Parse("SST-2"), [.. examples], ""), [[.. Enumerable.Range(0, batch.BatchSize)]],
            FormattableString.Invariant($"batches of {batch.BatchSize} rows of {batch.Length} random tokens, no padding"));
    }

    /// <summary>A batch as tensors.</summary>
    public GlueBatch Collate(int batch, Device device) => GlueBatch.Collate(Data, Batches[batch], device);

    /// <summary>Tokens of a batch's rows with padding.</summary>
    public int Length(int batch) => Batches[batch].Max(row => Data.Examples[row].Length);

    /// <summary>Floating-point operations of a model's forward passes over all of them, padding not counted.</summary>
    public double ForwardFlops(BertConfig config) => TaskTraining.Flops(Data, config);
}
