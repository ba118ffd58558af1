using Replication.Augmentation;
using Replication.Glue;
using Replication.Runs;
using Replication.Studies;
using Replication.Training;

namespace Replication.TinyBERT.Tests;

/// <summary>Which runs each profile asks for.</summary>
[TestFixture]
internal sealed class ExperimentsTests
{
    private static IReadOnlyList<RunSpec> Plan(Profile profile, int? seeds = null) =>
        [.. Runs.Plan.Build(
            new TinyBertPaper().Experiments(new ExperimentRequest { Profile = profile, Seeds = seeds })).Runs.Select(r => r.Spec)];

    [Test]
    public void Of_QuickProfile_IsOnePipelineAndTwoStudentsWithoutDistillation()
    {
        var runs = Plan(Profile.Quick);
        Assert.That(
            runs.Select(r => r.Kind).Order(StringComparer.Ordinal),
            Is.EqualTo(
                (string[])[
                    "augment", "fine-tune", "general-distillation", "tinybert-intermediate", "tinybert-prediction", "tinybert-prediction",
                    "tinybert-prediction", "tinybert-speed", "tinybert-speed"]));
    }

    [Test]
    public void Of_SmallProfile_HasSixPairsAVariantAndOneGeneralStudentAMethod()
    {
        var runs = Plan(Profile.Small);
        Assert.Multiple(() =>
        {
            // Seven methods (all terms, four without some, two other maps) of the smaller budget, and the main one.
            Assert.That(runs.OfType<GeneralDistillationSpec>().Count(), Is.EqualTo(7 + 1));
            Assert.That(
                runs.OfType<GeneralDistillationSpec>().Max(g => g.Recipe.MaxSteps * g.Recipe.BatchSize * g.Recipe.MaxLength),
                Is.GreaterThanOrEqualTo(1000 * 4096));
            Assert.That(runs.OfType<PredictionSpec>().Count(), Is.EqualTo(2 * 3 * (3 + 12)));
            Assert.That(runs.OfType<AugmentationSpec>().Count(), Is.EqualTo(4));
            Assert.That(runs.OfType<FineTuneSpec>().Count(), Is.EqualTo(2));
        });
    }

    [Test]
    public void Of_EachProfile_NamesItsRunsApart([Values(Profile.Quick, Profile.Small)] Profile profile) =>
        Assert.That(Plan(profile).Select(r => r.Describe()), Is.Unique);

    // The hidden-state loss is a secondary order, whose arm profile evidence does not train.
    [TestCase("attn", Profile.Small, " ./reproduce.ps1 tinybert --profile evidence runs them.")]
    [TestCase("attn", Profile.Evidence, "")]
    [TestCase("hidn", Profile.Small, "")]
    public void Settling_AnOrder_NamesProfileEvidenceWhereItHasItsRuns(string order, Profile profile, string sentence) => Assert.That(
        new TinyBertPaper().Declare(new ExperimentRequest { Profile = profile }).Settling($"tinybert.order.{order}"), Is.EqualTo(sentence));

    [TestCase(Profile.Quick)]
    [TestCase(Profile.Small)]
    public void Of_ShortBudget_TakesAsManyUpdatesWithAndWithoutNewRows(Profile profile)
    {
        static int Passes(TrainingRecipe recipe, AugmentationSpec? augmentation) =>
            recipe.Epochs * (1 + (augmentation?.Settings.RowsPerRow ?? 0));
        // The two budgets of small differ in their rows.
        foreach (var budget in Plan(profile).OfType<PredictionSpec>().GroupBy(p => (p.Selection, p.Recipe.LearningRate)))
        {
            var inner = budget.Select(p => p.Start).OfType<IntermediateSpec>().ToList();
            Assert.That(budget.Select(p => Passes(p.Recipe, p.Augmentation)).Distinct().Count(), Is.EqualTo(1));
            Assert.That(inner.Select(i => Passes(i.Recipe, i.Augmentation)).Distinct().Count(), Is.EqualTo(1));
        }
    }

