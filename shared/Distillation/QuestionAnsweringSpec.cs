using Replication.Bert;
using Replication.Glue;
using Replication.Glue.Squad;
using Replication.Runs;
using Replication.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Replication.Distillation;

/// <summary>Trains a model to answer SQuAD's questions, on its labels or with a teacher's start and end distributions too.</summary>
public sealed record QuestionAnsweringSpec : RunSpec
{
    /// <inheritdoc/>
    public override string Kind => "question-answering";

    /// <summary>The questions.</summary>
    public required SquadSelection Selection { get; init; }

    /// <summary>Pretrained model by name or folder; its tokenizer is the student's.</summary>
    public required string BaseModel { get; init; }

    /// <summary>A run whose model is trained on, in place of the pretrained one; null for that.</summary>
    public RunSpec? Start { get; init; }

    /// <summary>Keeps the first layers only; null for all.</summary>
    public int? Layers { get; init; }

    /// <summary>The run that trained the teacher; null for labels alone.</summary>
    public RunSpec? Teacher { get; init; }

    /// <summary>The soft loss: by default DistilBERT's, T = 2 and times T squared.</summary>
    public SoftTargets Soft { get; init; } =
        new() { Temperature = 2, Divergence = SoftDivergence.KullbackLeibler, TimesTemperatureSquared = true };

    /// <summary>Weight of the soft loss, from 0 to 1.</summary>
    public double SoftWeight { get; init; } = 0.5;

    /// <summary>How it is trained.</summary>
    public required TrainingRecipe Recipe { get; init; }

    /// <summary>Seed of the head's first weights, the data order and the dropout.</summary>
    public required int Seed { get; init; }

    /// <inheritdoc/>
    public override RunIdentity Identity() => new(
        $"{Selection.Task()}{(Selection.SplitsDev ? " (dev's articles split)" : "")}"
            + $"{(Start is null ? "" : $", from {Start.Identity().Variant}")}{(Teacher is null ? ", labels only" : ", distilled")}",
        Selection.Task(), Seed);

    /// <inheritdoc/>
    public override IReadOnlyList<RunSpec> Needs() => [.. new[] { Start, Teacher }.OfType<RunSpec>()];

    /// <inheritdoc/>
    public override IReadOnlyList<RunInput> Inputs(Workspace workspace)
    {
        var (train, dev) = SquadData.Questions(workspace, Selection);
        return [new($"{Selection.Task()}/Train", train.Sha256), new($"{Selection.Task()}/Dev", dev.Sha256),
            workspace.Models.Input(BaseModel)];
    }

    /// <inheritdoc/>
    public override RunWork EstimateWork(Workspace workspace)
    {
        var (data, config) = (SquadData.Load(workspace, Selection, BaseModel), workspace.Models.Config(BaseModel));
        if (Layers is { } layers)
            config = config with { NumHiddenLayers = layers };
        double Flops(IReadOnlyList<AnswerWindow> windows) => windows.Sum(window => (double)ModelSize.Flops(config, window.InputIds.Length));
        var (share, evaluations) = TaskTraining.Length(data.Train.Count, Recipe);
        // A teacher of the same size costs a third of a training step more.
        return RunWork.Training(Recipe.Precision, (Teacher is null ? 3 : 4) * Flops(data.Train) * Recipe.Epochs * share)
            + RunWork.Inference(Precision.Fp32, evaluations * Flops(data.MeasuredWindows));
    }

    /// <inheritdoc/>
    public override RunResult Execute(RunContext context, CancellationToken cancellation)
    {
        var workspace = context.Workspace;
        var data = SquadData.Load(workspace, Selection, BaseModel);
        var folder = Start is null ? workspace.Models.Folder(BaseModel) : context.Need(Start).ModelFolder;
        using var model = ModelFolder.OpenQuestionAnswering(folder, Layers, newHead: !ModelFolder.HasAnswerHead(folder), Seed);
        model.to(workspace.Device);
        using var teacher = Teacher is null ? null : OpenTeacher(context.Need(Teacher).ModelFolder, workspace.Device);
        var trainer = new Trainer(context, Trained(context, model, data), Recipe, Seed);
        var scores = trainer.Train(new SpanObjective(model, teacher, Soft.Validate(), SoftWeight), cancellation);
        ModelFolder.Save(model, context.Folder.FilePath("model"), workspace.Models.Folder(BaseModel));
        return new RunResult
        {
            Scores = scores,
            Facts = new SortedDictionary<string, double>(StringComparer.Ordinal)
            {
                ["measured rows"] = data.Measured.Questions.Count, ["parameters"] = model.parameters().Sum(p => p.numel()),
                ["training windows"] = data.Train.Count,
            },
        };
    }

    private static BertForQuestionAnswering OpenTeacher(string folder, Device device)
    {
        if (!ModelFolder.HasAnswerHead(folder))
            throw new ReplicationException($"The teacher in {folder} marks no answers; fine-tune it on SQuAD first.");
        var teacher = ModelFolder.OpenQuestionAnswering(folder);
        teacher.to(device);
        teacher.eval();
        return teacher;
    }

    private TrainedModel Trained(RunContext context, BertForQuestionAnswering model, SquadData data) => new()
    {
        Model = model,
        Encoder = model.Encoder,
        Lengths = [.. data.Train.Select(window => window.InputIds.Length)],
        Collate = (rows, length) => new GlueBatch(
            GlueBatch.Tokenised(
                [.. rows.Select(row => new EncodedText(data.Train[row].InputIds, data.Train[row].FirstLength))], data.PaddingId,
                context.Workspace.Device, length),
            tensor(rows.SelectMany(row => new long[] { data.Train[row].Start, data.Train[row].End }).ToArray(), [rows.Length, 2],
                device: context.Workspace.Device),
            rows),
        Measure = cancellation => Measure(context, model, data, cancellation),
        Score = (scores, _) => scores["dev"][SquadScorer.F1Name] ?? -1,
    };

    private SortedDictionary<string, IReadOnlyDictionary<string, double?>> Measure(
        RunContext context, BertForQuestionAnswering model, SquadData data, CancellationToken cancellation)
    {
        var total = data.MeasuredWindows.Count;
        var answers = SpanEvaluator.Answer(
            model, data.Measured.Questions, data.MeasuredWindows, data.PaddingId, Selection.Version.Search(), context.Workspace.Device,
            cancellation,
            done => context.Progress.Aside("answering dev", done, total, "windows"));
        var byId = data.Measured.Questions.Zip(answers)
            .ToDictionary(pair => pair.First.Id, pair => pair.Second.Text, StringComparer.Ordinal);
        SquadPredictions.Write(context.Folder.FilePath("answers-dev.json"), byId);
        return new SortedDictionary<string, IReadOnlyDictionary<string, double?>>(
            StringComparer.Ordinal) { ["dev"] = SquadScorer.Score(data.Measured, byId) };
    }
}
