using System.Globalization;
using Replication.Bert;
using Replication.Bert.Distil;
using Replication.Claims;
using Replication.Corpus;
using Replication.Glue;
using Replication.Measurements;
using Replication.Runs;
using Replication.Studies;
using Replication.Training;

namespace Replication.DistilBERT;

/// <summary>What only this paper has: time on STS-B, changes of the ablation, pretrainings with curves, the loss's memory, words.</summary>
internal static class Extras
{
    /// <summary>What Table 4 prints, by task and metric.</summary>
    public static readonly (string Task, string Metric) Change = ("GLUE", "change of macro-score vs full triple loss + teacher init");

    private const string Time = "full-pass inference time, CPU, batch 1";

    private const long Mebibyte = 1 << 20;

    private static readonly string[] Terms = ["L_mlm", "L_ce", "L_cos"];

    /// <summary>DistilBERT's geometry: BERT-base's, halved.</summary>
    public static BertConfig Student { get; } = DistilStudent.Geometry(BertConfig.Base);

    /// <summary>The parameters of Table 3, counted without a head.</summary>
    public static SizeTable Sizes { get; } = new(
        "Table 3", "Parameters",
        new SizedModel("BERT-base", BertConfig.Base), new SizedModel("DistilBERT", Student), new SizedModel("ELMo", null))
    {
        Id = "table-3-parameters",
        Caption = "In millions, counted from the geometry without a head.",
        Counts =
        [
            new("Parameters", "#params", Millions, (model, text) => $"{model} has {text} million parameters.", text => text == "110"
                ? new Tolerance(1, false, "110 is the round number that BERT's own paper gives; it is taken to a million either way.")
                : Tolerances.Rounding(text)) { IdWord = "parameters" },
        ],
    };

    /// <summary>Millions of parameters without a head; DistilBERT has no pooler.</summary>
    public static double Millions(BertConfig config) => ModelSize.Parameters(config, pooler: config.Kind != EncoderKind.DistilBert) / 1e6;

    /// <summary>Two of GLUE's columns cannot be held against the paper's, nor the mean that holds them.</summary>
    public static string? NotComparable(PublishedCell cell) => cell.Task switch
    {
        "MRPC" or "QQP" or "STS-B" => $"{cell.Task} has two metrics, and the paper does not say which it prints.",
        "Macro-score" => "It holds MRPC, QQP and STS-B, whose metric the paper does not name.",
        _ => null,
    };

    /// <summary>The share of BERT-base's score that DistilBERT keeps on each task of Table 1, in %.</summary>
    public static IReadOnlyList<double> PublishedShares(PublishedCells published) =>
    [
        .. from cell in published.All
           where cell.Table == "Table 1" && cell.Model == "DistilBERT" && cell.Task is not ("Macro-score" or "-")
           let share = published.Share(cell.Table, cell.Model, "BERT-base", cell.Task, cell.Metric)
           where share is not null
           select share.Value,
    ];

    /// <summary>Table 3's time of STS-B's dev set, measured side by side, and the speed-up that follows.</summary>
    public static OwnTable Times(SpeedSpec spec) => new("Inference time", results => new ReportTable(
        "table-3-time",
        "Table 3. Inference time",
        "STS-B's whole dev set through the model on a CPU, one pair at a time, each at its own length; published on a Xeon E5-2690 v3. "
            + "Here: BERT-base's and DistilBERT's geometry with random weights side by side, pair by pair; median over the passes.",
        ["Model", "Seconds published", "Seconds here", "Speed-up published", "Speed-up here"],
        [.. ((string[])["ELMo", SpeedSpec.BertBase, SpeedSpec.DistilBert])
            .Select(model => TimeRow(results, model, TimingOf(results, spec)))]))
    {
        Table = "Table 3", Specs = [spec], Claims = results => SpeedClaims(results, TimingOf(results, spec)),
    };

    /// <summary>Table 4: what each part of the pretraining is worth.</summary>
    /// <param name="orders">The full student against each variant.</param>
    /// <param name="tasks">The tasks that they are compared on.</param>
    public static ChangeTable Changes(IReadOnlyList<Order> orders, IReadOnlyList<GlueTask> tasks) => new("Table 4", "Ablation", orders)
    {
        Caption = "Change of the score against the triple loss from the teacher's layers, in points. Published: of GLUE's macro-score. "
            + $"Here: mean over {string.Join(" and ", tasks)} and replicates with its 95 % interval, each variant pretrained for as many "
            + "steps.",
        Tasks = tasks,
        Published = Change,
        Heads = "Pretraining",
        Less = "less the triple loss",
    };