    [Test]
    public void OfficialCode_Switches_ReachEveryStage()
    {
        var prediction = (PredictionSpec)MadeUpRuns.Pipeline(Profile.Paper, Fidelity.Official).Run(GlueTasks.Cola, 1);
        var inner = (IntermediateSpec)prediction.Start!;
        Assert.Multiple(() =>
        {
            Assert.That(
                prediction.Recipe,
                Is.EqualTo(
                    Recipes.ReadmePrediction with { Order = BatchOrder.Shuffled, PadsToMaxLength = true, SkipsShortBatch = true,
                    KeepsBest = true, EvaluationInterval = 100 }));
            Assert.That(prediction.Soft.Reduction, Is.EqualTo(Distillation.Reduction.ElementMean));
            Assert.That(
                inner.Recipe,
                Is.EqualTo(
                    Recipes.ReadmeIntermediate with { Order = BatchOrder.Shuffled, PadsToMaxLength = true, SkipsShortBatch = true }));
            Assert.That(inner.General!.Recipe, Is.EqualTo(Recipes.PaperGeneral with { PadsToMaxLength = true }));
            Assert.That(inner.Method, Is.EqualTo(TransformerDistillation.OfficialCode));
            Assert.That(
                inner.Augmentation!.Settings,
                Is.EqualTo(new AugmentationSettings { OfficialCode = true, RowsPerRow = 30, Precision = Bert.Precision.Bf16 }));
            Assert.That(prediction.TeacherDropout, Is.True);
            Assert.That(
                ((Student[])[prediction.Student, inner.Student, inner.General.Student]).Select(s => s.ReluBeforeClassifier), Has.All.True);
        });
    }

    [Test]
    public void Of_OfficialCodeInAShortBudget_KeepsTheBudgetsNewRows()
    {
        var full = (PredictionSpec)MadeUpRuns.Pipeline(Profile.Quick, Fidelity.Official).Run(GlueTasks.Sst2, 1);
        Assert.That(full.Augmentation!.Settings.RowsPerRow, Is.EqualTo(2));
    }

    [Test]
    public void Of_ReadmeInTheFullProfile_TakesItsSchedulesAndThePapersFormulas()
    {
        var prediction = (PredictionSpec)MadeUpRuns.Pipeline(Profile.Paper, Fidelity.Readme).Run(GlueTasks.Cola, 1);
        var inner = (IntermediateSpec)prediction.Start!;
        Assert.That(prediction.Recipe, Is.EqualTo(Recipes.ReadmePrediction));
        Assert.That(inner.Recipe, Is.EqualTo(Recipes.ReadmeIntermediate));
        Assert.That(inner.Method, Is.EqualTo(TransformerDistillation.Paper));
        Assert.That(inner.Augmentation!.Settings.OfficialCode, Is.False);
    }

    [TestCase(Profile.Quick, "profile quick")]
    [TestCase(Profile.Small, "profile small")]
    public void Of_ReadmeInAProfileWithItsOwnBudget_IsRefused(Profile profile, string words) => Assert.That(
        () => new TinyBertPaper().Declare(new ExperimentRequest { Profile = profile, Fidelity = Fidelity.Readme }),
        Throws.InstanceOf<ReplicationException>().With.Message.Contains(words));

    [TestCase("tinybert.order.attn", null, "--claim is tinybert.order.attn, which profile quick does not measure, since it does not run ")]
    [TestCase(null, "3", "--table is 3, which profile quick does not measure, since it does not run ")]
    public void Declared_AnAblationInQuick_IsRefusedWithTheProfilesThatRunIt(string? claim, string? table, string begins) => Assert.That(
        () => new TinyBertPaper().Declared(new ExperimentRequest { Profile = Profile.Quick, Claim = claim, Table = table }),
        Throws.TypeOf<ReplicationException>().With.Message.StartsWith(begins).And.Message.EndsWith(
            "; --profile small or --profile paper does.").And.Property("ExitCode").EqualTo(ReplicationException.UsageError));

    [Test]
    public void Key_PapersPredictionStep_HoldsNothingOfTheAuthorsDropout()
    {
        var specs = Plan(Profile.Quick).OfType<PredictionSpec>().Select(run => run.ToElement());
        Assert.That(
            specs.Select(spec => spec.TryGetProperty("recipe", out _) && !spec.TryGetProperty("teacherDropout", out _)), Has.All.True);
    }

