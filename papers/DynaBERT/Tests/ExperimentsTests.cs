using Replication.Bert.SubNetworks;
using Replication.Glue;
using Replication.Runs;
using Replication.Studies;
using Replication.Training;

namespace Replication.DynaBERT.Tests;

/// <summary>Which runs each profile asks for.</summary>
public sealed class ExperimentsTests
{
    private static DynaBertProfile Of(Profile profile, Fidelity fidelity = Fidelity.Default) =>
        DynaBertProfile.Of(new ExperimentRequest { Profile = profile, Fidelity = fidelity });

    private static IReadOnlyList<RunSpec> Plan(ExperimentRequest request) =>
        [.. Runs.Plan.Build(new DynaBertPaper().Experiments(request)).Runs.Select(run => run.Spec)];

    // DynaBERT_W, DynaBERT and the finally fine-tuned network of the first replicate.
    private static (DynaBertSpec Width, DynaBertSpec Depth, DynaBertSpec Final) Stages(DynaBertProfile profile)
    {
        var pipeline = new Pipeline(profile);
        return (pipeline.Width(GlueTasks.Sst2, 1), pipeline.Depth(GlueTasks.Sst2, 1), pipeline.Final(GlueTasks.Sst2, 1));
    }

    // Quick: the cost of a step, three timings, a teacher, augmented rows, three stages.
    // Small, a task: a teacher, augmented rows, three stages of three seeds; two of them also three ablations and three networks alone (two
    // stages) of three seeds. Paper, a task: a teacher, augmented rows, three stages, three ablations, three networks alone; without
    // augmentation, vanilla DynaBERT, three separate networks.
    [TestCase(Profile.Quick, 4 + 5)]
    [TestCase(Profile.Small, 4 + (3 * 11) + (2 * 27))]
    [TestCase(Profile.Paper, 3 + (8 * (14 + 5)))]
    public void Experiments_EachProfile_AsksForItsRuns(Profile profile, int runs) =>
        Assert.That(Plan(new ExperimentRequest { Profile = profile }), Has.Count.EqualTo(runs));

    [Test]
    public void Experiments_EachProfile_NamesItsRunsApart([Values(Profile.Quick, Profile.Small)] Profile profile) =>
        Assert.That(Plan(new ExperimentRequest { Profile = profile }).Select(spec => spec.Describe()), Is.Unique);

    [Test]
    public void Declared_EachRun_IsFoundByVariantTaskAndReplicate()
    {
        var declared = new DynaBertPaper().Declared(new ExperimentRequest { Profile = Profile.Small });
        var trained = declared.Where(run => run.Spec is DynaBertSpec).ToList();
        Assert.That(trained.Select(run => run.Identity), Is.Unique);
        Assert.That(
            trained.Single(run => run.Identity == new RunIdentity("DynaBERT", "SST-2", 2)).Spec.SpecKey(),
            Is.EqualTo(new Pipeline(Of(Profile.Small)).Final(GlueTasks.Sst2, 2).SpecKey()));
    }

    [TestCase("1", new[] { "teacher", "DynaBERT" })]
    public void Declared_OneTable_IsWhatItNeeds(string table, string[] variants)
    {
        var declared = new DynaBertPaper().Declared(new ExperimentRequest { Profile = Profile.Small, Table = table });
        Assert.That(declared.Select(run => run.Identity.Variant).Distinct(), Is.EquivalentTo(variants));
    }

    [TestCase("dynabert.order.rewiring", new[] { "teacher", "DynaBERT_W", "without rewiring" })]
    [TestCase("dynabert.order.kept-smallest", new[] { "teacher", "DynaBERT" })]
    [TestCase("dynabert.parameters.w05-d10", new[] { "latency of 12 sub-networks of BERT-base" })]
    public void Declared_OneClaim_IsWhatItNeeds(string claim, string[] variants)
    {
        var declared = new DynaBertPaper().Declared(new ExperimentRequest { Profile = Profile.Small, Claim = claim });
        Assert.That(declared.Select(run => run.Identity.Variant).Distinct(), Is.EquivalentTo(variants));
    }

    [Test]
    public void Stages_OneAfterTheOther_StandOnEachOther()
    {
        var teacher = Of(Profile.Quick).FineTuned(GlueTasks.Sst2);
        var (width, depth, final) = Stages(Of(Profile.Quick));
        Assert.Multiple(() =>
        {
            Assert.That(
                (width.Start, width.Teacher, width.TeacherWidth), Is.EqualTo(((RunSpec)teacher, (RunSpec?)teacher, TeacherWidth.Full)));
            Assert.That(
                (depth.Start.SpecKey(), depth.Teacher!.SpecKey(), depth.TeacherWidth),
                Is.EqualTo((width.SpecKey(), width.SpecKey(), TeacherWidth.SameAsStudent)));
            Assert.That(
                (final.Start.SpecKey(), final.Teacher, final.Loss), Is.EqualTo((depth.SpecKey(), (RunSpec?)null, (DistillationLoss?)null)));
            Assert.That(
                (width.Rewiring, depth.Rewiring, final.Rewiring),
                Is.EqualTo(
                    ((ImportanceGradients?)ImportanceGradients.ZeroedEachBatch, (ImportanceGradients?)null, (ImportanceGradients?)null)));
            Assert.That((width.Widths.Count * width.Depths.Count, final.Widths.Count * final.Depths.Count), Is.EqualTo((4, 12)));
        });
    }