    /// <summary>The pretrainings: how much text, what became of the terms, how fast, in how much memory.</summary>
    /// <param name="variants">A variant a pretraining.</param>
    public static OwnTable Pretrainings(IReadOnlyList<Variant> variants) => new("Pretraining", results => new ReportTable(
        "pretraining",
        "Pretraining",
        "Terms are means over the last steps, unweighted; the peak memory is that of the whole process so far, whatever it ran before. "
            + "The paper trained on Wikipedia and the Toronto Book Corpus for about 90 hours on 8 GPUs.",
        ["Pretraining", "Steps", "Tokens", .. Terms, "Tokens a second", "Peak memory of the process (MiB)"],
        [.. Pretrained(results, variants).Select(p =>
            results.Row(p.Spec.Name, p.Spec, Terms.Length + 4, run => PretrainingCells(results, p.Variant, p.Spec, run)))]))
    {
        Variants = variants,
    };

    /// <summary>Figure 1 from published numbers, and how each term fell while students were pretrained.</summary>
    public static IReadOnlyList<Figure?> Figures(StudyResults results, IReadOnlyList<Variant> variants)
    {
        var runs = Pretrained(results, variants)
            .Select(p => (p.Spec.Name.Replace(", ", " from ", StringComparison.Ordinal), (RunSpec)p.Spec));
        var sizes = ((string[])["ELMo", "BERT-base", "DistilBERT"])
            .Select(model => (model, results.Study.Published.Find("Table 3", model, "-", "#params").RegressionValue, (double?)null));
        return
        [
            new BarFigure(
                "figure-1", "Figure 1, published: parameters of pretrained models",
                "Published numbers of Table 3, nothing of it measured here; the paper's figure shows more models, for which no source is "
                    + "at hand.",
                "Model", "Parameters (millions)", [new BarGroup("published", [.. sizes])]),
            .. Terms.Select(term => LossCurves.Figure(
                results, runs, term, $"pretraining-{ClaimId.Of(term)}", $"{term} while pretraining",
                $"{term} of each pretraining, mean over ten steps, {results.Profile} profile; one seed.")),
        ];
    }

    /// <summary>
    /// How signatures name a student, such as
    /// "student half as deep, init:every second layer | triple loss, ... | 80 steps of 32 | text open".
    /// </summary>
    public static string Who(Pipeline line)
    {
        var (recipe, loss) = (line.Pretrained, line.Pretrained.Loss);
        var start = recipe.Start switch
        {
            StudentStart.Random => "random",
            StudentStart.EverySecond => "every second layer",
            _ => "the authors' layers",
        };
        return SignatureParts.Join(
            $"student half as deep, init:{start}",
            string.Create(
                CultureInfo.InvariantCulture,
                $"{line.Name}, L_ce/L_mlm/L_cos {loss.SoftWeight:0.##}/{loss.MaskedWeight:0.##}/{loss.CosineWeight:0.##}, "
                    + $"T {loss.Temperature}"),
            recipe.Steps is { } steps
                ? $"{steps} steps of {recipe.Training.BatchSize}"
                : $"{recipe.Training.Epochs} epochs in batches of {recipe.Training.BatchSize}",
            $"text {line.Profile.Corpus.Name}");
    }

    /// <summary>What Table 2 is measured on, and what the teacher has seen of it.</summary>
    public static string DownstreamText(DistilBertProfile profile)
    {
        var twice = new TaskDistillation();
        string?[] sentences =
        [
            FormattableString.Invariant(
                $"The second distillation, (D), takes half of the loss from the fine-tuned teacher at T = {twice.Soft.Temperature}; ")
                + "beside SQuAD it is run on a task of GLUE.",
            profile.Downstream.Count == 0 ? null : "IMDb's test set is measured.",
            profile is { Downstream.Count: > 0, Squad: { SplitsDev: true, Questions: { } questions } }
                ? FormattableString.Invariant(
                    $"SQuAD's are not its own scores: {questions} questions of a part of the dev set's articles are trained on, ")
                    + "the other articles are measured (articles.json beside it)."
                : null,
            DataContamination.Of(profile.Teacher, profile.Downstream.Select(task => task.Name)),
        ];
        return string.Join(' ', sentences.OfType<string>());
    }

    /// <summary>What a profile is, in two sentences.</summary>
    public static IReadOnlyList<string> Summary(ExperimentRequest request, DistilBertProfile profile) =>
    [
        "DistilBERT pretrains a student of half its teacher's depth with three losses, and fine-tunes it like any BERT; here from "
            + $"{profile.Teacher}, on the text {profile.Corpus.Name}, fine-tuned on {string.Join(", ", profile.Tasks)}.",
        Sentences.Scores(
            request, "Scores are of the dev set, as in the paper; the text is the user's.",
            "sizes, the speed-up and what each part is worth",
            larger: "teacher is larger and whose text is some thousand times as long"),
    ];

