using Replication.Bert.Distil;
using Replication.Distillation;
using Replication.Runs;
using Replication.Studies;
using Replication.Training;

namespace Replication.DistilBERT.Tests;

/// <summary>Which runs each profile asks for.</summary>
public sealed class ExperimentsTests
{
    private static IReadOnlyList<PlannedRun> Planned(ExperimentRequest request) =>
        Plan.Build(new DistilBertPaper().Experiments(request)).Runs;

    private static IReadOnlyList<PlannedRun> Planned(Profile profile) => Planned(new ExperimentRequest { Profile = profile });

    // Quick: timing, two pretrainings, a fine-tuning of each, a teacher.
    // Small: timing, six pretrainings, 4 teachers, 3 seeds of the student on 4 tasks, of five variants on 2, and of (D) on one.
    // Paper: timing, six pretrainings, 9 x 5 teachers, 6 x 9 x 5 students, 5 of (D).
    [TestCase(Profile.Quick, 1 + 2 + 2 + 1)]
    // Both: Table 2 with a teacher and a student on IMDb and SQuAD, and (D) on SQuAD.
    [TestCase(Profile.Small, 1 + 6 + 4 + (3 * 4) + (3 * 5 * 2) + 3 + (2 * (1 + 3)) + 3)]
    [TestCase(Profile.Paper, 1 + 6 + 45 + 270 + 5 + (2 * (5 + 5)) + 5)]
    public void Of_EachProfile_AsksForItsRuns(Profile profile, int runs) => Assert.That(Planned(profile), Has.Count.EqualTo(runs));

    [Test]
    public void Of_PaperProfile_FineTunesAsTheAuthorsExampleFromTheTeachersOfOtherPapers()
    {
        var runs = Planned(Profile.Paper).Select(run => run.Spec).ToList();
        Assert.That(
            runs.OfType<StudentFineTuneSpec>().Where(run => run.Selection.Task != "IMDb").Select(run => run.Recipe),
            Has.All.EqualTo(StandardRecipes.Example));
        Assert.That(
            runs.OfType<FineTuneSpec>().Single(run => (run.Selection.Task, run.Seed) == ("RTE", 1)).SpecKey(),
            Is.EqualTo(new FineTuneSpec
            {
                Selection = new TaskSelection { Task = "RTE" }, BaseModel = "bert-base-uncased", Recipe = StandardRecipes.Example, Seed = 1,
            }.SpecKey()));
    }

    [Test]
    public void Of_EachProfile_NamesItsRunsApart([Values(Profile.Quick, Profile.Small)] Profile profile) =>
        Assert.That(Planned(profile).Select(r => r.Spec.Describe()), Is.Unique);

    [Test]
    public void Of_SmallProfile_PretrainsEveryVariantForAsManyStepsOnTheSameText()
    {
        var pretrainings = Planned(Profile.Small).Select(r => r.Spec).OfType<PretrainSpec>().ToList();
        Assert.That(pretrainings.Select(p => p.SpecKey()), Is.Unique);
        Assert.That(
            pretrainings.Select(p => (p.Recipe.Steps, p.Corpus, p.Seed, p.Recipe.Training.BatchSize)).Distinct().Count(), Is.EqualTo(1));
    }

    [Test]
    public void Of_QuickProfile_IsAPartOfTheSmallOneButForTheTiming()
    {
        var small = Planned(Profile.Small).Select(r => r.SpecKey).ToHashSet();
        Assert.That(Planned(Profile.Quick).Where(r => !small.Contains(r.SpecKey)).Select(r => r.Spec), Has.All.InstanceOf<SpeedSpec>());
    }

    // Table 3: the timing. Table 4: six pretrainings, two teachers, three seeds of six students on two tasks. A claim: teacher and both
    // sides on one task.
    [TestCase("3", null, 1)]
    [TestCase("4", null, 6 + 2 + (3 * 6 * 2))]
    [TestCase(null, "distilbert.order.second-distillation", 1 + 1 + (3 * 2))]
    [TestCase(null, "distilbert.table3.speedup", 1)]
    public void Of_OneTableOrClaim_IsWhatItNeeds(string? table, string? claim, int runs) =>
        Assert.That(Planned(new ExperimentRequest { Profile = Profile.Small, Table = table, Claim = claim }), Has.Count.EqualTo(runs));

