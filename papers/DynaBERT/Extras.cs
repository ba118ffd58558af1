using Replication.Bert;
using Replication.Bert.SubNetworks;
using Replication.Claims;
using Replication.Glue;
using Replication.Measurements;
using Replication.Runs;
using Replication.Studies;
using Replication.Training;

namespace Replication.DynaBERT;

/// <summary>What only this paper has: the table of exported folders, its smoke test, and the words of its report.</summary>
internal static class Extras
{
    /// <summary>The rows of a published table that take another model than BERT.</summary>
    public static IEnumerable<Variant> Roberta(PublishedCells cells, string table) => cells.Models(table)
        .Where(model => model.Contains("RoBERTa", StringComparison.Ordinal))
        .Select(model => Variant.Cited(model, "Needs RoBERTa-base and its tokenizer, which this suite does not have."));

    /// <summary>Exported folders: parameters and latency of both forms, and so what the form for transformers 5 costs.</summary>
    /// <param name="pipeline">Names the timings; that of the teacher's geometry is the figures'.</param>
    public static OwnTable Exports(Pipeline pipeline) => new("Exported folders", results =>
    {
        var (spec, geometry) = (pipeline.Exported, PretrainedModels.Geometry(pipeline.Profile.Teacher));
        var what = $"{spec.BaseModel} geometry, random weights, models of their own";
        if (Timing.Of(results.Find(spec), spec.Protocol, what) is not { } timing)
            return null;
        Cell Time(string name) => Measured(timing.Report.PassSeconds(name).Times(1000), timing.Signature);
        Cell Millions(SubNetwork part, CutHeads cut) =>
            new(NumberText.Of(TradeOffs.MillionParameters(part.Config(geometry, cut))), "counted from the geometry", CellKind.Measured);
        return new ReportTable(
            "exports",
            "Exported folders",
            $"Model folders of three sizes at {spec.BaseModel}'s geometry, timed side by side: one sequence of {spec.Protocol.Length} "
                + "tokens, median of the rounds. transformers 4 reads the folder without the cut heads; for transformers 5, which prunes "
                + "none, they stay as zeros: same outputs, at the price that the last columns show.",
            ["m_w", "m_d", "Parameters (M)", "Latency (ms)", "Parameters (M), transformers 5", "Latency (ms), transformers 5"],
            [
                [
                    new Cell("1"), new Cell("1"), Millions(SubNetwork.Of(geometry, 1, 1), CutHeads.Removed), Time(ExportSpeedSpec.Whole),
                    new Cell(""), new Cell(""),
                ],
                .. spec.Parts(geometry).Select(part => (IReadOnlyList<Cell>)
                [
                    new Cell(NumberText.Of(part.Width)), new Cell(NumberText.Of(part.Depth)),
                    .. Enum.GetValues<CutHeads>().SelectMany(cut => (Cell[])[Millions(part, cut), Time(ExportSpeedSpec.NameOf(part, cut))]),
                ]),
            ]);
    }) { Specs = [pipeline.Exported, pipeline.TeacherSpeed] };

    /// <summary>What a profile is, in two sentences.</summary>
    public static IReadOnlyList<string> Summary(ExperimentRequest request, DynaBertProfile profile) =>
    [
        "DynaBERT trains one network from which twelve smaller ones can be cut, of four widths and three depths; "
            + $"here from {profile.Teacher} on {string.Join(", ", profile.Tasks)}.",
        Sentences.Scores(
            request, "Scores are of the dev sets, as the paper's are.",
            "sizes, speed-ups, the share of the teacher's score that is kept and the order of the ablations"),
    ];

    /// <summary>In what a profile differs from the paper, a sentence each.</summary>
    public static IReadOnlyList<string?> Deviations(ExperimentRequest request, DynaBertProfile profile)
    {
        var (epochs, recipe, paper) = (profile.Epochs, profile.Recipe, DynaBertProfile.Of(Profile.Paper));
        var newRows = paper.Augmentation!.RowsPerRow;
        var words = profile.Glove is null
            ? "words of several pieces, for which its program uses word vectors, stay as they are"
            : "words of several pieces take their nearest word vectors";
        return
        [
            Sentences.Teacher(request, profile.Teacher),
            profile.Rows.Deviation("The teachers of "),
            profile is { SentenceRows: { } single, PairRows: { } pairs }
                ? $"The network is trained on the first {single} rows of a task of single sentences and {pairs} of a task of pairs." : null,
            profile.Augmentation?.RowsPerRow switch
            {
                null => "The training set is not augmented; the paper augments it in both distillation stages.",
                var count when count == newRows => $"Stages 1 and 2 train on rows augmented {count} times, as TinyBERT's are; {words}.",
                var count => $"Stages 1 and 2 train on rows augmented {count} time{(count == 1 ? "" : "s")} where TinyBERT's augmentation, "
                    + $"which the paper takes, makes {newRows}; {words}.",
            },
            request.Fidelity == Fidelity.Official
                ? "This is the method as the authors' program has it, where it differs from the paper: the README lists the differences."
                : null,
            request.IsPapersOwn ? null
                : $"Stages take {epochs.Width}, {epochs.Depth} and {epochs.Final} epochs at a rate of "
                    + $"{Sentences.Rate(recipe.LearningRate)} where the authors' commands take {paper.Epochs.Width} each at "
                    + $"{Sentences.Rate(paper.Recipe.LearningRate)}.",
            recipe.KeepsBest
                ? "A stage ends with the weights that have the best sum of dev scores over the sub-networks, as in the authors' program, "
                    + $"of {recipe.EvaluationsPerEpoch} evaluations an epoch; dev scores flatter them a little."
                : "The last weights of a stage are taken; the authors' program keeps those with the best sum of dev scores over the "
                    + "sub-networks.",
            "Heads and neurons are ranked by importance on the dev set with its labels, as in the paper, so that dev scores flatter every "
                + "rewired network a little.",
            "DynaRoBERTa is not run: it needs RoBERTa-base and its tokenizer.",
        ];
    }

    /// <summary>The paper profile's kinds of run, four steps each, on the longest rows of the repository (RTE's), not augmented.</summary>
    public static IReadOnlyList<RunSpec> Smoke(string model, Precision precision)
    {
        var request = new ExperimentRequest { Profile = Profile.Paper, Teacher = model, Precision = precision };
        var pipeline = new Pipeline(DynaBertProfile.Of(request) with { Augmentation = null });
        var rows = SmokeTest.Rows;
        TrainingRecipe Short(TrainingRecipe recipe) => recipe with { MaxSteps = SmokeTest.Steps };
        DynaBertSpec Stage(DynaBertSpec stage, RunSpec start, RunSpec? teacher) =>
            stage with { Selection = rows, Recipe = Short(stage.Recipe), Start = start, Teacher = teacher };
        var whole = pipeline.Profile.FineTuned(GlueTasks.Rte);
        var teacher = whole with { Selection = rows, Recipe = Short(whole.Recipe) };
        var width = Stage(pipeline.Width(GlueTasks.Rte, 1), teacher, teacher);
        var depth = Stage(pipeline.Depth(GlueTasks.Rte, 1), width, width);
        return [teacher, width, depth, Stage(pipeline.Final(GlueTasks.Rte, 1), depth, null)];
    }

    /// <summary>A median with its spread.</summary>
    public static Cell Measured(Spread value, string signature) =>
        new(NumberText.Of(value.Median, value.Mad), signature, CellKind.Measured);
}
