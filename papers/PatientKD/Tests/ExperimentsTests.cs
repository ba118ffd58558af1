using Replication.Glue;
using Replication.Runs;
using Replication.Studies;
using Replication.Training;

namespace Replication.PatientKD.Tests;

/// <summary>Which runs each profile asks for.</summary>
public sealed class ExperimentsTests
{
    private static IReadOnlyList<PlannedRun> Plan(Profile profile, int? seeds = null, params string[] tasks) =>
        Runs.Plan.Build(new PatientKdPaper().Experiments(new ExperimentRequest { Profile = profile, Seeds = seeds, Tasks = tasks })).Runs;

    // Quick: timing, teacher, four students.
    // Small, a task: two teachers (one has not seen the held-out rows), 3 + 2 grid points with their two choices, 4 students of 3 seeds.
    // Reference, a task: 3 teachers, 4 students of 3 seeds.
    // Paper, a task: teachers 3; BERT6 3 + 27 + 12 + 12; BERT3, of one map, 3 + 27 + 12; Table 5 3 + 27 + 27 + 12; a choice for each of
    // these twelve. The timing is in fp32 and, beside runs in bf16, in bf16 too.
    [TestCase(Profile.Quick, 2 + 5)]
    [TestCase(Profile.Small, 2 + 2 * 21)]
    [TestCase(Profile.Reference, 2 * 15)]
    [TestCase(Profile.Paper, 2 + 6 * (168 + 12))]
    public void Of_EachProfile_AsksForItsRuns(Profile profile, int runs) => Assert.That(Plan(profile), Has.Count.EqualTo(runs));

    [Test]
    public void Of_EachProfile_NamesItsRunsApart([Values(Profile.Quick, Profile.Small, Profile.Reference)] Profile profile) =>
        Assert.That(Plan(profile).Select(r => r.Spec.Describe()), Is.Unique);

    [Test]
    public void Of_SmallProfile_ChoosesOnRowsThatNeitherStudentNorTeacherSaw()
    {
        var searches = Plan(Profile.Small).Select(r => r.Spec).OfType<SelectionSpec>().ToList();
        Assert.That(searches, Is.Not.Empty);
        Assert.Multiple(() =>
        {
            Assert.That(searches.Select(s => s.Split), Has.All.EqualTo("held-out"));
            var candidates = searches.SelectMany(s => s.Candidates).Cast<PatientKdSpec>().ToList();
            Assert.That(candidates.Select(c => c.Selection.HoldOut), Has.All.EqualTo(0.1));
            Assert.That(candidates.Select(c => ((FineTuneSpec)c.Teacher).Selection), Is.EqualTo(candidates.Select(c => c.Selection)));
        });
    }

    [Test]
    public void Of_SmallProfile_TrainsStudentsOfAllSeedsFromOneTeacher()
    {
        var finals = Plan(Profile.Small)
            .Select(r => r.Spec).OfType<PatientKdSpec>().Where(s => s.Selection.HoldOut == 0 && s.Selection.Task == "SST-2").ToList();
        Assert.That(finals, Has.Count.EqualTo(9));
        Assert.That(finals.Select(s => s.Teacher.SpecKey()).Distinct().Count(), Is.EqualTo(1));
        Assert.That(finals.Select(s => s.Tuning), Has.None.Null);
    }

    [Test]
    public void Of_StudentsOfOneTeacher_ShareItsOutputs()
    {
        var students = Plan(Profile.Small).Select(r => r.Spec).OfType<PatientKdSpec>();
        Assert.That(students.Select(s => s.KeptTeacherLayers), Has.All.EqualTo(new[] { 2, 4, 5 }));
    }

    [Test]
    public void Of_ReferenceAndSmall_ShareTeacherAndFineTunedStudents()
    {
        var small = Plan(Profile.Small).Select(r => r.SpecKey).ToHashSet();
        var shared = Plan(Profile.Reference).Where(r => small.Contains(r.SpecKey)).Select(r => r.Spec).ToList();
        Assert.That(shared, Has.Count.EqualTo(4).And.All.InstanceOf<FineTuneSpec>());
    }