    [TestCase(Fidelity.Default, false)]
    [TestCase(Fidelity.Readme, false)]
    [TestCase(Fidelity.Official, true)]
    public void Key_Padding_IsInTheStudentsStagesOfTheOfficialFormAlone(Fidelity variant, bool isThere)
    {
        var runs = Runs.Plan.Build(
            new TinyBertPaper().Experiments(
                new ExperimentRequest { Profile = Profile.Paper, Corpus = "text.txt", Fidelity = variant })).Runs.Select(r => r.Spec)
                    .ToList();
        var students = runs.Where(r => r is GeneralDistillationSpec or IntermediateSpec or PredictionSpec).ToList();
        bool Pads(RunSpec spec) => spec.ToElement().GetProperty("recipe").TryGetProperty("padsToMaxLength", out _);
        Assert.That(students, Is.Not.Empty);
        Assert.That(students.Select(Pads), Has.All.EqualTo(isThere));
        Assert.That(runs.OfType<FineTuneSpec>().Select(Pads), Has.All.False);
    }

    [TestCase(false, PredictionTarget.Teacher)]
    [TestCase(true, PredictionTarget.Labels)]
    public void Runs_StsB_LearnsTheLabelsOfNewRowsInTheOfficialCodeAlone(bool official, PredictionTarget expected)
    {
        var prediction = (PredictionSpec)MadeUpRuns.Pipeline(Profile.Quick, official ? Fidelity.Official : Fidelity.Default)
            .Run(GlueTasks.Stsb, 1);
        Assert.That((prediction.Target, prediction.Augmentation is not null), Is.EqualTo((expected, official)));
    }

    [TestCase(Profile.Quick, Fidelity.Default, false)]
    [TestCase(Profile.Quick, Fidelity.Official, true)]
    [TestCase(Profile.Paper, Fidelity.Default, true)]
    public void General_PairsOfSentences_AreThePapersRecipesAndTheAuthorsForms(Profile profile, Fidelity fidelity, bool expected) =>
        Assert.That(MadeUpRuns.Pipeline(profile, fidelity).General().HasPairs, Is.EqualTo(expected));

    [TestCase(Fidelity.Default, false)]
    [TestCase(Fidelity.Paper, true)]
    [TestCase(Fidelity.Official, false)]
    public void Augmentation_WordByWord_IsThePapersFormAlone(Fidelity fidelity, bool expected) =>
        Assert.That(MadeUpRuns.Pipeline(Profile.Quick, fidelity).Augmentation(GlueTasks.Sst2).Settings.IsInTurn, Is.EqualTo(expected));

    [Test]
    public void Smoke_EachStage_IsCutToFourStepsOfThePapersRecipe()
    {
        var runs = new TinyBertPaper().Smoke("random-bert-base", Bert.Precision.Bf16);
        Assert.That(runs.Select(r => r.Kind), Is.EqualTo(
            (string[])[
                "fine-tune", "augment", "general-distillation", "tinybert-intermediate", "tinybert-prediction", "general-distillation",
                "tinybert-intermediate"]));
        var general = (GeneralDistillationSpec)runs[2];
        Assert.That(general.Recipe, Is.EqualTo(Recipes.PaperGeneral with { BatchSize = 32, MaxSteps = 4 }));
        Assert.That(general.Student, Is.EqualTo(Student.Tiny4));
        Assert.That(((GeneralDistillationSpec)runs[5]).Student, Is.EqualTo(Student.Tiny6));
        Assert.That(((AugmentationSpec)runs[1]).Settings, Is.EqualTo(new AugmentationSettings { Precision = Bert.Precision.Bf16 }));
        // What one needs comes before it, so that nothing longer is run.
        Assert.That(Runs.Plan.Build(runs).Runs, Has.Count.EqualTo(runs.Count));
    }