    [Test]
    public void Stages_Augmentation_IsInBothDistillationStagesAlone()
    {
        var (width, depth, final) = Stages(Of(Profile.Small));
        DynaBertSpec Ablation(bool rewires, bool distils) =>
            new Pipeline(Of(Profile.Small)) { Rewires = rewires, Distils = distils }.Width(GlueTasks.Sst2, 1);
        Assert.Multiple(() =>
        {
            Assert.That(width.Augmentation, Is.Not.Null.And.EqualTo(depth.Augmentation));
            Assert.That(width.Augmentation!.Selection, Is.EqualTo(width.Selection));
            Assert.That(width.Needs(), Does.Contain(width.Augmentation));
            Assert.That(final.Augmentation, Is.Null);
            Assert.That(Ablation(rewires: false, distils: true).Augmentation, Is.EqualTo(width.Augmentation));
            Assert.That(Ablation(rewires: true, distils: false).Augmentation, Is.Null);
            Assert.That(
                Ablation(rewires: false, distils: false).SpecKey(),
                Is.EqualTo((Ablation(rewires: true, distils: false) with { Rewiring = null }).SpecKey()));
        });
    }

    [Test]
    public void Profile_LabelsAlone_TakeAsManySteps([Values(Profile.Quick, Profile.Small)] Profile profile)
    {
        var settings = DynaBertProfile.Of(profile);
        Assert.That(settings.Epochs.Labels, Is.EqualTo(settings.Epochs.Width * (1 + settings.Augmentation!.RowsPerRow)));
    }

    [Test]
    public void Profile_OfficialFidelity_IsTheAuthorsProgram()
    {
        var profile = Of(Profile.Quick, Fidelity.Official);
        var (width, depth, _) = Stages(profile);
        Assert.That(profile.Switches, Is.EqualTo(Switches.OfficialCode));
        Assert.That(
            (width.Rule, width.Rewiring, depth.TeacherWidth),
            Is.EqualTo((DepthRule.OfficialCode, (ImportanceGradients?)ImportanceGradients.CarriedOver, TeacherWidth.Full)));
        Assert.That(width.Loss, Is.Not.Null, "the rows are augmented, and so its stage 1 distils");
        Assert.That(Stages(profile with { Augmentation = null }).Width.Loss, Is.Null, "without augmented rows it learns from the labels");
    }

    [TestCase(Fidelity.Official, "CoLA", true, 30, false)]
    [TestCase(Fidelity.Official, "MNLI", true, 10, false)]
    [TestCase(Fidelity.Default, "CoLA", false, 20, false)]
    [TestCase(Fidelity.Paper, "CoLA", false, 20, true)]
    public void Width_NewRows_AreTinyBertsProgramsInTheOfficialForm(Fidelity fidelity, string task, bool official, int rows, bool inTurn)
    {
        var settings = new Pipeline(Of(Profile.Paper, fidelity)).Width(GlueTasks.Parse(task), 1).Augmentation!.Settings;
        Assert.That((settings.OfficialCode, settings.RowsPerRow, settings.IsInTurn), Is.EqualTo((official, rows, inTurn)));
    }

    [Test]
    public void Width_OfficialFormInAShortBudget_KeepsTheBudgetsNewRows() =>
        Assert.That(Stages(Of(Profile.Small, Fidelity.Official)).Width.Augmentation!.Settings.RowsPerRow, Is.EqualTo(1));

    [Test]
    public void Evidence_ArmsThatExplain_TakeAsManyStepsAsWhatTheyAreComparedWith()
    {
        var (pipeline, part) = (new Pipeline(Of(Profile.Evidence)), Sizes.Of((0.5, 0.5)));
        var multiple = 1 + Of(Profile.Evidence).Augmentation!.RowsPerRow;
        int Passes(DynaBertSpec run) => run.Recipe.Epochs * (run.Augmentation is null ? 1 : multiple);
        var (width, noAugmentation) = (pipeline.Width(GlueTasks.Sst2, 1), (pipeline with { Augments = false }).Width(GlueTasks.Sst2, 1));
        Assert.That((noAugmentation.Teacher, noAugmentation.Loss, noAugmentation.Rewiring), Is.EqualTo(
            (width.Teacher, width.Loss, width.Rewiring)));
        Assert.That(
            (noAugmentation.Augmentation, Passes(noAugmentation)), Is.EqualTo(((Augmentation.AugmentationSpec?)null, Passes(width))));
        var vanilla = (pipeline with { Rewires = false, Distils = false }).Depth(GlueTasks.Sst2, 1);
        Assert.That((vanilla.Teacher, vanilla.Augmentation, vanilla.Depths.Count, Passes(vanilla)), Is.EqualTo(
            ((RunSpec?)null, (Augmentation.AugmentationSpec?)null, 3, Passes(pipeline.Depth(GlueTasks.Sst2, 1)))));
        var (alone, separate) = (pipeline.Alone(GlueTasks.Sst2, 1, part), pipeline.Separate(GlueTasks.Sst2, 1, part));
        Assert.That((separate.Teacher, separate.Rewiring, separate.Start.Kind), Is.EqualTo(
            ((RunSpec?)null, (ImportanceGradients?)null, "fine-tune")));
        Assert.That(Passes(separate), Is.EqualTo(Passes((DynaBertSpec)alone.Start) + Passes(alone)));
    }

