using Replication.Bert.SubNetworks;
using Replication.Glue;
using Replication.Runs;
using Replication.Studies;
using Replication.Training;

namespace Replication.DynaBERT.Tests;

/// <summary>Which runs each profile asks for.</summary>
public sealed class ExperimentsTests
{
    private static ExperimentSet Set(Profile profile, int? seeds = null, params string[] tasks) =>
        Experiments.Of(new ExperimentRequest { Profile = profile, Seeds = seeds, Tasks = tasks });

    private static IReadOnlyList<PlannedRun> Plan(ExperimentSet set) => Runs.Plan.Build(set.All()).Runs;

    // Quick: the cost of a step, three timings, a teacher, augmented rows, three stages.
    // Small, a task: a teacher, augmented rows, three stages of three seeds; two of them also three ablations and three networks alone (two stages) of three seeds.
    // Paper, a task: a teacher, augmented rows, three stages, three ablations, three networks alone.
    [TestCase(Profile.Quick, 4 + 5)]
    [TestCase(Profile.Small, 4 + (3 * 11) + (2 * 27))]
    [TestCase(Profile.Paper, 3 + (8 * 14))]
    public void Of_EachProfile_AsksForItsRuns(Profile profile, int runs) => Assert.That(Plan(Set(profile)), Has.Count.EqualTo(runs));

    [Test]
    public void Of_EachProfile_NamesItsRunsApart([Values(Profile.Quick, Profile.Small)] Profile profile) =>
        Assert.That(Plan(Set(profile)).Select(r => r.Spec.Describe()), Is.Unique);

    [Test]
    public void Of_Stages_StandOnEachOther()
    {
        var task = Set(Profile.Quick).Tasks[0];
        var (width, depth, final) = task.Seeds[0];
        Assert.Multiple(() =>
        {
            Assert.That((width.Start, width.Teacher, width.TeacherWidth), Is.EqualTo(((RunSpec)task.Teacher, (RunSpec?)task.Teacher, TeacherWidth.Full)));
            Assert.That((depth.Start, depth.Teacher, depth.TeacherWidth), Is.EqualTo(((RunSpec)width, (RunSpec?)width, TeacherWidth.SameAsStudent)));
            Assert.That((final.Start, final.Teacher, final.Loss), Is.EqualTo(((RunSpec)depth, (RunSpec?)null, (DistillationLoss?)null)));
            Assert.That((width.Rewiring, depth.Rewiring, final.Rewiring), Is.EqualTo(((ImportanceGradients?)ImportanceGradients.ZeroedEachBatch, (ImportanceGradients?)null, (ImportanceGradients?)null)));
            Assert.That((width.Widths.Count * width.Depths.Count, final.Widths.Count * final.Depths.Count), Is.EqualTo((4, 12)));
        });
    }

    [Test]
    public void Of_Augmentation_IsInBothDistillationStagesAlone()
    {
        var task = Set(Profile.Small).Tasks[0];
        var (width, depth, final) = task.Seeds[0];
        DynaBertSpec Ablation(string name) => task.Ablations.Single(a => a.Name == name).Runs[0];
        Assert.Multiple(() =>
        {
            Assert.That(width.Augmentation, Is.Not.Null.And.EqualTo(depth.Augmentation));
            Assert.That(width.Augmentation!.Selection, Is.EqualTo(width.Selection));
            Assert.That(width.Needs(), Does.Contain(width.Augmentation));
            Assert.That(final.Augmentation, Is.Null);
            Assert.That(Ablation(TaskPlanner.NoRewiring).Augmentation, Is.EqualTo(width.Augmentation));
            Assert.That(Ablation(TaskPlanner.NoDistillation).Augmentation, Is.Null);
            Assert.That(Ablation(TaskPlanner.Vanilla).SpecKey(), Is.EqualTo((Ablation(TaskPlanner.NoDistillation) with { Stage = TaskPlanner.Vanilla, Rewiring = null }).SpecKey()));
        });
    }

