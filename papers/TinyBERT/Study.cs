using Replication.Bert;
using Replication.Claims;
using Replication.Measurements;
using Replication.Runs;
using Replication.Studies;

namespace Replication.TinyBERT;

/// <summary>TinyBERT: Distilling BERT for Natural Language Understanding. What is compared with what.</summary>
public sealed class TinyBertPaper() : StudyPaper(
    "TinyBERT",
    "TinyBERT: Distilling BERT for Natural Language Understanding",
    "Jiao, Yin, Shang, Jiang, Chen, Li, Wang and Liu, Findings of EMNLP 2020, doi:10.18653/v1/2020.findings-emnlp.372",
    Fidelity.Paper, Fidelity.Official, Fidelity.Readme)
{
    /// <inheritdoc/>
    public override IReadOnlyList<RunSpec> Smoke(string model, Precision precision) => Extras.Smoke(model, precision);

    /// <inheritdoc/>
    public override Study Declare(ExperimentRequest request)
    {
        var profile = TinyBertProfile.Of(request);
        var pipeline = new Pipeline(profile, profile.Main);

        // The whole pipeline, and the same student without distillation.
        var teacher = new Variant("teacher", profile.FineTuned)
        {
            Published = "BERT_BASE (Teacher)", Replicates = profile.IsWhole ? null : 1,
        };
        var tiny = Of("TinyBERT", pipeline).As("TinyBERT4");
        var six = Of("TinyBERT6", profile.Six is { } larger ? pipeline with { Student = larger } : null).As("TinyBERT6");
        var labels = profile.PrimaryOnly ? null : LabelsOnly(pipeline);
        var fromGeneral = Of("labels only, from GD", labels);
        var fromRandom = Of("labels only, random start", labels is null ? null : labels with { HasGeneral = false });

        // Tables 2 to 4 and 7, each row with one thing changed; all have one budget.
        var ablation = profile.Ablations is { } budget ? pipeline with { Budget = budget } : null;
        var full = ablation == pipeline ? tiny : V("TinyBERT, ablations' budget", p => p, isPrimary: true);
        var noGD = V("w/o GD", p => p with { HasGeneral = false }, isPrimary: true);
        var noTD = V("w/o TD", p => p with { HasIntermediate = false, Target = PredictionTarget.Labels }, isPrimary: true);
        var noDA = V("w/o DA", p => p with { AugmentsIntermediate = false, AugmentsPrediction = false });
        var noTrm = V("w/o Trm", p => p with { Method = p.Method.Without(Terms.Transformer) });
        var noAttn = V("w/o Attn", p => p with { Method = p.Method.Without(Terms.Attention) }, isPrimary: true);
        var noHidn = V("w/o Hidn", p => p with { Method = p.Method.Without(Terms.Hidden) });
        var noEmbd = V("w/o Embd", p => p with { Method = p.Method.Without(Terms.Embedding) });
        var noPred = V("w/o Pred", p => p with { Target = PredictionTarget.Labels, AugmentsPrediction = false });
        var top = V("Top", p => p with { Method = p.Method with { Map = MapStrategy.Top } });
        var bottom = V("Bottom", p => p with { Method = p.Method with { Map = MapStrategy.Bottom } });
        var general = ablation == pipeline ? fromGeneral : V("labels only, from GD, ablations' budget", LabelsOnly);

        var timing = new TinyBertSpeedSpec { Protocol = TinyBertSpeedSpec.ProtocolOf(request, profile.SpeedRounds) };
        var caption = Extras.BudgetText(profile.Ablations);
        return new Study(this, request, profile)
        {
            Teacher = teacher,
            Setting = SignatureParts.Teacher(profile.Teacher, profile.IsWhole),
            Needs = "Needs BERT-base, English Wikipedia and a GPU (./reproduce.ps1 tinybert --profile paper --corpus FILE).",
            Tables =
            [
                Extras.Sizes(request, timing),
                new ScoreTable("Table 1", "Scores", teacher, tiny, six, fromGeneral, fromRandom)
                {
                    Id = "table-1-scores", IsOfServer = true, Claimed = [tiny, six], NamesMetric = false,
                },
                new ScoreTable("Table 2", "Stages and data augmentation", full.As("TinyBERT4"), noGD, noTD, noDA)
                {
                    Caption = caption, Claimed = [tiny],
                },
                new ScoreTable("Table 3", "Terms of the loss", full.As("TinyBERT4"), noEmbd, noPred, noTrm, noAttn, noHidn)
                {
                    Caption = caption, Claimed = [],
                },
                new ScoreTable("Table 4", "Layer maps", full.As("Uniform"), top, bottom) { Caption = caption, Claimed = [] },
                new ScoreTable(
                    "Table 7", "Distillation against pre-training alone",
                    Variant.Cited("BERT_TINY", Extras.NeedsPretraining), Variant.Cited("BERT_TINY (+TD)", Extras.NeedsPretraining),
                    general.As("TinyBERT (GD)"), noDA.As("TinyBERT (GD+TD)"))
                {
                    Caption = $"BERT_TINY is not pre-trained here. {caption}", Claimed = [],
                },
                new ScoreTable(
                    "Table 5", "TinyBERT6 against other students",
                    [.. Published.Models("Table 5").Where(m => m != "TinyBERT6").Select(m => Variant.Cited(m)), six])
                    { Claimed = [six] },
                new DeclaredTable("Table 6", "SQuAD", Extras.NeedsSquad),
                Extras.Cost(pipeline, tiny),
            ],
            Orders =
            [
                tiny.Beats(fromRandom, "distillation-random", "TinyBERT beats the same student trained from random weights on labels only.")
                    with { Table = "not in the paper", Confidence = Confidence.Sourced1 },
                noDA.Beats(general, "distillation-general",
                    "Task distillation beats labels only, both from general distillation and on the original rows.")
                    with { Table = "Table 7", Confidence = Confidence.Sourced1 },
                full.Beats(noGD, "gd", "General distillation helps.") with { IsPrimary = true },
                full.Beats(noTD, "td", "Task distillation helps.") with { IsPrimary = true },
                full.Beats(noDA, "da", "Data augmentation helps."),
                full.Beats(noTrm, "trm", "The losses of the transformer layers help."),
                full.Beats(noAttn, "attn", "The attention loss helps.") with { IsPrimary = true },
                full.Beats(noHidn, "hidn", "The hidden-state loss helps."),
                full.Beats(noEmbd, "embd", "The embedding loss helps."),
                full.Beats(noPred, "pred", "Learning from the teacher's outputs beats learning from labels in the prediction step."),
                full.Beats(top, "uniform-top", "The uniform layer map beats the top one."),
                full.Beats(bottom, "uniform-bottom", "The uniform layer map beats the bottom one."),
            ],
            Exact = [Map(12, 4, [3, 6, 9, 12]), Map(12, 6, [2, 4, 6, 8, 10, 12])],
            Students = [(tiny, profile.Student.Config)],
            Figures = results => Extras.Figures(
                results, pipeline, tiny, [full, noGD, noTD, noDA, noTrm, noAttn, noHidn, noEmbd, noPred, top, bottom, general]),
            TextRead = (pipeline.General(), GeneralDistillationSpec.CorpusTokens),
            Summary = Extras.Summary(request, profile),
            Deviations = Extras.Deviations(request, profile),
        };

        Variant Of(string name, Pipeline? line) =>
            new(name, (task, replicate) => line?.Run(task, replicate)) { Who = $"student {line?.Student ?? profile.Student} {name}" };

        Variant V(string name, Func<Pipeline, Pipeline> change, bool isPrimary = false) =>
            Of(name, ablation is null || (profile.PrimaryOnly && !isPrimary) ? null : change(ablation)) with { Published = name };
    }

    private static Pipeline LabelsOnly(Pipeline p) =>
        p with { HasIntermediate = false, Target = PredictionTarget.Labels, AugmentsPrediction = false };

    private static ExactClaim Map(int teacher, int student, int[] layers) => ExactClaim.OfMap(
        FormattableString.Invariant($"map.{teacher}-{student}"), "Section 4.2",
        $"The uniform map teaches {student} layers by the teacher's layers {string.Join(", ", layers)}.",
        layers, TinyLayerMaps.Of(MapStrategy.Uniform, teacher, student));
}
