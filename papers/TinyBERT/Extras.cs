using Replication.Augmentation;
using Replication.Bert;
using Replication.Claims;
using Replication.Corpus;
using Replication.Distillation;
using Replication.Glue;
using Replication.Measurements;
using Replication.Runs;
using Replication.Studies;
using Replication.Training;

namespace Replication.TinyBERT;

/// <summary>Table 1's speed-up: BERT-base, TinyBERT6 and TinyBERT4 at 128 tokens.</summary>
public sealed record TinyBertSpeedSpec : ForwardSpeedSpec
{
    /// <inheritdoc/>
    public override string Kind => "tinybert-speed";

    /// <inheritdoc/>
    public override RunIdentity Identity() => new($"inference time of BERT-base, TinyBERT6, TinyBERT4{InFormat()}", null, null);

    /// <inheritdoc/>
    public override IReadOnlyList<SpeedSubject> Subjects(Workspace workspace) =>
        [.. Extras.Geometries.Select(model => new SpeedSubject(model.Published, model.Config!))];
}

/// <summary>What only this paper has: its timing, the cost of its stages, pictures of attention, and the words of its report.</summary>
internal static class Extras
{
    /// <summary>What the rows of Table 7 without general distillation take.</summary>
    public const string NeedsPretraining = "Needs pre-training a model of this size with BERT's own objective.";

    /// <summary>What Table 6 takes.</summary>
    public const string NeedsSquad =
        "Needs SQuAD 1.1 and 2.0, a question-answering head on teacher and student, BERT-base, English Wikipedia and a GPU.";

    /// <summary>The models of Table 1 whose geometry is known, BERT-base first.</summary>
    public static IReadOnlyList<SizedModel> Geometries { get; } =
    [
        new("BERT_BASE (Teacher)", BertConfig.Base) { IdWord = "bert-base" },
        new("TinyBERT6", Student.Tiny6.Config(BertConfig.Base)),
        new("TinyBERT4", Student.Tiny4.Config(BertConfig.Base)),
    ];

    /// <summary>Table 1's sizes and speed, which need no training.</summary>
    public static SizeTable Sizes(ExperimentRequest request, TinyBertSpeedSpec timing) => new("Table 1", "Size and speed", Geometries)
    {
        Id = "table-1-size",
        Caption = "Parameters in millions, without classifier and W_h; FLOPs of the matrix products at 128 tokens in billions. "
            + "Published speed-up: one K80. "
            + "Here: median of the ratios within a round, random weights.",
        Counts =
        [
            new(
                "Parameters", "#params", TradeOffs.MillionParameters,
                (model, text) => $"{model} has {text} M parameters.", Tolerances.Rounding) { Others = [CountingRule.WithHeads] },
            new(
                "FLOPs", "#FLOPs", TradeOffs.BillionFlops,
                (model, text) => $"{model} takes {text} billion floating-point operations.", Tolerances.Flops)
                { Others = [CountingRule.Electra] },
        ],
        Times =
        [
            Timed.Speedup("speedup on K80", Tolerances.Hardware("K80"), (model, text) => $"{model} is {text} times as fast as BERT-base."),
        ],
        Speed = timing,
        SpeedInBf16 = timing.InBf16(request),
    };

    /// <summary>What each stage of the pipeline cost, from the manifests of its first replicate.</summary>
    public static OwnTable Cost(Pipeline pipeline, Variant tiny) => new("Cost of the stages", results => RunCosts.Table(
        results,
        results.Study.Tasks.SelectMany(task => (RunSpec[])
        [
            pipeline.General(), pipeline.Profile.FineTuned(task), pipeline.Augmentation(task), pipeline.Intermediate(task, 1),
            results.SpecOf(tiny, task, 1)!,
        ]))) { Variants = [tiny] };

    /// <summary>Bars of the ablations, how the losses of each stage fall, and what teacher and student attend to.</summary>
    public static IEnumerable<Figure?> Figures(StudyResults results, Pipeline pipeline, Variant tiny, IReadOnlyList<Variant> ablations)
    {
        yield return ScoreBars.Figure(results, ablations, "ablations", "Tables 2 to 4, measured");
        yield return LossCurves.Figure(results, pipeline.General(), "loss-general", "General distillation");
        foreach (var task in results.Study.Tasks)
        {
            var (name, intermediate) = (task.Name.ToLowerInvariant(), pipeline.Intermediate(task, 1));
            yield return LossCurves.Figure(
                results, intermediate, $"loss-intermediate-{name}", $"Task distillation on {task}: inner states");
            yield return LossCurves.Figure(
                results, results.SpecOf(tiny, task, 1), $"loss-prediction-{name}", $"Task distillation on {task}: prediction");
            yield return Attention(results, task, intermediate, pipeline.LayerMap);
        }
    }

