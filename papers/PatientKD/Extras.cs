using System.Globalization;
using System.Text.RegularExpressions;
using Replication.Bert;
using Replication.Claims;
using Replication.Glue;
using Replication.Measurements;
using Replication.Runs;
using Replication.Studies;
using Replication.Training;

namespace Replication.PatientKD;

/// <summary>Table 4's inference time: BERT-base with 12, 6 and 3 layers, at the paper's batch of 128 sequences of 128 tokens.</summary>
public sealed record SpeedSpec : ForwardSpeedSpec
{
    /// <inheritdoc/>
    public override string Kind => "speed";

    /// <summary>Depths, the one that counts as 1 first.</summary>
    public IReadOnlyList<int> Layers { get; init; } = Extras.Depths;

    /// <summary>Name of a depth in the samples of the result.</summary>
    public static string NameOf(int layers) => $"{layers} layers";

    /// <inheritdoc/>
    public override RunIdentity Identity() => new($"inference time of {string.Join(", ", Layers)} layers{InFormat()}", null, null);

    /// <inheritdoc/>
    protected override string Setting() => "BERT-base geometry, random weights";

    /// <inheritdoc/>
    public override IReadOnlyList<SpeedSubject> Subjects(Workspace workspace) =>
        [.. Layers.Select(layers => new SpeedSubject(NameOf(layers), Extras.OfDepth(layers)))];
}

/// <summary>What only this paper has: its timing, what signatures say of its searches, the published curves, its report's words.</summary>
internal static partial class Extras
{
    /// <summary>The authors' own dev scores, as tables and claims name them.</summary>
    public const string DevRuns = "Authors' dev runs";

    /// <summary>What Table 3 has of RACE.</summary>
    public static string RaceText(PatientKdProfile? own) =>
        "Most published cells are known from memory only and are shown, never compared with. " + (own is null ? "Not run in this profile."
            : (own.Rows.OtherTasks is { } rows
                ? FormattableString.Invariant($"Trained on the first {rows:N0} questions on passages for middle schools")
                : "Trained on all questions")
                + $", in at most {own.FineTuning.MaxLength} tokens; all of dev is measured, middle and high school.");

    /// <summary>The published curves of KD (Figure 2) are flat from here on, as a share of the training.</summary>
    public const double Saturated = 0.4;

    /// <summary>The depths of Table 4, the teacher's first.</summary>
    public static IReadOnlyList<int> Depths { get; } = [12, 6, 3];

    /// <summary>The geometry of BERT-base with another depth.</summary>
    public static BertConfig OfDepth(int layers) => BertConfig.Base with { NumHiddenLayers = layers };

    /// <summary>Table 4: parameters, which are counted from the geometry, and inference time, which is measured side by side.</summary>
    public static SizeTable Sizes(ExperimentRequest request, SpeedSpec? timing)
    {
        Counted Millions(string heading, string metric, Func<BertConfig, long> count) =>
            new(heading, metric, config => count(config) / 1e6, (model, text) => $"{model}: {metric} {text} M.", Tolerances.Rounding);
        var models = Depths.Select(depth => new SizedModel($"BERT{depth}", OfDepth(depth)) { Sample = SpeedSpec.NameOf(depth) });
        return new SizeTable("Table 4", "Parameters and inference time", [.. models])
        {
            Caption = "Parameters in millions; a total has the pooler's 0.6, which the paper calls the softmax layer. Published time: "
                + "QNLI's training set on a Titan RTX, batch 128, length 128, FP16, in seconds. Here: one batch of 128 x 128 tokens, "
                + "median of the rounds; the speed-up is the median of the ratios within a round.",
            Counts =
            [
                Millions("Embedding", "#params embedding", config => ModelSize.Embeddings(config)),
                Millions("Layers", "#params transformer layers", config => config.NumHiddenLayers * ModelSize.Layer(config)),
                Millions("Total", "#params total", config => ModelSize.Parameters(config)),
                new(
                    "Reduction", "size reduction vs BERT12",
                    config => (double)ModelSize.Parameters(BertConfig.Base) / ModelSize.Parameters(config),
                    (model, text) => $"{model} is {text} times as small as BERT12.", Tolerances.Rounding) { IsRatio = true },
            ],
            Times =
            [
                Timed.Seconds("Time", "inference time"),
                Timed.Speedup(
                    "speedup vs BERT12", Tolerances.Hardware("Titan RTX in FP16"),
                    (model, text) => $"{model} is {text} times as fast as BERT12 at batch 128 and length 128."),
            ],
            Speed = timing,
            SpeedInBf16 = timing?.InBf16(request),
        };
    }