    [Test]
    public void Of_WordVectors_ReachTheAugmentation()
    {
        var profile = TinyBertProfile.Of(new ExperimentRequest { Profile = Profile.Quick, Glove = "glove.txt" });
        Assert.That(new Pipeline(profile, profile.Main).Augmentation(GlueTasks.Sst2).Glove, Is.EqualTo(GloveSource.OfUser("glove.txt")));
    }

    [TestCase(Fidelity.Paper)]
    [TestCase(Fidelity.Official, false)]
    public void Of_PaperProfileInAFormOfItsOwn_SearchesThePredictionStepOnDev(Fidelity fidelity, bool searches = true)
    {
        var run = MadeUpRuns.Pipeline(Profile.Paper, fidelity).Run(GlueTasks.Sst2, 1);
        Assert.That(run is SelectionSpec { Split: "dev", Candidates.Count: 6 }, Is.EqualTo(searches));
    }

    [Test]
    public void Of_PaperProfile_SearchesOnceOnRowsThatNoStageOfTheSearchHasSeen()
    {
        var pipeline = MadeUpRuns.Pipeline(Profile.Paper);
        var (first, second) = ((PredictionSpec)pipeline.Run(GlueTasks.Sst2, 1), (PredictionSpec)pipeline.Run(GlueTasks.Sst2, 2));
        var search = first.RecipeOf!;
        Assert.That(first.Selection.HoldOut, Is.Zero, "the choice is trained on all rows");
        Assert.That(second.RecipeOf!.SpecKey(), Is.EqualTo(search.SpecKey()));
        Assert.That((search.Split, search.Candidates.Count), Is.EqualTo(("held-out", 6)));
        var stages = Runs.Plan.Build([search]).Runs.Select(run => run.Spec).ToList();
        var rows = stages.Select(stage => stage switch
        {
            TaskTrainingSpec training => training.Selection,
            AugmentationSpec augmentation => augmentation.Selection,
            _ => null,
        }).OfType<TaskSelection>().ToList();
        Assert.That(rows, Has.Count.EqualTo(6 + 3));
        Assert.That(rows.Select(selection => (selection.HoldOut, selection.HoldsOutTexts)), Has.All.EqualTo((0.1, true)));
        Assert.That(stages.OfType<GeneralDistillationSpec>().Single().SpecKey(), Is.EqualTo(pipeline.General(1).SpecKey()));
    }

    [TestCase("CoLA", 50, 64)]
    [TestCase("MNLI", 10, 128)]
    [TestCase("MRPC", 20, 128)]
    public void PaperIntermediate_Task_HasThePapersEpochsAndLength(string task, int epochs, int length)
    {
        var recipe = Recipes.PaperIntermediate(task, GlueTasks.Parse(task).IsPair);
        Assert.That(
            (recipe.Epochs, recipe.MaxLength, recipe.LearningRate, recipe.Schedule),
            Is.EqualTo((epochs, length, 5e-5, ScheduleKind.Constant)));
    }

    [Test]
    public void Of_StsB_PredictsOnTheOriginalRows()
    {
        var full = (PredictionSpec)MadeUpRuns.Pipeline(Profile.Quick).Run(GlueTasks.Stsb, 1);
        Assert.That(full.Augmentation, Is.Null);
        Assert.That(((IntermediateSpec)full.Start!).Augmentation, Is.Not.Null);
    }

    [Test]
    public void Of_ReferenceProfile_IsRefused() => Assert.That(
        () => new TinyBertPaper().Declare(new ExperimentRequest { Profile = Profile.Reference }),
        Throws.InstanceOf<ReplicationException>().With.Message.Contains("no reference profile"));

    [Test]
    public void Rows_LimitOfEachTask_CutsSmallTasksToo()
    {
        var own = TinyBertProfile.Of(new ExperimentRequest { Profile = Profile.Quick });
        var cut = new Pipeline(own, own.Main with { Rows = RowLimit.OfEachTask(9000) });
        Assert.That(cut.Augmentation(GlueTasks.Cola).Selection.Rows, Is.EqualTo(9000));
        Assert.That(
            new Pipeline(own, own.Main).Augmentation(GlueTasks.Cola).Selection.Rows, Is.Null,
            "the limit of large tasks says so by its name");
    }
}