    /// <summary>In what a profile differs from the paper, a sentence each.</summary>
    public static IReadOnlyList<string?> Deviations(ExperimentRequest request, DistilBertProfile profile)
    {
        var (recipe, fidelity, paper) = (profile.Pretraining, request.Fidelity, DistilBertProfile.Of(Profile.Paper));
        var (loss, depth) = (TripleLoss.OfficialCode, BertConfig.Base.NumHiddenLayers);
        var given = FormattableString.Invariant($"{loss.SoftWeight}, {loss.MaskedWeight}, {loss.CosineWeight} and T = {loss.Temperature}");
        var layers = TeacherLayers.Of(StudentStart.OfficialCode, depth);
        var script = $"{string.Join(", ", layers.SkipLast(1))} and {layers[^1]} of {depth}";
        return
        [
            Sentences.Teacher(request, profile.Teacher, "; the student has half of its depth and all of its width"),
            (profile.Corpus.Name == CorpusSource.EmbeddedName
                ? "The text is that of data/corpus, about 1.15 million words," : "The text is the user's")
                + " where the paper has English Wikipedia and the Toronto Book Corpus.",
            recipe.Steps is not { } steps ? null
                : $"Pretraining takes {steps} steps of {recipe.Training.BatchSize} sequences of at most {recipe.Training.MaxLength} "
                    + "tokens where the paper took about 90 hours on 8 GPUs in batches of up to "
                    + FormattableString.Invariant($"{paper.Pretraining.Training.BatchSize:N0}."),
            profile.Rows.Deviation(),
            fidelity == Fidelity.Paper
                ? "The loss is the paper's formula with equal weights, which it does not name, and words are hidden as BERT hides them; "
                    + "T, optimizer and schedule are from the authors' README and code."
                : $"The paper names neither the weights of the triple loss nor T: {given} are from the authors' README and code, as are "
                    + "optimizer, schedule and the masking that favours rare words.",
            fidelity == Fidelity.Official
                ? $"The student starts from the teacher's layers that the authors' script takes, {script}, and from a prediction head of "
                    + "random weights."
                : $"The student starts from one teacher layer out of two, as the paper says; the authors' script takes {script} "
                    + "(--fidelity official).",
            "Sequences are filled with whole sentences, so that hardly any is short; the authors' program drops those of 11 tokens or "
                + "fewer.",
            profile.IsWhole
                ? "Each replicate has a teacher and pretrainings of its own, where the paper pretrains once and fine-tunes five times."
                : profile.Replicates == paper.Replicates ? null
                : $"Scores have {profile.Replicates} fine-tuning {(profile.Replicates == 1 ? "seed" : "seeds")} where the paper has "
                    + $"{paper.Replicates}; each student is pretrained once, so that intervals say nothing on the pretraining's own seed.",
        ];
    }

    /// <summary>
    /// The paper profile's kinds of run, four steps each: the pretraining in batches of two times 4 sequences of at most 512
    /// tokens of the text in data/, a teacher, the student that the pretraining leaves, and its second distillation. Tasks
    /// have the longest rows that the repository has (RTE's).
    /// </summary>
    public static IReadOnlyList<RunSpec> Smoke(string model, Precision precision)
    {
        var paper = DistilBertProfile.Of(new ExperimentRequest { Profile = Profile.Paper, Teacher = model, Precision = precision });
        var (rows, steps) = (SmokeTest.Rows, SmokeTest.Steps);
        // The committed record has this rate, which decides nothing in four steps.
        var recipe = StandardRecipes.SmallTeacher with
            { MaxSteps = steps, TrainSampleRows = 0, EvaluationsPerEpoch = 1, Precision = precision };
        var pretraining = paper.Pretraining with
        {
            Training = paper.Pretraining.Training with { BatchSize = 8 }, MicroBatch = 4, Steps = steps,
        };
        var line = new Pipeline(paper with { Corpus = CorpusSource.Embedded, FineTuning = recipe, Pretraining = pretraining });
        var teacher = line.Teacher(GlueTasks.Rte, 1) with { Selection = rows };
        var student = line.Student(GlueTasks.Rte, 1) with { Selection = rows };
        return [line.Pretraining(), teacher, student, student with { TaskTeacher = teacher }];
    }

    private static Timing? TimingOf(StudyResults results, SpeedSpec spec) => results.Find(spec) is not { } run ? null : new Timing(
        new SpeedReport(run.Result.Samples),
        SignatureParts.Join(
            "BERT-base and DistilBERT geometry, random weights",
            FormattableString.Invariant(
                $"STS-B dev, {run.Result.Fact("pairs")} pairs of {run.Result.Fact("tokens a pair"):0.0} tokens, batch 1"),
            $"{spec.Passes} {(spec.Passes == 1 ? "pass" : "passes")}, alternating pair by pair",
            $"{run.Manifest.Environment.Device} fp32 {run.Manifest.Environment.Threads} threads",
            run.Manifest.Machine,
            SignatureParts.Runs([run])));