    /// <summary>What the caption of Table 4 calls the softmax layer.</summary>
    public static ExactClaim Pooler(PublishedCell cell) => new(
        "table4.softmax-layer-all-sizes.params", cell.Table,
        $"{cell.Model}: {cell.Metric} {cell.Text} M, which are the pooler's: a classifier of two classes has 0.0015 M.",
        cell.RegressionValue, ModelSize.Pooler(BertConfig.Base) / 1e6, cell.Unit, "BERT-base geometry | counted")
    {
        Tolerance = Tolerances.Rounding(cell.Text), Confidence = cell.Confidence,
    };

    /// <summary>A point of a search: the values that it tries.</summary>
    public static string Point(RunSpec candidate)
    {
        if (candidate is not PatientKdSpec spec)
            return candidate.Describe();
        var soft = spec.Tuning is not null ? "alpha and T of KD"
            : FormattableString.Invariant($"alpha {spec.Loss.Alpha}, T {spec.Loss.Soft.Temperature}");
        var states = spec.Loss.Patience.Normalise ? "" : ", states as they are";
        var beta = spec.Map is null ? "" : FormattableString.Invariant($", beta {spec.Loss.Beta}{states}");
        return FormattableString.Invariant($"{soft}{beta}, rate {spec.Recipe.LearningRate}");
    }

    /// <summary>The hyper-parameters as they were used, and who decided them; seed by seed where the seeds' own searches differ.</summary>
    public static string HyperParameters(IReadOnlyList<Score> scores)
    {
        string[] values = [.. scores.Select(Values).Distinct(StringComparer.Ordinal)];
        return values is [""] ? "" : $"{string.Join(" / ", values.Length == 1 ? values : scores.Select(Values))} ({Decided(scores[0])})";
    }

    // alpha, T and beta of a distillation, and the learning rate where it was searched.
    private static string Values(Score score)
    {
        double Fact(string name) => score.Run.Result.Fact(name);
        var spec = score.Spec as PatientKdSpec;
        var rate = score.Spec is FineTuneSpec { RateOf: null, Recipe: var own } ? own.LearningRate : Fact(Tuning.LearningRate);
        var rates = (Searched(score)?.Candidates ?? []).Select(each => ((TaskTrainingSpec)each).Recipe.LearningRate).Distinct().Count();
        string?[] values =
        [
            spec is null ? null : FormattableString.Invariant($"alpha {Fact(Tuning.Alpha)} T {Fact(Tuning.Temperature)}"),
            spec?.Map is null ? null : FormattableString.Invariant($"beta {Fact(Tuning.Beta)}"),
            rates < 2 ? null : FormattableString.Invariant($"rate {rate}"),
        ];
        return string.Join(' ', values.OfType<string>());
    }

    private static string Decided(Score score) => Searched(score)?.Split switch
    {
        null => "fixed",
        "dev" => "chosen on dev",
        _ => "chosen on a held-out tenth of train",
    };

    // The search that chose the run itself, or the one whose values it took.
    private static SelectionSpec? Searched(Score score) =>
        score.Search ?? (score.Spec as PatientKdSpec)?.Tuning?.Selection ?? (score.Spec as FineTuneSpec)?.RateOf;

    /// <summary>Figure 2: curves of each task, and beside the paper's profiles the published ones.</summary>
    public static IReadOnlyList<Figure?> Figures(StudyResults results, IReadOnlyList<Variant> variants, string depth)
    {
        // The published ones have nothing to say beside the PyTorch run of the reference profile.
        string[] published = results.Study.Request.Profile == Profile.Reference ? [] : ["QNLI", "MNLI"];
        return
        [
            .. results.Study.Tasks.Select(task => LearningCurves.Figure(results, variants, task, "Figure 2", depth)),
            .. published.Select(task => PublishedCurves(results.Study.Published, task)),
        ];
    }

