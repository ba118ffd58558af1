using Replication.Bert;
using Replication.Bert.SubNetworks;
using Replication.Claims;
using Replication.Glue;
using Replication.Runs;
using Replication.Studies;

namespace Replication.DynaBERT;

/// <summary>DynaBERT: Dynamic BERT with Adaptive Width and Depth. What is compared with what.</summary>
public sealed class DynaBertPaper() : StudyPaper(
    "DynaBERT",
    "DynaBERT: Dynamic BERT with Adaptive Width and Depth",
    "Hou, Huang, Shang, Jiang, Chen and Liu, NeurIPS 2020, doi:10.48550/arXiv.2004.04037",
    Fidelity.Paper, Fidelity.Official), ISubNetworkPaper
{
    private const string Scores = "Table 1", Ablations = "Ablations";

    /// <inheritdoc/>
    public override PublishedCells Published => field ??= Sizes.WithFigure(base.Published);

    /// <inheritdoc/>
    public override PublishedCost PublishedCost => new("The authors trained on one V100; how long is not said.");

    /// <inheritdoc/>
    public override IReadOnlyList<RunSpec> Smoke(string model, Precision precision) => Extras.Smoke(model, precision);

    /// <inheritdoc/>
    public IReadOnlyList<SubNetworkCost> Costs(TrainedNetwork network) =>
        TrainedFamily.Open(network).Costs(Declare(network.Request).MainColumn(GlueTasks.Parse(network.Task)));

    /// <inheritdoc/>
    public string Export(TrainedNetwork network, double width, double depth, CutHeads cut, string folder) =>
        TrainedFamily.Open(network).Export(width, depth, cut, folder);

    /// <inheritdoc/>
    public override Study Declare(ExperimentRequest request)
    {
        var profile = DynaBertProfile.Of(request);
        var pipeline = new Pipeline(profile);

        // Table 1: the fine-tuned teacher, and the twelve sub-networks whose scores one run holds.
        var teacher = new Variant("teacher", profile.FineTuned)
        {
            Published = "BERT_BASE", Who = "fine-tuned teacher", Replicates = profile.IsWhole ? null : 1,
        };
        var whole = Mean("DynaBERT", Sizes.All, pipeline.Final);
        (SubNetwork Part, Variant Variant)[] sized = [.. Sizes.All.Select(part => (part, One(whole, part)))];
        Variant[] twelve = [.. sized.Select(size => size.Variant)];

        // What each part of the method is worth: stage 1 at its four widths, stage 2 at its twelve sizes.
        var widths = Mean("DynaBERT_W", Sizes.Widths, pipeline.Width);
        var noRewiring = OfAblated("without rewiring", Sizes.Widths, (pipeline with { Rewires = false }).Width);
        var noDistillation = OfAblated("without distillation and augmentation", Sizes.Widths, (pipeline with { Distils = false }).Width);
        var vanilla = OfAblated("vanilla DynaBERT_W", Sizes.Widths, (pipeline with { Rewires = false, Distils = false }).Width);
        var noFinal = Mean("without final fine-tuning", Sizes.All, pipeline.Depth);
        (SubNetwork Part, Variant Variant)[] alone = [.. DynaBertProfile.ThreeSizes.Select(Sizes.Of).Select(part => (
            part, OfAblated($"alone, {part.Name}", [part], (task, replicate) => pipeline.Alone(task, replicate, part))))];

        // And what explains it: each half of what stage 1 adds, the whole network without all of it, and the paper's baseline.
        var noAugmentation = OfAblated("without augmentation", Sizes.Widths, (pipeline with { Augments = false }).Width);
        var vanilla12 = OfAblated("vanilla DynaBERT", Sizes.All, (pipeline with { Rewires = false, Distils = false }).Depth);
        (SubNetwork Part, Variant Variant)[] separate = [.. alone.Select(a => (
            a.Part, OfAblated($"separate, {a.Part.Name}", [a.Part], (task, replicate) => pipeline.Separate(task, replicate, a.Part))))];

        return new Study(this, request, profile)
        {
            Teacher = teacher,
            MainTable = Scores,
            Setting = SignatureParts.Teacher(profile.Teacher, profile.IsWhole),
            Needs = "Needs BERT-base and a GPU: ./reproduce.ps1 dynabert --profile paper.",
            Tables =
            [
                new ScoreTable(Scores, "Twelve sub-networks on GLUE's dev sets", [teacher, .. twelve])
                {
                    Caption = "After the final fine-tuning.",
                    KeptOf = teacher,
                    Claimed = [teacher, .. twelve, .. Extras.Roberta(Published, Scores)],
                    NamesMetric = false,
                    NamesVariants = false,
                },
                Sizes.Table(pipeline.Speed),
                new ScoreTable(
                    Ablations, Ablations,
                    [
                        widths, vanilla, noRewiring, noDistillation, .. Explained(noAugmentation), whole, noFinal, .. Explained(vanilla12),
                        .. alone.Zip(separate).SelectMany(
                            pair => (Variant[])[One(whole, pair.First.Part), pair.First.Variant, .. Explained(pair.Second.Variant)]),
                    ])
                {
                    Caption = "Rows of DynaBERT_W: the mean over its four widths at full depth, before stage 2. DynaBERT: the mean over "
                        + "all twelve. A network alone: its own size, beside that size of DynaBERT. The paper's own tables are not at "
                        + "hand.",
                    Tasks = profile.Ablated,
                    Claimed = [],
                    NamesVariants = false,
                },
                Extras.Exports(pipeline),
                StepCost.Table(pipeline.StepCost),
            ],
            Orders =
            [
                Helps(widths, noRewiring, "rewiring",
                    "Rewiring helps: DynaBERT_W beats the same network without it, on average over the widths.") with { IsPrimary = true },
                Helps(widths, noDistillation, "distillation",
                    "Distillation and augmentation help: DynaBERT_W beats the same network trained on the labels of the original rows.")
                    with { IsPrimary = true },
                Helps(widths, vanilla, "vanilla", "Rewiring, distillation and augmentation together beat vanilla DynaBERT_W."),
                Helps(whole, noFinal, "final-fine-tuning", "The final fine-tuning helps, on average over the twelve sub-networks.")
                    with { IsPrimary = true },
                Keeps(0.5, 1, "half-width", "At half the width and full depth"),
                Keeps(0.25, 0.5, "smallest", "At a quarter of the width and half the depth"),
                Alone(alone, "alone",
                    "A sub-network is better than a network of its size that was trained alone, on average over three sizes.")
                    with { IsPrimary = true },
                .. Explained(
                    Helps(noAugmentation, noDistillation, "distillation-alone", "Distillation helps on the original rows alone."),
                    Helps(widths, noAugmentation, "augmentation", "Augmentation helps what is distilled."),
                    Helps(noFinal, vanilla12, "vanilla-depth", "DynaBERT beats vanilla DynaBERT over all widths and depths."),
                    Alone(separate, "separate", "A sub-network is better than a network of its size that was fine-tuned alone.")),
            ],
            Exact =
            [
                new ExactClaim(
                    "sub-networks", "Section 2", "One network holds twelve sub-networks: four widths times three depths.", 12,
                    Sizes.All.Select(part => (part.Heads, part.Neurons, string.Join(' ', part.Layers))).Distinct().Count(),
                    "sub-networks", "BERT-base geometry | counted"),
                Layers("three-quarters", 0.75, [1, 2, 4, 5, 6, 8, 9, 10, 12]),
                Layers("half", 0.5, [2, 4, 6, 8, 10, 12]),
            ],
            Figures = results => Figures.Of(results, pipeline, teacher, sized, alone),
            Summary = Extras.Summary(request, profile),
            Deviations = Extras.Deviations(request, profile),
        };

        Variant OfAblated(string name, IReadOnlyList<SubNetwork> parts, Func<GlueTask, int, DynaBertSpec?> run) =>
            Mean(name, parts, (task, replicate) => profile.Ablated.Contains(task) ? run(task, replicate) : null);

        // Of profiles with whole replicates; what the pilots committed has no such arms.
        IEnumerable<T> Explained<T>(params T[] arms) => profile.IsWhole ? arms : [];

        Order Alone((SubNetwork Part, Variant Variant)[] others, string id, string statement) => new(
            id, statement, [.. others.Select(size => One(whole, size.Part))], [.. others.Select(size => size.Variant)])
        {
            Table = "no published order at hand",
            Confidence = Confidence.Sourced1,
            What = $"DynaBERT minus {id}, mean over 3 sizes",
        };

        // Of the ablations one review tells the order in words; the tables are not at hand.
        static Order Helps(Variant better, Variant worse, string id, string statement) =>
            better.Beats(worse, id, statement) with { Confidence = Confidence.Sourced1 };

        Order Keeps(double width, double depth, string id, string size)
        {
            var part = One(whole, Sizes.Of((width, depth)));
            return Order.Keeps(
                $"kept-{id}", $"{size} DynaBERT keeps at least the share of its teacher's score that Table 1 shows for the task.",
                part, teacher,
                column => Published.Share(Scores, part.Published!, teacher.Published!, column.Published, column.PublishedMetric));
        }
    }

    // The runs' score is the mean over some of the sub-networks that they hold.
    private static Variant Mean(string name, IReadOnlyList<SubNetwork> parts, Func<GlueTask, int, DynaBertSpec?> run) => new(name, run)
    {
        Reads = split => [.. parts.Select(part => SubNetwork.ScoreName(split, part.Width, part.Depth))],
        Who = parts.Count == 1 ? name : $"{name}, mean over {parts.Count}",
    };

    // The same runs as the row of one of their sub-networks.
    private static Variant One(Variant network, SubNetwork part) => network.As(Sizes.ModelName(part)) with
    {
        Reads = split => [SubNetwork.ScoreName(split, part.Width, part.Depth)],
        Who = $"{network.Name} {part.Name}, finally fine-tuned",
    };

    private static ExactClaim Layers(string id, double depth, int[] published)
    {
        var kept = KeptLayers.Of(12, depth, DepthRule.Paper);
        return new ExactClaim(
            $"layers.{id}", "Section 2", FormattableString.Invariant($"At m_d={depth} layers {string.Join(", ", published)} of 12 stay."),
            published.Length, kept.Intersect(published).Count(), "layers alike", $"kept layers {string.Join(' ', kept)}");
    }
}