    /// <summary>What a profile is, in two sentences.</summary>
    public static IReadOnlyList<string> Summary(ExperimentRequest request, TinyBertProfile profile) =>
    [
        "TinyBERT draws a student's attention scores, hidden states and embeddings to its teacher's, first over plain text and then on a "
            + $"task's augmented rows; here a student of {profile.Student} from {profile.Teacher} "
            + $"({PretrainedModels.Depth(profile.Teacher)} layers) on {string.Join(", ", profile.Tasks)}.",
        Sentences.Scores(
            request, "Scores are of the dev set; the paper's Table 1 is of GLUE's test server.",
            "sizes, speed-ups and the order of the variants", larger: "teacher and text are larger"),
    ];

    /// <summary>What the compared rows of Tables 2 to 4 and 7 have in common.</summary>
    public static string BudgetText(Budget? budget) => budget switch
    {
        null => "This profile has no such runs.",
        { General: { } general, Task: { } task } =>
            $"All rows have one budget, smaller than the main pipeline's: {general.Steps} steps of {general.BatchSize} x "
                + $"{general.MaxLength} tokens of general distillation, {budget.Rows.LargeTasks} rows with "
                + $"{budget.Augmentation.RowsPerRow} new ones each, {task.IntermediateEpochs} epochs of the intermediate step and "
                + $"{task.PredictionEpochs} of the last; over the original rows alone {budget.OriginalRowsFactor} times as many, so that "
                + "updates are equal.",
        _ => "The paper's budget.",
    };

    /// <summary>In what a profile differs from the paper, a sentence each.</summary>
    public static IReadOnlyList<string?> Deviations(ExperimentRequest request, TinyBertProfile profile)
    {
        var switches = profile.Switches;
        return
        [
            Sentences.Teacher(
                request, profile.Teacher, $"; the student is {profile.Student} where the paper has {Student.Tiny4} and {Student.Tiny6}"),
            profile.Rows.Deviation(),
            .. BudgetDeviations(profile),
            !profile.Searches || switches.FollowsReadme ? null
                : profile.HoldOut > 0
                    ? "Rate and batch of the prediction step, six points for every variant, are chosen on a held-out tenth of the training "
                    + "rows, once, by stages that have not seen it; the paper chooses on dev (--fidelity paper)."
                    : "As in the paper, dev chooses rate and batch of the prediction step, of six points, and is then reported.",
            profile.Glove is null
                ? "Words of several pieces stay as they are in augmentation: the paper takes their nearest GloVe vectors, which are not "
                    + "part of this repository (--glove FILE uses them)." : null,
            switches.HasPairs || profile.Main.General is null ? null
                : "General distillation reads single sequences of whole sentences, where BERT's pre-training text has pairs, so that "
                    + "embeddings of token type 1 are first trained in task distillation.",
            switches.AugmentsInTurn ? null
                : "A new row's words have candidates from the original sentence, as in the authors' program; Algorithm 1 as it is printed "
                    + "replaces word by word in what the sentence has become (--fidelity paper).",
            switches.ReluBeforeClassifier
                ? "The teacher's classifier has no ReLU before it, as the authors' has; the student's has."
                : "The classifier is a linear layer on BERT's pooled output with dropout; the authors' code puts a ReLU before it and no "
                    + "dropout.",
            switches.KeepsBest ? null
                : "The last epoch's dev score stands in the tables; the authors' code keeps the best of an evaluation every "
                    + $"{Switches.OfficialInterval} steps.",
            switches.Method.TeacherDropout
                ? "The teacher's dropout is on while it teaches, and with it the dropout before its classifier, where the authors' "
                    + "teacher has a ReLU and no dropout." : null,
            switches.OfficialAugmentation ? "Which words are stop words follows a list of this repository's own, not the authors'." : null,
            profile.IsWhole ? null
                : "All seeds of a task share one teacher, one augmented data set and one general student, so that an interval over seeds "
                    + "does not hold what another teacher, other new rows or another general distillation would change.",
        ];
    }