    [Test]
    public void Declared_Table2_IsDistilledOnSquadAndReadsWholeReviews()
    {
        var request = new ExperimentRequest { Profile = Profile.Small };
        var runs = new DistilBertPaper().Declared(request).ToDictionary(run => run.Identity, run => run);
        var twice = (QuestionAnsweringSpec)runs[new RunIdentity("DistilBERT (D)", "SQuAD-1.1", 2)].Spec;
        var review = (StudentFineTuneSpec)runs[new RunIdentity("DistilBERT", "IMDb", 1)].Spec;
        Assert.That((twice.Start, twice.Teacher, twice.SoftWeight, twice.Soft.Temperature),
            Is.EqualTo((review.Student, runs[new RunIdentity("teacher", "SQuAD-1.1", 1)].Spec, 0.5, 2.0)));
        Assert.That((review.Recipe.MaxLength, review.TaskTeacher), Is.EqualTo((512, (RunSpec?)null)));
        Assert.That(
            runs.Values.Where(run => run.IsOptional).Select(run => run.Identity.Task).Distinct(),
            Is.EqualTo((string[])["IMDb", "SQuAD-1.1"]));
        Assert.That(
            new DistilBertPaper().Declared(request with { Table = "2" }).Where(run => run.IsOptional), Is.Empty,
            "who names the table wants it");
    }

    [Test]
    public void Declared_SmallProfile_NamesEachRunByVariantTaskAndReplicate()
    {
        var named = new DistilBertPaper().Declared(new ExperimentRequest { Profile = Profile.Small }).Select(run => run.Identity).ToList();
        Assert.That(
            named,
            Is.Unique.And.Contains(
                new RunIdentity("DistilBERT (D)", "SST-2", 3)).And.Contains(new RunIdentity("without L_ce", "STS-B", 1)));
    }

    [Test]
    public void Of_ReferenceProfile_IsRefused() =>
        Assert.That(() => Planned(Profile.Reference), Throws.TypeOf<ReplicationException>().With.Message.Contains("no reference profile"));

    [Test]
    public void Of_UsersWishes_ReplaceTheProfiles()
    {
        var runs = Planned(new ExperimentRequest { Profile = Profile.Small, Seeds = 2, Tasks = ["rte", "sst2"], Corpus = "text.txt" });
        var students = runs.Select(r => r.Spec).OfType<StudentFineTuneSpec>().ToList();
        Assert.That(students.Select(s => s.Selection.Task).Distinct(), Is.EquivalentTo(new[] { "RTE", "SST-2" }));
        Assert.That(students.Select(s => s.Seed).Max(), Is.EqualTo(2));
        Assert.That(runs.Select(r => r.Spec).OfType<PretrainSpec>().Select(p => p.Corpus.Name), Has.All.EqualTo("user"));
        Assert.That(runs.Select(r => r.Spec).OfType<FineTuneSpec>().ToList(), Has.Count.EqualTo(2));
    }

    [TestCase(0)]
    [TestCase(101)]
    public void Of_SeedsOutOfRange_AreRefused(int seeds) => Assert.That(
        () => Planned(new ExperimentRequest { Profile = Profile.Quick, Seeds = seeds }),
        Throws.TypeOf<ReplicationException>().With.Message.Contains("between 1 and 100"));

    [TestCase(Fidelity.Paper, StudentStart.EverySecond, true, SoftDivergence.CrossEntropy, 0)]
    [TestCase(Fidelity.Default, StudentStart.EverySecond, true, SoftDivergence.KullbackLeibler, 0.7)]
    [TestCase(Fidelity.Official, StudentStart.OfficialCode, false, SoftDivergence.KullbackLeibler, 0.7)]
    public void Of_Fidelity_ReachesThePretraining(
        Fidelity fidelity, StudentStart start, bool copiesTransform, SoftDivergence divergence, double smoothing)
    {
        var recipe = DistilBertProfile.Of(new ExperimentRequest { Profile = Profile.Quick, Fidelity = fidelity }).Pretraining;
        Assert.That(
            (recipe.Start, recipe.CopyTransform, recipe.Loss.Divergence, recipe.Masking.Smoothing),
            Is.EqualTo((start, copiesTransform, divergence, smoothing)));
        Assert.That((recipe.Steps, recipe.Training.BatchSize), Is.EqualTo(((int?)80, 32)), "the budget is the profile's");
    }
}