    [Test]
    public void Of_LabelsAlone_TakeAsManySteps([Values(Profile.Quick, Profile.Small)] Profile profile)
    {
        var settings = ProfileSettings.Of(profile);
        Assert.That(settings.LabelEpochs, Is.EqualTo(settings.WidthEpochs * (1 + settings.Augmentation!.RowsPerRow)));
    }

    [Test]
    public void Of_OfficialFidelity_IsTheAuthorsProgram()
    {
        var set = Experiments.Of(new ExperimentRequest { Profile = Profile.Quick, Fidelity = Fidelity.Official });
        var (width, depth, _) = set.Tasks[0].Seeds[0];
        Assert.That(set.Settings.Switches, Is.EqualTo(Switches.OfficialCode));
        Assert.That((width.Rule, width.Rewiring, depth.TeacherWidth), Is.EqualTo((DepthRule.OfficialCode, (ImportanceGradients?)ImportanceGradients.CarriedOver, TeacherWidth.Full)));
        Assert.That(width.Loss, Is.Not.Null, "the rows are augmented, and so its stage 1 distils");
    }

    [Test]
    public void OfficialCode_EachPoint_DiffersFromThePaper()
    {
        var (paper, code) = (Switches.Paper, Switches.OfficialCode);
        Assert.That(
            new object[] { code.Rule, code.TeacherWidth, code.Importance, code.DistilsWithoutAugmentation, code.MatchesScores, code.Order, code.PadsToMaxLength },
            Is.EqualTo(new object[] { DepthRule.OfficialCode, TeacherWidth.Full, ImportanceGradients.CarriedOver, false, false, BatchOrder.Shuffled, true }));
        Assert.That(paper.Rule, Is.Not.EqualTo(code.Rule));
        Assert.That(DevImportance.BatchSize(code.Importance), Is.EqualTo(8), "the evaluation batches of its importance loop");
    }

    [Test]
    public void Key_Padding_IsInTheStagesOfTheOfficialFormAlone([Values(Fidelity.Default, Fidelity.Official)] Fidelity variant)
    {
        var set = Experiments.Of(new ExperimentRequest { Profile = Profile.Small, Fidelity = variant });
        var stages = Plan(set).Select(run => run.Spec).OfType<DynaBertSpec>().ToList();
        var isOfficial = variant == Fidelity.Official;
        Assert.That(stages.Select(s => s.ToElement().GetProperty("recipe").TryGetProperty("padsToMaxLength", out _)), Has.All.EqualTo(isOfficial));
        Assert.That(stages.Select(s => s.Recipe.Order), Has.All.EqualTo(isOfficial ? BatchOrder.Shuffled : BatchOrder.Bucketed));
        Assert.That(set.Tasks.Select(t => t.Teacher).Cast<FineTuneSpec>().Select(t => t.Recipe.PadsToMaxLength), Has.All.False);
    }

    [Test]
    public void SpecKey_EachSwitch_ChangesIt()
    {
        var spec = Set(Profile.Quick).Tasks[0].Seeds[0].Depth;
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
    public void Of_ReferenceProfile_IsRefused() => Assert.That(() => Set(Profile.Reference), Throws.TypeOf<ReplicationException>().With.Message.Contains("quick, small or paper"));

    [TestCase(0)]
    [TestCase(101)]
    public void Of_SeedsOutOfRange_AreRefused(int seeds) =>
        Assert.That(() => Set(Profile.Quick, seeds), Throws.TypeOf<ReplicationException>().With.Message.Contains("between 1 and 100"));

    [Test]
    public void Of_WordVectors_ReachTheAugmentation()
    {
        var set = Experiments.Of(new ExperimentRequest { Profile = Profile.Quick, Glove = "glove.txt" });
        Assert.That(set.Tasks[0].Seeds[0].Width.Augmentation!.Glove, Is.EqualTo(Augmentation.GloveSource.OfUser("glove.txt")));
    }
}