    /// <summary>What one run gains on dev once KD has stopped gaining, less what another gains; null where either kept no curve.</summary>
    public static double? LaterGain(Score better, Score worse, ScoreColumn column)
    {
        double? Gain(FinishedRun run)
        {
            var curve = LearningCurves.Of(run, column.Split, column.Metric);
            return curve is not [_, .., var end] ? null : end.Score - curve.MinBy(p => Math.Abs((p.Epoch / end.Epoch) - Saturated)).Score;
        }
        return Gain(better.Run) - Gain(worse.Run);
    }

    // The curves that the paper prints for a task.
    private static LineFigure PublishedCurves(PublishedCells cells, string task)
    {
        var series =
            from cell in cells.All
            where cell.Table == "Figure 2 (digitised, +-0.005)" && cell.Task == task && cell.Number is not null
            let place = Share().Match(cell.Metric)
            where place.Success
            let epoch = 4 * double.Parse(place.Groups[1].ValueSpan, CultureInfo.InvariantCulture)
            group (Epoch: epoch, Score: 100 * cell.Number!.Value) by (cell.Model, cell.Split) into curve
            select new LineSeries(
                $"{curve.Key.Model}, {curve.Key.Split}", [.. curve.Select(p => p.Epoch)], [.. curve.Select(p => p.Score)],
                Dashed: curve.Key.Split != "dev");
        return new LineFigure(
            $"figure-2-published-{task.ToLowerInvariant()}", $"Figure 2, published, on {task}",
            $"Accuracy on {task} of BERT12 and of BERT6 trained with KD and PKD, read off the paper's figure to half a point: dev set "
                + "solid, training set dashed.",
            "Epochs", "accuracy (%)", [.. series]);
    }

    [GeneratedRegex(@"^acc at ([0-9.]+) of 4-epoch run$")]
    private static partial Regex Share();

    /// <summary>What a profile is, in two sentences.</summary>
    public static IReadOnlyList<string> Summary(ExperimentRequest request, PatientKdProfile profile) =>
    [
        "Patient-KD trains a student on its teacher's outputs and on the [CLS] states of the teacher's inner layers; here students of "
            + $"{string.Join(" and ", profile.StudentLayers)} layers from {profile.Teacher} "
            + $"({PretrainedModels.Depth(profile.Teacher)} layers) on {string.Join(", ", profile.Tasks)}.",
        request.Profile == Profile.Reference
            ? "The recipe is that of an independent PyTorch run, against which this code is checked, so above is as much a disagreement as "
                + "below; it says nothing on the paper."
            : Sentences.Scores(
                request,
                "Scores are of the dev set and held against the authors' own dev scores; the paper's tables are of GLUE's test server.",
                "sizes, speed-ups and the order of the methods"),
    ];