    // BERT-base's published seconds over a model's.
    private static double PublishedSpeedup(PublishedCells cells, string model) =>
        Math.Round(Seconds(cells, SpeedSpec.BertBase).RegressionValue / Seconds(cells, model).RegressionValue, 2);

    private static PublishedCell Seconds(PublishedCells cells, string model) => cells.Find("Table 3", model, "STS-B", Time);

    private static IReadOnlyList<Cell> TimeRow(StudyResults results, string model, Timing? timing)
    {
        var seconds = Seconds(results.Study.Published, model);
        Cell Timed(Func<SpeedReport, Spread> what) => model == "ELMo" ? new Cell("")
            : timing is null ? StudyResults.NotFinished
            : new Cell(
                NumberText.Of(what(timing.Report).Median, what(timing.Report).Count > 1 ? what(timing.Report).Mad : null),
                timing.Signature, CellKind.Measured);
        return
        [
            new Cell(model),
            new Cell(seconds.Text, seconds.Source, CellKind.Published),
            Timed(report => report.PassSeconds(model)),
            new Cell(
                NumberText.Of(PublishedSpeedup(results.Study.Published, model)), "BERT-base's published seconds over the model's",
                CellKind.Published),
            Timed(report => report.Speedup(SpeedSpec.BertBase, model)),
        ];
    }

    private static IReadOnlyList<ClaimOutcome> SpeedClaims(StudyResults results, Timing? timing)
    {
        var study = results.Study;
        var published = PublishedSpeedup(study.Published, SpeedSpec.DistilBert);
        Claim Speed(string id, string table, string statement, double value) =>
            study.Claim(id, table, ClaimKind.Speed, statement, value, "x") with { Tolerance = Tolerances.Hardware("CPU") };
        var here = Speed("table3.speedup", "Table 3", FormattableString.Invariant(
            $"DistilBERT is {published} times as fast as BERT-base (60 % faster) on STS-B's dev set, one pair at a time on a CPU."),
            published);
        var phone = Speed(
            "phone.speedup", "Section 4.1", "DistilBERT is 71 % faster than BERT-base on a phone, tokenisation left out.", 1.71);
        return
        [
            timing is not null ? VerdictRule.Against(here, Measured(timing)) : VerdictRule.NotRun(
                here, $"Needs the timing on STS-B's dev set, a few minutes, which every profile has: {study.Request.Command(study.Verb)}."),
            VerdictRule.NotRun(phone, "Needs an iPhone 7 Plus and the model in its format."),
        ];

        static Measurement Measured(Timing timing)
        {
            var ratio = timing.Report.Speedup(SpeedSpec.BertBase, SpeedSpec.DistilBert);
            return new Measurement(ratio.Median, ratio.Count > 1 ? ratio.Mad : null, [], timing.Signature);
        }
    }

    // The variants that this profile runs, each with its pretraining.
    private static IEnumerable<(Variant Variant, PretrainSpec Spec)> Pretrained(StudyResults results, IReadOnlyList<Variant> variants) =>
        from variant in variants
        let student = results.Study.Tasks.Select(task => variant.Run(task, 1)).OfType<StudentFineTuneSpec>().FirstOrDefault()
        where student is not null
        select (variant, (PretrainSpec)student.Student);

    private static IReadOnlyList<Cell> PretrainingCells(StudyResults results, Variant variant, PretrainSpec spec, FinishedRun run)
    {
        var signature = SignatureParts.Join(
            variant.Who!, results.Study.Setting, results.Profile, $"seed {spec.Seed}",
            $"{run.Manifest.Environment.Device} {spec.Recipe.Training.Precision.Word()}", run.Manifest.Machine, SignatureParts.Runs([run]));
        Cell Measured(IReadOnlyDictionary<string, double> values, string name, double scale = 1) =>
            values.TryGetValue(name, out var value) ? new Cell(NumberText.Of(value * scale), signature, CellKind.Measured) : new Cell("");
        var (facts, measurements) = (run.Result.Facts, run.Manifest.Measurements);
        return
        [
            Measured(facts, "steps"), Measured(facts, "tokens"), .. Terms.Select(term => Measured(facts, term)),
            Measured(measurements, MeasurementNames.TokensPerSecond),
            Measured(measurements, MeasurementNames.PeakMemory, 1.0 / Mebibyte),
        ];
    }
}
