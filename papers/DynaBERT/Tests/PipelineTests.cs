using Replication.Augmentation;
using Replication.Bert;
using Replication.Bert.SubNetworks;
using Replication.Runs;
using Replication.Tests.Studies;
using Replication.Training;

namespace Replication.DynaBERT.Tests;

/// <summary>The three stages on a tiny teacher and a tiny task, and what an interruption does to them.</summary>
[Category("Slow")]
public sealed class PipelineTests
{
    private TinyPipeline _tiny = null!;

    [SetUp]
    public void Prepare() => _tiny = new TinyPipeline(layers: 4, heads: 4);

    [TearDown]
    public void CleanUp() => _tiny.Dispose();

    [Test]
    public void Stages_OneAfterTheOther_EndInTwelveScores()
    {
        var workspace = _tiny.Workspace("runs");
        var final = TinyPipeline.Execute(workspace, Final());
        var (width, depth) = (TinyPipeline.Execute(workspace, Width()), TinyPipeline.Execute(workspace, Depth()));
        Assert.Multiple(() =>
        {
            Assert.That(width.Result.Scores.Keys, Has.Count.EqualTo(4));
            Assert.That(depth.Result.Scores.Keys, Has.Count.EqualTo(12));
            Assert.That(final.Result.Scores.Keys, Is.EquivalentTo(depth.Result.Scores.Keys));
            Assert.That(final.Result.Scores.Values.Select(metrics => metrics["accuracy"]), Has.All.InRange(0, 1));
            Assert.That(
                new[] { width, depth, final }.Select(run => run.Result.Facts["training rows"]),
                Is.EqualTo(new double[] { 2 * TinyPipeline.TrainRows, 2 * TinyPipeline.TrainRows, TinyPipeline.TrainRows }));
            Assert.That(final.Result.Facts[MeasuredRows.Count], Is.EqualTo(TinyPipeline.DevRows));
        });
    }

    [Test]
    public void Scores_EachSubNetwork_AreThoseOfTheSavedModel()
    {
        var workspace = _tiny.Workspace("runs");
        var run = TinyPipeline.Execute(workspace, Width());
        var data = TaskData.Load(workspace, Selection, _tiny.Base, Recipe.MaxLength);
        using var model = ModelFolder.OpenClassifier(run.ModelFolder, 2);
        foreach (var part in Width().Parts(model.Config))
        {
            model.SubNetwork = part;
            var expected = Evaluator.Evaluate(model, data.Evaluations[0].Data, workspace.Device).Scores["accuracy"];
            Assert.That(
                run.Result.Scores[SubNetwork.ScoreName("dev", part.Width, part.Depth)]["accuracy"], Is.EqualTo(expected), part.Name);
        }
    }

    [Test]
    public void KeepsBest_SeveralEvaluations_EndsWithTheBestSumOverTheSubNetworks()
    {
        var recipe = Recipe with { Epochs = 4, LearningRate = 5e-3, EvaluationsPerEpoch = 3 };
        var labels = Width() with { Teacher = null, Loss = null };
        var workspace = _tiny.Workspace("runs");
        double Sum(DynaBertSpec spec) =>
            TinyPipeline.Execute(workspace, spec).Result.Scores.Values.Sum(metrics => metrics["accuracy"]!.Value);
        var best = Sum(labels with { Recipe = recipe with { KeepsBest = true } });
        // Every evaluation again, as the last one of a shorter training.
        int[] steps = [.. Enumerable.Range(0, 4).SelectMany(epoch => new[] { 3, 7, 10 }.Select(step => (10 * epoch) + step))];
        var sums = steps.Select(step => Sum(labels with { Recipe = recipe with { MaxSteps = step } })).ToList();
        Assert.That(sums.Distinct().Count(), Is.GreaterThan(1), "or the choice would not matter");
        Assert.That(best, Is.EqualTo(sums.Max()).Within(1e-9));
    }

    [Test]
    public void Samples_OfStageOne_FallAfterTheRewiringAndKeepTheirSum()
    {
        var samples = TinyPipeline.Execute(_tiny.Workspace("runs"), Width()).Result.Samples;
        var (before, after) = (samples[DevImportance.NeuronsName(1, rewired: false)], samples[DevImportance.NeuronsName(1, rewired: true)]);
        Assert.That(after, Is.Ordered.Descending);
        Assert.That(before, Is.Not.Ordered.Descending);
        Assert.That(after.Sum(), Is.EqualTo(before.Sum()).Within(1e-6 * before.Sum()));
        Assert.That(samples[DevImportance.HeadsName(4)], Has.Count.EqualTo(4));
    }

    [Test]
    public void Importance_OfOneTeacher_IsMeasuredOnce()
    {
        var workspace = _tiny.Workspace("runs");
        var first = TinyPipeline.Execute(workspace, Width());
        var again = TinyPipeline.Execute(_tiny.Workspace("others"), Width() with { Seed = 2 });
        var shared = TinyPipeline.Execute(workspace, Width() with { Seed = 2 });
        Assert.That(shared.Result.Samples, Is.EqualTo(first.Result.Samples));
        Assert.That(shared.Manifest.Files["model/model.safetensors"], Is.EqualTo(again.Manifest.Files["model/model.safetensors"]));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void WidthStage_Stopped_EndsWithTheSameBytes(bool keepsBest)
    {
        var spec = Width() with { Recipe = Recipe with { EvaluationsPerEpoch = 3, KeepsBest = keepsBest } };
        var straight = TinyPipeline.Execute(_tiny.Workspace("straight"), spec);
        var stopped = _tiny.Workspace("stopped");
        var resumed = TinyPipeline.ExecuteStopped(stopped, spec, stopAt: 4);
        Assert.That(resumed.Manifest.Resumes, Is.EqualTo(1));
        Assert.That(resumed.Manifest.Files, Is.EquivalentTo(straight.Manifest.Files));
    }

    private static TrainingRecipe Recipe => new() { LearningRate = 2e-3, BatchSize = 8, Epochs = 1, MaxLength = 16 };

    private static TaskSelection Selection => new() { Task = "SST-2" };

    private FineTuneSpec Teacher() => new() { Selection = Selection, BaseModel = _tiny.Base, Recipe = Recipe, Seed = 1 };

    private DynaBertSpec Width() => new()
    {
        Stage = "DynaBERT_W, widths",
        Selection = Selection,
        BaseModel = _tiny.Base,
        Start = Teacher(),
        Teacher = Teacher(),
        Loss = DistillationLoss.Width,
        TeacherWidth = TeacherWidth.Full,
        Rewiring = ImportanceGradients.ZeroedEachBatch,
        Widths = DynaBertProfile.Widths,
        Depths = [1],
        Augmentation = new AugmentationSpec { Selection = Selection, Model = _tiny.Base,
            Settings = new AugmentationSettings { RowsPerRow = 1, Candidates = 5 }, MaxLength = 16, Seed = 1 },
        Recipe = Recipe,
        Seed = 1,
    };

    private DynaBertSpec Depth() => Width() with
    {
        Stage = "DynaBERT, widths and depths", Start = Width(), Teacher = Width(), Loss = DistillationLoss.WidthAndDepth,
        TeacherWidth = TeacherWidth.SameAsStudent, Rewiring = null, Depths = DynaBertProfile.Depths,
    };

    private DynaBertSpec Final() =>
        Depth() with { Stage = "DynaBERT, finally fine-tuned", Start = Depth(), Teacher = null, Loss = null, Augmentation = null };
}