    // What a budget of minutes takes in place of the paper's recipes; nothing where there is none.
    private static IReadOnlyList<string> BudgetDeviations(TinyBertProfile profile)
    {
        if (profile.Main is not { General: { } general, Task: { } task } main)
            return [];
        var steps = profile.Tasks.Select(each => Recipes.PaperIntermediate(each.Name, each.IsPair)).ToList();
        return
        [
            $"General distillation takes {general.Steps} steps of {general.BatchSize} x {general.MaxLength} tokens at a rate of "
                + $"{Sentences.Rate(Recipes.ShortGeneral(general).LearningRate)} without dropout over the text named "
                + $"{profile.Corpus.Name}; the paper takes {Recipes.PaperGeneral.Epochs} epochs of English Wikipedia, for which the "
                + $"authors' code has a rate of {Sentences.Rate(Recipes.PaperGeneral.LearningRate)}.",
            $"Augmentation makes {main.Augmentation.RowsPerRow} rows of a row (the paper {Budget.Paper.Augmentation.RowsPerRow}), the "
                + $"intermediate step takes {task.IntermediateEpochs} epochs at {Sentences.Rate(task.IntermediateRate)} without dropout "
                + $"({string.Join(" or ", steps.Select(paper => paper.Epochs).Distinct().Order())} at "
                + $"{Sentences.Rate(steps[0].LearningRate)}), the prediction step {task.PredictionEpochs} at "
                + $"{Sentences.Rate(task.PredictionRate)} ({Recipes.PaperPrediction(isPair: true).Epochs}, searched), and labels alone "
                + $"{task.PredictionEpochs * main.OriginalRowsFactor} epochs over the original rows, which are as many updates as the "
                + "prediction step's.",
            "The rate of the intermediate step falls linearly after a warm-up of a tenth of its steps; the authors' code keeps it "
                + "constant, and the paper does not say.",
        ];
    }

    /// <summary>
    /// The paper profile's stages with TinyBERT4, the inner ones with TinyBERT6 too, four steps each: batches of 32 of the text that
    /// comes with this repository, and of RTE with the paper's twenty new rows for each of its first four.
    /// </summary>
    public static IReadOnlyList<RunSpec> Smoke(string model, Precision precision)
    {
        var request = new ExperimentRequest { Profile = Profile.Paper, Teacher = model, Precision = precision };
        var profile = TinyBertProfile.Of(request) with { Corpus = CorpusSource.Embedded };
        var rows = SmokeTest.Rows;
        TrainingRecipe Short(TrainingRecipe recipe) => recipe with { MaxSteps = SmokeTest.Steps, BatchSize = 32 };
        (PredictionSpec Last, IntermediateSpec Inner) Shortened(Student student)
        {
            var last = (new Pipeline(profile, Budget.Paper) { Student = student }).Prediction(GlueTasks.Rte, 1);
            var inner = (IntermediateSpec)last.Start!;
            var teacher = inner.Teacher with { Selection = rows, Recipe = Short(inner.Teacher.Recipe) };
            var augmentation = inner.Augmentation! with { Selection = new TaskSelection { Task = "RTE", Rows = 4 } };
            var general = inner.General! with { Recipe = Short(inner.General!.Recipe) };
            inner = inner with
            {
                Selection = rows, Teacher = teacher, General = general, Augmentation = augmentation, Recipe = Short(inner.Recipe),
            };
            var recipe = Short(Recipes.Grid(last.Recipe).First());
            return (last with { Selection = rows, Teacher = teacher, Start = inner, Augmentation = augmentation, Recipe = recipe }, inner);
        }
        var ((four, fourInner), (_, sixInner)) = (Shortened(Student.Tiny4), Shortened(Student.Tiny6));
        return [four.Teacher, four.Augmentation!, fourInner.General!, fourInner, four, sixInner.General!, sixInner];
    }

    private static MatrixFigure? Attention(StudyResults results, GlueTask task, IntermediateSpec spec, LayerMap map)
    {
        if (results.Find(spec) is not { } run || AttentionSample.Read(run, map) is not { Layers: [.., var last] } sample)
            return null;
        return new MatrixFigure(
            $"attention-{task.Name.ToLowerInvariant()}",
            $"Attention of teacher and student, {task}",
            "Attention probabilities, mean over heads, of a sentence of the dev set: the teacher's last layer and the student's, which "
                + $"learnt from it, after the intermediate step; the darkest cell is the largest of both; seed 1, {results.Profile} "
                + $"profile, {SignatureParts.Runs([run])}.",
            "attended", "attending", sample.Pieces,
            [
                new MatrixPanel($"teacher, layer {last.TeacherLayer}", last.Teacher),
                new MatrixPanel($"student, layer {last.StudentLayer}", last.Student),
            ]);
    }
}
