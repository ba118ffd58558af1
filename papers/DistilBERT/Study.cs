using Replication.Bert;
using Replication.Bert.Distil;
using Replication.Claims;
using Replication.Glue;
using Replication.Runs;
using Replication.Studies;

namespace Replication.DistilBERT;

/// <summary>DistilBERT, a distilled version of BERT: smaller, faster, cheaper and lighter. What is compared with what.</summary>
public sealed class DistilBertPaper() : StudyPaper(
    "DistilBERT",
    "DistilBERT, a distilled version of BERT: smaller, faster, cheaper and lighter",
    "Sanh, Debut, Chaumond and Wolf, NeurIPS EMC2 workshop 2019, doi:10.48550/arXiv.1910.01108",
    Fidelity.Paper, Fidelity.Official)
{
    private const string Metric = "GLUE dev metric (CoLA MCC; MRPC/QQP/STS-B not stated)", SetUp = "claims and set-up",
        Counted = "BERT-base geometry, halved | counted";

    /// <inheritdoc/>
    public override PublishedCost PublishedCost => new(
        "The paper: 8 V100 of 16 GB for about 90 hours, which is 720 GPU-hours, of pretraining alone.",
        "distilbert-pretrain", GpuHours: 8 * 90, PeakFlops: 125e12);

    /// <inheritdoc/>
    public override IReadOnlyList<RunSpec> Smoke(string model, Precision precision) => Extras.Smoke(model, precision);

    /// <inheritdoc/>
    public override Study Declare(ExperimentRequest request)
    {
        var profile = DistilBertProfile.Of(request);
        var pipeline = new Pipeline(profile);

        // The paper's student, its teacher, and the student after the second distillation.
        var teacher = new Variant("teacher", pipeline.TaughtBy)
        {
            Published = "BERT-base", Replicates = profile.TeacherPerReplicate ? null : 1,
        };
        var student = Of("DistilBERT", pipeline with { Tasks = [.. profile.Tasks, .. profile.Downstream] }).As("DistilBERT");
        IReadOnlyList<GlueTask> distilled = profile.DistilledTask is { } task ? [task] : [];
        var twice = Of(
            "DistilBERT (D)",
            pipeline with { IsDistilledTwice = true, Tasks = [.. distilled, .. profile.Downstream.Where(t => t == ScoreColumn.Squad)] },
            "second distillation from the fine-tuned teacher, seed 1").As("DistilBERT (D)");

        // Table 4, each row with one thing changed; and as many steps without a teacher, a comparison that the paper leaves open.
        var noCe = V("without L_ce", r => r with { Loss = r.Loss with { SoftWeight = 0 } }, isPrimary: true)
            .As("[0, L_cos, L_mlm] i.e. without L_ce");
        var noCos = V("without L_cos", r => r with { Loss = r.Loss with { CosineWeight = 0 } }, isPrimary: true)
            .As("[L_ce, 0, L_mlm] i.e. without L_cos");
        var noMlm = V("without L_mlm", r => r with { Loss = r.Loss with { MaskedWeight = 0 } }).As("[L_ce, L_cos, 0] i.e. without L_mlm");
        var random = V("triple loss, random weights", r => r with { Start = StudentStart.Random }, isPrimary: true)
            .As("triple loss + random weights initialisation");
        var mlmAlone = V("L_mlm alone", r => r with { Loss = TripleLoss.MaskedOnly }, isAlwaysRun: true);

        Order[] ablation =
        [
            Helps(noCe, "withoutsoft", "The soft targets (L_ce) help: without them the scores fall.") with { IsPrimary = true },
            Helps(noCos, "withoutcosine", "The cosine loss (L_cos) helps: without it the scores fall.") with { IsPrimary = true },
            Helps(noMlm, "withoutmasked", "The masked language model (L_mlm) helps, if little: without it the scores fall."),
            Helps(random, "randomstart", "Starting from the teacher's layers helps: from random weights the scores fall.")
                with { IsPrimary = true },
            Helps(mlmAlone, "maskedonly",
                "The teacher helps: as many steps of the masked language model alone, from the same layers, score lower."),
        ];
        var changes = Extras.Changes(ablation, profile.AblationTasks);
        Variant[] pretrained = [student, mlmAlone, noCe, noCos, noMlm, random];
        var retained = SetUpCell("GLUE performance retained").RegressionValue;
        var reduction = SetUpCell("size reduction vs BERT-base");
        return new Study(this, request, profile)
        {
            OptionalTasks = request.Profile == Profile.Paper ? [] : profile.Downstream,
            Teacher = teacher,
            Setting = $"teacher {profile.Teacher}",
            Needs = "Needs BERT-base, English Wikipedia and books as one text file, and GPUs: ./reproduce.ps1 distilbert --profile "
                + "paper --corpus FILE.",
            TakesMedians = true,
            Tables =
            [
                new ScoreTable("Table 1", "GLUE, dev sets", Variant.Cited("ELMo"), teacher, student, mlmAlone)
                {
                    Caption = "Published: medians of five runs; BERT-base's MNLI is 86.7 in the paper and 84.7 in the authors' README, "
                        + "which alone fits the printed macro-score.",
                    ClaimRoot = "table-1",
                    MeanColumn = "Macro-score",
                    Beside = [(teacher, Published.Find("HF README table", "BERT-base-uncased", "MNLI", Metric))],
                    NotComparable = Extras.NotComparable,
                },
                new ScoreTable("Table 2", "Downstream tasks", teacher, student, twice)
                {
                    Caption = Extras.DownstreamText(profile),
                    ClaimRoot = "table-2",
                    Tasks = [.. profile.Downstream, .. distilled.Count > 0 ? distilled : [profile.Tasks[0]]],
                },
                Extras.Sizes,
                Extras.Times(new SpeedSpec { Passes = profile.SpeedRounds, Vocabulary = profile.Teacher }),
                changes,
                Extras.Pretrainings(pretrained),
            ],
            Orders =
            [
                .. ablation,
                twice.Beats(student, "second-distillation",
                    "A second distillation on the task itself, from a fine-tuned teacher, helps (on SQuAD in the paper).")
                    with { Tasks = distilled, Published = Math.Round(SquadF1("DistilBERT (D)") - SquadF1("DistilBERT"), 2) },
                Order.Keeps(
                    "retention", FormattableString.Invariant($"DistilBERT keeps at least {retained} % of its teacher's scores."),
                    student, teacher, _ => retained)
                    with { Table = "Abstract", IsPrimary = true, SmallestEffect = Tolerances.Retention(Extras.PublishedShares(Published)) },
            ],
            Exact =
            [
                ExactClaim.Of(
                    "size.reduction", "Abstract", $"DistilBERT is {reduction.Text} % smaller than BERT-base.", reduction,
                    100 * (1 - (Extras.Millions(Extras.Student) / Extras.Millions(BertConfig.Base))), Counted) with
                {
                    Tolerance = new Tolerance(
                        0.75, false,
                        "The paper's 40 % is a ratio of two rounded counts, 110 and 66 million: half a million on either moves it by "
                            + "up to 0.75."),
                },
                Geometry("layers", Extras.Student.NumHiddenLayers), Geometry("hidden size", Extras.Student.HiddenSize),
                Geometry("attention heads", Extras.Student.NumAttentionHeads), Geometry("FFN size", Extras.Student.IntermediateSize),
            ],
            Students = [(student, DistilStudent.Geometry)],
            Figures = results => Extras.Figures(results, pretrained),
            TextRead = (pipeline.Pretraining(), PretrainSpec.TextTokens),
            Summary = Extras.Summary(request, profile),
            Deviations = Extras.Deviations(request, profile),
        };

        Variant V(
            string name, Func<PretrainingRecipe, PretrainingRecipe> change, bool isAlwaysRun = false, bool isPrimary = false) =>
            Of(name, pipeline with
        {
            Name = name,
            Pretrained = change(pipeline.Pretrained),
            Tasks = (isAlwaysRun || profile.HasAblation) && (isPrimary || !profile.PrimaryOnly) ? profile.AblationTasks : [],
        });

        Variant Of(string name, Pipeline line, string more = "") =>
            new(name, line.Run) { Who = SignatureParts.Join(Extras.Who(line), more) };

        Order Helps(Variant without, string id, string statement) => student.Beats(without, id, statement) with
        {
            Tasks = profile.AblationTasks,
            Table = without.Published is null ? "not in the paper" : "Table 4",
            Published = without.Published is { } row
                ? -Published.Find("Table 4", row, Extras.Change.Task, Extras.Change.Metric).RegressionValue : null,
            Confidence = without.Published is null ? Confidence.Sourced1 : Confidence.Sourced2,
        };

        PublishedCell SetUpCell(string metric) => Published.Find(SetUp, "DistilBERT", "-", metric);

        double SquadF1(string model) => Published.Find("Table 2", model, "SQuAD 1.1", "F1").RegressionValue;

        ExactClaim Geometry(string metric, int counted)
        {
            var cell = SetUpCell(metric);
            return ExactClaim.Of(
                $"geometry.{ClaimId.Of(metric)}", "Section 3", $"DistilBERT's {metric}: {cell.Text}.", cell, counted, Counted);
        }
    }
}