    [Test]
    public void Of_PaperProfile_SearchesTheGridOnDev()
    {
        var search = Plan(Profile.Paper, null, "RTE").Select(r => r.Spec).OfType<SelectionSpec>().ToList();
        Assert.That(search.Select(s => s.Split), Has.All.EqualTo("dev"));
        Assert.That(search.Count(s => s.Candidates.Count == 27), Is.EqualTo(4), "searches of alpha, T and rate");
        Assert.That(search.Count(s => s.Candidates.Count == 12), Is.EqualTo(4), "searches of beta and rate");
        Assert.That(search.Count(s => s.Candidates.Count == 3), Is.EqualTo(4), "searches of a rate");
    }

    [TestCase("1", null, 4)]
    [TestCase("2", null, 3)]
    [TestCase("4", null, 2)]
    [TestCase("5", null, 2)]
    [TestCase(null, "pkd.order.kd-ft", 3)]
    [TestCase(null, "pkd.authors-dev-runs.bert6-kd.sst-2.acc", 5)]
    [TestCase(null, "pkd.table-3.bert6-pkd-skip.race.acc", 0)]
    public void Of_OneTableOrClaimOfQuick_AsksForWhatItNeeds(string? table, string? claim, int runs) => Assert.That(
        new PatientKdPaper().Experiments(new ExperimentRequest { Profile = Profile.Quick, Table = table, Claim = claim }),
        Has.Count.EqualTo(runs));

    [Test]
    public void Of_SeedsAndTasks_AreTheUsers() =>
        Assert.That(Plan(Profile.Quick, 2, "rte", "cola"), Has.Count.EqualTo(2 + 2 * (1 + 2 * 4)));

    [TestCase(0)]
    [TestCase(101)]
    public void Of_SeedsOutOfRange_AreRefused(int seeds) =>
        Assert.That(() => Plan(Profile.Quick, seeds), Throws.TypeOf<ReplicationException>().With.Message.Contains("between 1 and 100"));

    [Test]
    public void Of_MistypedTeacher_GetsASuggestion()
    {
        var request = new ExperimentRequest { Profile = Profile.Quick, Teacher = "bert-base-uncase" };
        Assert.That(
            () => new PatientKdPaper().Experiments(request),
            Throws.TypeOf<ReplicationException>().With.Message.Contains("'bert-base-uncased'"));
    }

    [TestCase(Fidelity.Default, nameof(PatientKdLoss.Default), false)]
    [TestCase(Fidelity.Paper, nameof(PatientKdLoss.Paper), false)]
    [TestCase(Fidelity.Official, nameof(PatientKdLoss.OfficialCode), true)]
    public void Of_Fidelity_ReachesLossAndTraining(Fidelity fidelity, string loss, bool asTheCode)
    {
        var runs = new PatientKdPaper()
            .Experiments(new ExperimentRequest { Profile = Profile.Quick, Fidelity = fidelity }).OfType<PatientKdSpec>().ToList();
        var expected = (PatientKdLoss)typeof(PatientKdLoss).GetProperty(loss)!.GetValue(null)!;
        Assert.That(runs, Is.Not.Empty);
        Assert.That(runs.Select(run => (run.Loss.Hard, run.Loss.Patience)), Has.All.EqualTo((expected.Hard, expected.Patience)));
        Assert.That(
            runs.Select(run => (run.Recipe.Order, run.Recipe.DropoutEpochs)),
            Has.All.EqualTo(asTheCode ? (BatchOrder.Sequential, (int?)1) : (BatchOrder.Bucketed, null)));
    }

    [Test]
    public void Of_OfficialFidelityInEvidence_ReachesStudentsToo()
    {
        var request = new ExperimentRequest { Profile = Profile.Evidence, Fidelity = Fidelity.Official };
        var runs = new PatientKdPaper().Experiments(request).OfType<PatientKdSpec>().ToList();
        Assert.That(runs, Is.Not.Empty);
        Assert.That(runs.Select(run => (run.Recipe.Order, run.Recipe.DropoutEpochs)), Has.All.EqualTo((BatchOrder.Sequential, (int?)1)));
    }

    [Test]
    public void Of_FidelityInTheReferenceProfile_IsRefused() => Assert.That(
        () => new PatientKdPaper().Experiments(new ExperimentRequest { Profile = Profile.Reference, Fidelity = Fidelity.Official }),
        Throws.InstanceOf<ReplicationException>().With.Message.Contains("profile reference"));
}
