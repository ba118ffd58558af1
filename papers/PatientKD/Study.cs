using Replication.Bert;
using Replication.Claims;
using Replication.Glue;
using Replication.Glue.Race;
using Replication.Measurements;
using Replication.Runs;
using Replication.Studies;

namespace Replication.PatientKD;

/// <summary>Patient Knowledge Distillation for BERT Model Compression. What is compared with what.</summary>
public sealed class PatientKdPaper() : StudyPaper(
    "Patient-KD",
    "Patient Knowledge Distillation for BERT Model Compression",
    "Sun, Cheng, Gan and Liu, EMNLP-IJCNLP 2019, doi:10.18653/v1/D19-1441",
    Fidelity.Paper, Fidelity.Official, Fidelity.Grid)
{
    private const string Command = "./reproduce.ps1 patientkd --profile paper";

    private const string NeedsDeep = $"Needs BERT-base, BERT-large and a GPU: {Command}.";

    /// <inheritdoc/>
    public override string Prefix => "pkd";

    /// <inheritdoc/>
    public override IReadOnlyList<RunSpec> Smoke(string model, Precision precision) => Extras.Smoke(model, precision);

    /// <inheritdoc/>
    public override Study Declare(ExperimentRequest request)
    {
        var profile = PatientKdProfile.Of(request);

        // Students of half the teacher's depth, each learning in another way: BERT6, or three layers of the small teacher.
        var pipeline = new Pipeline(profile);
        var teacher = Teacher("BERT12 (Teacher)", "teacher", pipeline);
        var ft = V("BERT6-FT", pipeline, Method.FT);
        var kd = V("BERT6-KD", pipeline, Method.KD);
        var skip = V("BERT6-PKD", pipeline, Method.Skip);
        var last = V("BERT6 (PKD-Last)", pipeline, Method.Last);

        // Of a quarter: BERT3.
        const string NeedsQuarter = $"This profile has no student of a quarter of its teacher's layers: {Command}.";
        var quarter = profile.Shares.Contains(4) ? pipeline with { Layers = pipeline.Layers / 2 } : null;
        var ft3 = V("BERT3-FT", quarter, Method.FT, NeedsQuarter);
        var kd3 = V("BERT3-KD", quarter, Method.KD, NeedsQuarter);
        var skip3 = V("BERT3-PKD", quarter, Method.Skip, NeedsQuarter);

        // Table 5: BERT24 teaches six layers of BERT-base, which are narrower and so get no patience term, and six of BERT-large.
        var deep = profile.DeepTeacher is { } large ? pipeline with { TeacherModel = large, BaseModel = large, Layers = 6 } : null;
        var teacher24 = deep is null ? Variant.Cited("BERT24 (Teacher)", NeedsDeep)
            : Teacher("BERT24 (Teacher)", $"teacher {deep.TeacherModel}", deep);
        var base24 = V("#2 BERT24->BERT6[Base]-KD", deep is null ? null : deep with { BaseModel = profile.Teacher }, Method.KD);
        var large24 = V("#3 BERT24->BERT6[Large]-KD", deep, Method.KD);
        var skip24 = V("#4 BERT24->BERT6[Large]-PKD", deep, Method.Skip);

        var half = new Dictionary<string, Variant>
        {
            [Reference.Teacher] = teacher,
            [nameof(Method.FT)] = ft, [nameof(Method.KD)] = kd, [nameof(Method.Skip)] = skip, [nameof(Method.Last)] = last,
        };
        Variant[] table1 = [Variant.Cited("BERT12 (Google)"), teacher, ft, kd, skip, ft3, kd3, skip3];
        var skip2 = skip.As("BERT6 (PKD-Skip)");
        Variant[] table2 = [last, skip2];
        Variant[] table5 = [teacher, teacher24, kd.As("#1 BERT12->BERT6[Base]-KD"), base24, large24, skip24];
        Variant[] devRuns =
        [
            teacher.As("BERT12 teacher"), ft, kd, skip.As("BERT6-PKD-Skip"), last.As("BERT6-PKD-Last"), ft3, kd3, skip3,
            teacher24.As("BERT24 teacher"), base24.As("BERT24->BERT6[Base]-KD"),
            large24.As("BERT24->BERT6[Large]-KD"), skip24.As("BERT24->BERT6[Large]-PKD"),
        ];
        var onRace = skip.As("BERT6-PKD-Skip");
        var timing = profile.SpeedRounds == 0 ? null : new SpeedSpec { Protocol = SpeedSpec.ProtocolOf(request, profile.SpeedRounds) };

        var study = new Study(this, request, profile)
        {
            OptionalTasks = request.Profile == Profile.Paper ? [] : [RaceEncoder.Task],
            Teacher = teacher,
            Setting = SignatureParts.Teacher(profile.Teacher, profile.IsWhole),
            Needs = $"Needs BERT-base (and for Table 5 BERT-large) and a GPU: {Command}.",
            Students = [(ft, HalfOf), (skip, HalfOf)],
            Tables = [],
            Figures = results => Extras.Figures(results, [.. half.Values], $"{pipeline.Layers} layers"),
            Summary = Extras.Summary(request, profile),
            Deviations = Extras.Deviations(request, profile),
        };
        // The reference profile says nothing on the paper, so it has none of its tables, orders and maps.
        return request.Profile == Profile.Reference ? study with { Tables = [Reference.Table(half)] } : study with
        {
            Tables =
            [
                OfServer("Table 1", "GLUE", table1, table1[1..]),
                OfServer("Table 2", "PKD-Last against PKD-Skip", table2, [last]),
                new ScoreTable("Table 3", "RACE", Variant.Cited("BERT12 (Leaderboard)"), teacher, ft, kd, onRace)
                {
                    Caption = Extras.RaceText(profile.Race), ClaimRoot = "table-3", Claimed = [onRace], Tasks = [RaceEncoder.Task],
                    PublishedOn = "test set",
                    NotComparable = _ => "The published score is of the test set, the measured one of dev.",
                },
                Extras.Sizes(request, timing),
                OfServer("Table 5", "Deeper teachers", table5, table5[1..]),
                // The authors kept the dev accuracy of every run: the mean of the best setting's.
                new ScoreTable(Extras.DevRuns, Extras.DevRuns, devRuns)
                {
                    ClaimRoot = "authors-dev-runs", Claimed = devRuns,
                },
                SearchTable.Of(profile.Grid.Name, [.. table1, .. table2, .. table5], Extras.Point),
            ],
            Orders =
            [
                kd.Beats(ft, "kd-ft",
                    "Learning from the teacher's outputs (KD) beats fine-tuning alone (FT) on average over the tasks of Table 1.")
                    with { IsPrimary = true, Published = Gap("Table 1", kd, ft) },
                skip.Beats(kd, "pkd-kd", "Patient-KD beats plain distillation (KD) on average over the tasks of Table 1.")
                    with { IsPrimary = true, Published = Gap("Table 1", skip, kd) },
                skip.Beats(ft, "pkd-ft", "Patient-KD beats fine-tuning alone (FT) on average over the tasks of Table 1.")
                    with { IsPrimary = true, Published = Gap("Table 1", skip, ft) },
                skip.Beats(last, "skip-last", "PKD-Skip beats PKD-Last on average over the tasks of Table 2.")
                    with { IsPrimary = true, Published = Gap("Table 2", skip2, last) },
                skip.Beats(kd, "pkd-goes-on", FormattableString.Invariant(
                    $"Where plain distillation has stopped gaining on dev, Patient-KD goes on: after the first {Extras.Saturated:0 %} of ")
                        + "the training it gains more than KD does.")
                    with { Table = "Figure 2", What = "later gain of PKD-Skip minus that of KD", Difference = Extras.LaterGain },
                Order.Keeps(
                    "retention",
                    "With half of the layers, Patient-KD keeps at least the share of its teacher's score that Table 1 shows for the task.",
                    skip, profile.IsWhole ? teacher : teacher with { Replicates = 1 }, column => Share(skip, teacher, column)),
                // On average the published #1 and #2 differ by 0.05 points: this claim has no number, and holds where BERT12's student is
                // ahead.
                kd.Beats(base24, "larger-teacher",
                    "A deeper teacher (BERT24) does not teach six layers of BERT-base better than BERT12 does.")
                    with { Confidence = Confidence.Sourced1, Teachers = [teacher, teacher24], Form = OrderForm.NonInferiority },
                base24.Beats(large24, "first-layers",
                    "For BERT24's students, six layers of BERT-large are a worse start than six of BERT-base.")
                    with { Confidence = Confidence.Sourced1, Teachers = [teacher24], Published = Gap("Table 5", base24, large24) },
                skip24.Beats(large24, "pkd-kd-24",
                    "From BERT24 too, Patient-KD beats plain distillation on average over the tasks of Table 5.")
                    with { Confidence = Confidence.Sourced1, Teachers = [teacher24], Published = Gap("Table 5", skip24, large24) },
            ],
            Exact =
            [
                Map("skip", "PKD-Skip", [2, 4, 6, 8, 10], PatientLayerMaps.Skip(12, 6)),
                Map("last", "PKD-Last", [7, 8, 9, 10, 11], PatientLayerMaps.Last(12, 6)),
                Map("skip24", "PKD-Skip from 24 layers", [4, 8, 12, 16, 20], PatientLayerMaps.Skip(24, 6))
                    with { Table = "not in the paper (authors' code)", Confidence = Confidence.Sourced1 },
                Extras.Pooler(Published.Find("Table 4", "softmax layer (all sizes)", "-", "#params")),
            ],
        };

        BertConfig HalfOf(BertConfig whole) => whole with { NumHiddenLayers = pipeline.Layers };

        Variant Teacher(string row, string name, Pipeline line) => new(
            name, (task, replicate) => line.On(task, replicate) is var (own, on) ? own.Teacher(on, replicate) : null)
        {
            Published = row,
            Who = $"teacher {line.TeacherModel}",
            Setting = "",
            Says = Extras.HyperParameters,
            Replicates = profile.TeacherPerReplicate ? null : 1,
        };

        Variant V(string row, Pipeline? line, Method method, string needs = NeedsDeep)
        {
            if (line is not { Layers: >= 2 })
                return Variant.Cited(row, needs);
            var student = line with { Method = method };
            return new Variant(
                student.Name, (task, replicate) => student.On(task, replicate) is var (own, on) ? own.Run(on, replicate) : null)
            {
                Published = row,
                Who = $"student {line.Layers}L init:first of {line.BaseModel} | {student.Map?.ToString() ?? method.ToString()}",
                Setting = method == Method.FT ? "" : SignatureParts.Teacher(line.TeacherModel, profile.IsWhole),
                Says = Extras.HyperParameters,
            };
        }

        ScoreTable OfServer(string table, string title, Variant[] rows, Variant[] claimed) => new(table, title, rows)
        {
            ClaimRoot = ClaimId.Of(table),
            IsOfServer = true,
            Claimed = claimed,
        };

        // The mean difference of two published rows over a table's tasks.
        double Gap(string table, Variant better, Variant worse) => Math.Round(
            Published.All.Where(cell => cell.Table == table && cell.Model == better.Published && ScoreColumn.Of(cell) is { IsMain: true })
                .Average(cell => cell.RegressionValue - Published.Find(table, worse.Published!, cell.Task, cell.Metric).RegressionValue),
            2);

        // The share in % of the teacher's score that Table 1 shows for a student; null for a task that is not in it.
        double? Share(Variant student, Variant taught, ScoreColumn column)
        {
            bool IsThat(ScoreColumn? other) => (other?.Task, other?.Split, other?.Metric) == (column.Task, column.Split, column.Metric);
            double? Of(Variant row) => Published.All.FirstOrDefault(
                cell => cell.Table == "Table 1" && cell.Model == row.Published && IsThat(ScoreColumn.Of(cell)))?.RegressionValue;
            return 100 * Of(student) / Of(taught);
        }
    }

    private static ExactClaim Map(string id, string name, int[] layers, Distillation.LayerMap map) => ExactClaim.OfMap(
        $"map.{id}", "Section 3.2",
        $"{name} teaches layers 1 to 5 of BERT6 by the teacher's layers {string.Join(", ", layers)}.", layers, map);
}