    /// <summary>In what a profile differs from the paper, a sentence each.</summary>
    public static IReadOnlyList<string?> Deviations(ExperimentRequest request, PatientKdProfile profile)
    {
        var (grid, epochs) = (profile.Grid, profile.OfStudents.Epochs);
        return
        [
            Sentences.Teacher(
                request, profile.Teacher, $"; students keep its first {string.Join(" or ", profile.StudentLayers)} layers"),
            profile.Rows.Deviation(),
            "Scores are of the dev set; the paper's are of GLUE's test server, which alone has the labels.",
            epochs == Recipes.Paper.Epochs ? null
                : $"Training takes {epochs} epochs where the paper takes {Recipes.Paper.Epochs}, with AdamW where the authors' program "
                    + "has an Adam without bias correction.",
            request.Profile switch
            {
                Profile.Quick or Profile.Evidence => $"Nothing is searched: {OnlyValues(grid)} are the authors' best for BERT6-PKD-Skip on "
                    + "SST-2, and serve KD, Skip and Last alike.",
                Profile.Reference => $"Nothing is searched: {OnlyValues(grid)} are those of the PyTorch run, whose soft loss sums over "
                    + "classes.",
                Profile.Small => $"The grid has {grid.KdPoints} pairs of alpha and T, then {grid.PkdPoints} values of beta, at rate "
                    + $"{Sentences.Rate(grid.LearningRates[0])}, where the paper's has {Grid.Paper.KdPoints} points and then "
                    + $"{Grid.Paper.PkdPoints}; a held-out tenth of the training set decides where the paper used dev; the beta found "
                    + "with the skip map serves Last too.",
                _ when profile.HoldOut > 0 => $"{grid.KdPoints} points for each way to train are tried on a held-out tenth of the training "
                    + $"rows, which shares no text with the others; the paper tries {Grid.Paper.KdPoints} for KD, {Grid.Paper.PkdPoints} "
                    + $"more for PKD and {Grid.Paper.LabelRates.Count} for FT, on dev (--fidelity paper).",
                _ => "As in the paper, dev decides the search and is then reported. This flatters KD, the best of "
                    + $"{grid.KdPoints} candidates, and PKD, the best of {grid.PkdPoints}{(grid.IsJoint ? "" : " on top of KD's choice")}, "
                    + $"more than the teacher and FT, the best of {grid.LabelRates.Count} each.",
            },
            .. request.Profile == Profile.Paper ? AuthorsRuns(profile.FollowsScripts) : [],
            request.Fidelity switch
            {
                Fidelity.Paper => "The loss is the paper's formula: sums over samples, layers and classes, no T squared; the published "
                    + "alpha, T and beta were found with the reductions of the authors' code.",
                Fidelity.Official or Fidelity.Grid => "The loss and the training are those of the authors' scripts: [CLS] states as they "
                    + "are, rows in file order, no dropout after the first epoch, KD in fp32 with BertAdam, PKD with FusedAdam.",
                _ => "The loss has the reductions of the authors' code, to which the published alpha, T and beta belong, and unit-length "
                    + "[CLS] states as in the paper's formula; data are shuffled and dropout stays on, unlike in the code.",
            },
        ];
    }

    // In what profile paper differs from the authors' own runs, with which its scores are compared.
    private static string?[] AuthorsRuns(bool areScripts) =>
    [
        areScripts ? null
            : "PKD has unit-length [CLS] states throughout, as the paper's formula. The authors searched states left as they are too "
            + $"({Grid.Script.PkdPoints} candidates), and their best runs have these for MNLI, QNLI and QQP with BERT6 and Skip, for MNLI "
            + "and QQP with BERT6 and Last, and for RTE, MNLI, QNLI and QQP with BERT3 (and for RACE with both depths).",
        "BERT3 learns from layers 10 and 11, as the authors' script has it; the paper's text says Skip.",
        areScripts ? null
            : "The optimizer is BertAdam, which clips the gradient of each parameter to norm 1. The authors' scripts have it for KD, FT; "
            + "teachers and PKD they train in 16 bits with FusedAdam, which clips two groups of gradients.",
        "The last epoch counts, as the mean over seeds. The authors' dev numbers are of the best run and its best epoch, and higher for "
            + "that alone.",
    ];

    // A grid of one point, such as "alpha 0.5, T 10, beta 100 and rate 5e-5".
    private static string OnlyValues(Grid grid) => FormattableString.Invariant(
        $"alpha {grid.SoftTargets[0].Alpha}, T {grid.SoftTargets[0].Temperature}, beta {grid.Betas[0]} and rate ")
        + Sentences.Rate(grid.LearningRates[0]);

    /// <summary>
    /// A teacher and a Patient-KD student of six layers with the paper profile's recipe, four steps each, on the longest rows
    /// that the repository has (RTE's).
    /// </summary>
    public static IReadOnlyList<RunSpec> Smoke(string model, Precision precision)
    {
        var recipe = Recipes.Paper with { MaxSteps = SmokeTest.Steps, TrainSampleRows = 0, EvaluationsPerEpoch = 1, Precision = precision };
        var rows = SmokeTest.Rows;
        var teacher = new FineTuneSpec { Selection = rows, BaseModel = model, Recipe = recipe, Seed = 1 };
        return
        [
            teacher,
            new PatientKdSpec
            {
                Selection = rows, BaseModel = model, StudentLayers = 6, Teacher = teacher, Recipe = recipe, Seed = 1,
                Loss = PatientKdLoss.Default with { Beta = Grid.AuthorsSst2.Betas[0] },
                Map = PatientLayerMaps.Skip(PretrainedModels.Depth(model), 6),
            },
        ];
    }
}
