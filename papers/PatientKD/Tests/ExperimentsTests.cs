using Replication.Bert;
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
    // Paper, a task: teachers and students in twelve ways (Table 5 has a teacher and three), each with nine points on held-out rows, their
    // choice, and its training on all rows. The timing is in fp32 and, beside runs in bf16, in bf16 too.
    [TestCase(Profile.Quick, 2 + 5)]
    [TestCase(Profile.Small, 2 + 2 * 21 + 4)]
    [TestCase(Profile.Reference, 2 * 15)]
    [TestCase(Profile.Paper, 2 + (6 * 12 + 4) * (9 + 1 + 1))]
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

    // Teachers of two depths, and students that learn from labels in two, take a rate; four ways to distil; four to do so patiently.
    [TestCase(Fidelity.Paper, 12)]
    [TestCase(Fidelity.Official, 24)]
    public void Of_PaperProfileInAFormOfItsOwn_SearchesThatGridOnDev(Fidelity fidelity, int patient)
    {
        var search = Searches(fidelity);
        Assert.That(search.Select(s => s.Split), Has.All.EqualTo("dev"));
        Assert.That(search.Count(s => s.Candidates.Count == 27), Is.EqualTo(4), "searches of alpha, T and rate");
        Assert.That(search.Count(s => s.Candidates.Count == patient), Is.EqualTo(4), "searches of beta and rate");
        Assert.That(search.Count(s => s.Candidates.Count == 3), Is.EqualTo(4), "searches of a rate");
    }

    [Test]
    public void Of_PaperProfile_TriesNinePointsAWayOnRowsThatShareNoTextWithTheOthers()
    {
        var search = Searches(Fidelity.Default);
        Assert.That(search, Has.Count.EqualTo(12));
        Assert.That(search.Select(s => (s.Split, s.Candidates.Count)), Has.All.EqualTo(("held-out", 9)));
        var rows = search.SelectMany(s => s.Candidates).Cast<TaskTrainingSpec>().Select(candidate => candidate.Selection);
        Assert.That(rows.Select(selection => (selection.HoldOut, selection.HoldsOutTexts)), Has.All.EqualTo((0.1, true)));
    }

    [Test]
    public void Of_PaperProfile_TrainsWhatWasChosenOnceMoreOnAllRows()
    {
        var finals = new PatientKdPaper().Declared(new ExperimentRequest { Profile = Profile.Paper, Tasks = ["RTE"], Seeds = 1 })
            .Select(run => run.Spec).OfType<TaskTrainingSpec>().ToList();
        Assert.That(finals.Select(run => run.Selection.HoldOut), Is.Not.Empty.And.All.Zero);
        Assert.That(finals.OfType<FineTuneSpec>().Select(run => run.RateOf).ToList(), Has.Count.EqualTo(4).And.None.Null);
        Assert.That(finals.OfType<PatientKdSpec>().Select(run => run.Tuning).ToList(), Has.Count.EqualTo(8).And.None.Null);
    }

    [Test]
    public void Run_JointGrid_SearchesBetaWithAlphaAndT()
    {
        var profile = PatientKdProfile.Of(new ExperimentRequest { Profile = Profile.Paper, Fidelity = Fidelity.Grid });
        var search = (SelectionSpec)new Pipeline(profile).Run(GlueTasks.Rte, 1);
        Assert.That(search.Split, Is.EqualTo("dev"));
        var points = search.Candidates.Cast<PatientKdSpec>().ToList();
        Assert.That(points.Select(run => run.SpecKey()).ToList(), Has.Count.EqualTo(216).And.Unique);
        Assert.That(points.Select(run => run.Tuning), Has.All.Null);
    }

    [TestCase(Profile.Quick)]
    [TestCase(Profile.Evidence)]
    public void Of_JointGridInAProfileWithAGridOfItsOwn_IsRefused(Profile profile) => Assert.That(
        () => PatientKdProfile.Of(new ExperimentRequest { Profile = profile, Fidelity = Fidelity.Grid }),
        Throws.InstanceOf<ReplicationException>().With.Message.Contains("216 points").And.Property("ExitCode")
            .EqualTo(ReplicationException.UsageError));

    [TestCase(Profile.Small, "RACE-M", 960, 128, 0)]
    [TestCase(Profile.Paper, "RACE", null, 512, 0.1)]
    public void Of_Race_IsTrainedOnWhatItsProfileSays(Profile profile, string task, int? rows, int length, double searchedOn)
    {
        var runs = new PatientKdPaper().Experiments(new ExperimentRequest { Profile = profile, Table = "3", Seeds = 1 });
        var trainings = Runs.Plan.Build(runs).Runs.Select(run => run.Spec).OfType<TaskTrainingSpec>().ToList();
        Assert.That(
            trainings.Select(run => (run.Selection.Task, run.Selection.Rows, run.Recipe.MaxLength)), Has.All.EqualTo((task, rows, length)));
        Assert.That(trainings.Max(run => run.Selection.HoldOut), Is.EqualTo(searchedOn));
        Assert.That(runs, Has.Count.EqualTo(4), "the teacher, and students on labels, by KD and by PKD-Skip");
    }

    private static List<SelectionSpec> Searches(Fidelity fidelity) =>
    [
        .. Runs.Plan.Build(new PatientKdPaper().Experiments(
            new ExperimentRequest { Profile = Profile.Paper, Fidelity = fidelity, Tasks = ["RTE"], Seeds = 1 })).Runs
            .Select(run => run.Spec).OfType<SelectionSpec>(),
    ];

    [TestCase("1", null, 4)]
    [TestCase("2", null, 3)]
    [TestCase("4", null, 2)]
    [TestCase("5", null, 2)]
    [TestCase(null, "pkd.order.kd-ft", 3)]
    [TestCase(null, "pkd.authors-dev-runs.bert6-kd.sst-2.acc", 5)]
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
    public void Of_OfficialFidelity_TrainsKdInFp32AndPkdIn16BitsAsTheScripts()
    {
        var runs = new PatientKdPaper().Experiments(
            new ExperimentRequest { Profile = Profile.Quick, Fidelity = Fidelity.Official, Precision = Precision.Bf16 });
        (OptimizerKind, double, Precision) half = (OptimizerKind.FusedAdam, 1e-8, Precision.Bf16),
            full = (OptimizerKind.BertAdam, 1e-6, Precision.Fp32);
        static (OptimizerKind, double, Precision) Of(TaskTrainingSpec run) =>
            (run.Recipe.Optimizer, run.Recipe.Epsilon, run.Recipe.Precision);
        Assert.That(runs.OfType<FineTuneSpec>().Select(run => (run.Layers is null, Of(run))), Is.EquivalentTo(
            new[] { (true, half), (false, full) }));
        Assert.That(runs.OfType<PatientKdSpec>().Select(run => (run.Map is null, Of(run))), Is.EquivalentTo(
            new[] { (true, full), (false, half), (false, half) }));
    }

    [Test]
    public void Of_FidelityInTheReferenceProfile_IsRefused() => Assert.That(
        () => new PatientKdPaper().Experiments(new ExperimentRequest { Profile = Profile.Reference, Fidelity = Fidelity.Official }),
        Throws.InstanceOf<ReplicationException>().With.Message.Contains("profile reference"));
}
