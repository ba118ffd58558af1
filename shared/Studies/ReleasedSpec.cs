using System.Text.Json.Serialization;
using Replication.Bert;
using Replication.Bert.SubNetworks;
using Replication.Bert.Tokenization;
using Replication.Glue;
using Replication.Glue.Squad;
using Replication.Runs;
using Replication.Training;
using TorchSharp;

namespace Replication.Studies;

/// <summary>Measures a model that the authors published on its task's dev set; trains nothing.</summary>
public sealed record ReleasedSpec : RunSpec
{
    private const int Longest = 128;

    /// <inheritdoc/>
    public override string Kind => "released";

    /// <summary>The model; its name stands for it in the key, the digest of its files is among the inputs.</summary>
    [JsonIgnore]
    public required ReleasedCheckpoint Checkpoint { get; init; }

    /// <summary>Name of the model.</summary>
    public string Name => Checkpoint.Name;

    /// <summary>The folder that the user named for it; null for the known model of its name. A moved folder is the same model.</summary>
    [JsonIgnore]
    public string? Folder { get; init; }

    /// <inheritdoc/>
    public override RunIdentity Identity() => new($"the authors' {Name}", Checkpoint.Task, null);

    /// <summary>The model and the dev set.</summary>
    /// <exception cref="ReplicationException">One of them is not here; the message says where it is.</exception>
    public override IReadOnlyList<RunInput> Inputs(Workspace workspace)
    {
        var model = workspace.Models.Input(FolderName()) with { Name = Name };
        return Checkpoint.Task == TaskDownload.Squad1
            ? [new RunInput($"{Checkpoint.Task}/Dev", Questions(workspace).Sha256), model]
            : [.. Splits().Select(split => new RunInput($"{Checkpoint.Task}/{split}", Load(workspace, split).Sha256)), model];
    }

    /// <inheritdoc/>
    public override RunWork EstimateWork(Workspace workspace)
    {
        var folder = workspace.Models.Folder(FolderName());
        var config = ModelFolder.ReadConfig(folder);
        if (Checkpoint.Task == TaskDownload.Squad1)
            return RunWork.Inference(
                Precision.Fp32, Windows(workspace, folder).Sum(window => (double)ModelSize.Flops(config, window.InputIds.Length)));
        var geometries = Checkpoint.Parts(config).Select(part => part.Config(config)).DefaultIfEmpty(config).ToList();
        return RunWork.Inference(
            Precision.Fp32,
            Splits().Select(split => Encoded(workspace, split, folder))
                .Sum(rows => geometries.Sum(geometry => TaskTraining.Flops(rows, geometry))));
    }

    /// <inheritdoc/>
    public override RunResult Execute(RunContext context, CancellationToken cancellation)
    {
        var folder = context.Workspace.Models.Folder(FolderName());
        var scores = new SortedDictionary<string, IReadOnlyDictionary<string, double?>>(StringComparer.Ordinal);
        if (Checkpoint.Task == TaskDownload.Squad1)
            scores["dev"] = Answers(context, folder, cancellation);
        else
            Classify(context, folder, scores, cancellation);
        return new RunResult { Scores = scores };
    }

    private void Classify(
        RunContext context, string folder, SortedDictionary<string, IReadOnlyDictionary<string, double?>> scores,
        CancellationToken cancellation)
    {
        var (workspace, task) = (context.Workspace, GlueTasks.Parse(Checkpoint.Task));
        using var model = task.OpenClassifier(folder);
        if (Checkpoint.Classes is { } classes && TaskClassifier.Order(task, folder) is null or { IsAssumed: true })
            model.Reorder([.. task.Labels.Select(label => classes.ToList().IndexOf(label))]);
        model.to(workspace.Device);
        foreach (var split in Splits())
        {
            var (name, rows) = (split == GlueSplit.Dev ? "dev" : "dev-mm", Encoded(workspace, split, folder));
            foreach (var part in Checkpoint.Parts(model.Config).Select(part => (SubNetwork?)part).DefaultIfEmpty())
            {
                var what = part is null ? name : SubNetwork.ScoreName(name, part.Width, part.Depth);
                model.SubNetwork = part;
                context.Progress.Aside($"evaluating {what}", 0, rows.Examples.Count, "rows");
                var evaluation = Evaluator.Evaluate(
                    model, rows, workspace.Device, cancellation,
                    done => context.Progress.Aside($"evaluating {what}", done, rows.Examples.Count, "rows"));
                scores[what] = evaluation.Scores;
                if (part is null)
                    PredictionFile.Write(context.Folder.FilePath($"{RunFiles.PredictionsPrefix}{name}.tsv"), rows, evaluation.Logits);
            }
        }
    }

    private IReadOnlyDictionary<string, double?> Answers(RunContext context, string folder, CancellationToken cancellation)
    {
        var (workspace, questions) = (context.Workspace, Questions(context.Workspace));
        var windows = Windows(workspace, folder);
        using var model = ModelFolder.OpenQuestionAnswering(folder);
        model.to(workspace.Device);
        var answers = SpanEvaluator.Answer(
            model, questions.Questions, windows, ModelFolder.OpenTokenizer(folder).Ids.Padding, SquadVersion.V1.Search(), workspace.Device,
            cancellation, done => context.Progress.Aside("answering dev", done, windows.Count, "windows"));
        return SquadScorer.Score(questions, questions.Questions.Zip(answers)
            .ToDictionary(pair => pair.First.Id, pair => pair.Second.Text, StringComparer.Ordinal));
    }

    private static IReadOnlyList<AnswerWindow> Windows(Workspace workspace, string folder) => SquadEncoder.Encode(
        Questions(workspace).Questions, ModelFolder.OpenTokenizer(folder),
        new Windowing().Fit(ModelFolder.ReadConfig(folder).LongestInput));

    private static SquadDataset Questions(Workspace workspace) => workspace.Glue.Tasks.Squad(SquadVersion.V1, SquadSplit.Dev);

    private IEnumerable<GlueSplit> Splits() =>
        GlueTasks.Splits(GlueTasks.Parse(Checkpoint.Task)).Where(split => split is GlueSplit.Dev or GlueSplit.DevMismatched);

    private GlueDataset Load(Workspace workspace, GlueSplit split) => workspace.Glue.Load(GlueTasks.Parse(Checkpoint.Task), split);

    private EncodedDataset Encoded(Workspace workspace, GlueSplit split, string folder) => workspace.Cache.GetOrMake(
        $"released {Name} {split}", () => Encoder.Encode(Load(workspace, split), ModelFolder.OpenTokenizer(folder), Longest));

    // A known model's name, or the user's folder.
    private string FolderName() => Folder
        ?? (ModelCatalog.Known.Any(model => model.Name == Name) ? Name : throw new ReplicationException(
            $"The checkpoint {Name} is not here; its authors have it at {Checkpoint.Where}. Unpack it and name its folder with "
                + $"--released {Name}=FOLDER."));
}