    [TestCase(Profile.Small, false)]
    [TestCase(Profile.Evidence, true)]
    [TestCase(Profile.Paper, true)]
    public void Declare_OrdersOfTheArmsThatExplain_AreThoseOfProfilesThatRunThem(Profile profile, bool expected)
    {
        var orders = new DynaBertPaper().Declare(new ExperimentRequest { Profile = profile }).Orders.Select(order => order.Id);
        Assert.That(
            orders.Intersect(["distillation-alone", "augmentation", "vanilla-depth", "separate"]).Count(), Is.EqualTo(expected ? 4 : 0));
    }

    [Test]
    public void OfficialCode_EachPoint_DiffersFromThePaper()
    {
        var (paper, code) = (new Switches(), Switches.OfficialCode);
        Assert.That(
            new object[] { code.Rule, code.TeacherWidth, code.Importance, code.DistilsWithoutAugmentation, code.MatchesScores, code.Order,
                code.PadsToMaxLength },
            Is.EqualTo(
                new object[] { DepthRule.OfficialCode, TeacherWidth.Full, ImportanceGradients.CarriedOver, false, false,
                BatchOrder.Shuffled, true }));
        Assert.That(paper.Rule, Is.Not.EqualTo(code.Rule));
        Assert.That(Recipes.ImportanceBatch(code.Importance), Is.EqualTo(8), "the evaluation batches of its importance loop");
    }

    [Test]
    public void Key_Padding_IsInTheStagesOfTheOfficialFormAlone([Values(Fidelity.Default, Fidelity.Official)] Fidelity variant)
    {
        var runs = Plan(new ExperimentRequest { Profile = Profile.Small, Fidelity = variant });
        var stages = runs.OfType<DynaBertSpec>().ToList();
        var isOfficial = variant == Fidelity.Official;
        Assert.That(
            stages.Select(s => s.ToElement().GetProperty("recipe").TryGetProperty("padsToMaxLength", out _)), Has.All.EqualTo(isOfficial));
        Assert.That(stages.Select(s => s.Recipe.Order), Has.All.EqualTo(isOfficial ? BatchOrder.Shuffled : BatchOrder.Bucketed));
        Assert.That(runs.OfType<FineTuneSpec>().Select(t => t.Recipe.PadsToMaxLength), Has.All.False);
    }

    [Test]
    public void SpecKey_EachSwitch_ChangesIt()
    {
        var spec = Stages(Of(Profile.Quick)).Depth;
        DynaBertSpec[] variants =
        [
            spec,
            spec with { Start = spec.Start is DynaBertSpec start ? start with { Seed = 2 } : spec.Start },
            spec with { Teacher = null },
            spec with { Loss = DistillationLoss.Width },
            spec with { Loss = spec.Loss! with { MatchesScores = false } },
            spec with { TeacherWidth = TeacherWidth.Full },
            spec with { Rewiring = ImportanceGradients.CarriedOver },
            spec with { Widths = [1] },
            spec with { Depths = [1] },
            spec with { Rule = DepthRule.OfficialCode },
            spec with { Augmentation = null },
            spec with { Recipe = spec.Recipe with { Epochs = 9 } },
            spec with { Recipe = spec.Recipe with { PadsToMaxLength = true } },
            spec with { Seed = 2 },
            spec with { Selection = new TaskSelection { Task = "RTE" } },
        ];
        Assert.That(variants.Select(v => v.SpecKey()), Is.Unique);
        Assert.That((spec with { Stage = "another" }).SpecKey(), Is.EqualTo(spec.SpecKey()), "a stage's name decides nothing");
    }

    [Test]
    public void Of_ReferenceProfile_IsRefused() =>
        Assert.That(() => Of(Profile.Reference), Throws.TypeOf<ReplicationException>().With.Message.Contains("no reference profile"));

    [TestCase(0)]
    [TestCase(101)]
    public void Of_SeedsOutOfRange_AreRefused(int seeds) =>
        Assert.That(
            () => DynaBertProfile.Of(new ExperimentRequest { Profile = Profile.Quick, Seeds = seeds }),
            Throws.TypeOf<ReplicationException>().With.Message.Contains("between 1 and 100"));

    [Test]
    public void Of_WordVectors_ReachTheAugmentation()
    {
        var profile = DynaBertProfile.Of(new ExperimentRequest { Profile = Profile.Quick, Glove = "glove.txt" });
        Assert.That(Stages(profile).Width.Augmentation!.Glove, Is.EqualTo(Augmentation.GloveSource.OfUser("glove.txt")));
    }
}
