using Replication.Runs;
using Replication.Studies;

namespace Replication.DistilBERT.Tests;

/// <summary>The paper profile's kinds of run, a few steps each, on a tiny model in the place of BERT-base.</summary>
[Category("Slow")]
public sealed class ExerciseTests
{
    [Test]
    public void Exercise_TinyModel_RunsAllKindsAndEndsWithTheSameBytesAfterAStop()
    {
        TorchSharp.torch.set_num_threads(1);
        using var place = new TinyWorkplace(positions: 512);
        var record = new Exercise(place.Workspace, Path.Combine(place.Workspace.Root, "exercise"), new QuietProgress())
            .Run(new DistilBertPaper(), place.Teacher, default);
        Assert.Multiple(() =>
        {
            Assert.That(record.Runs, Has.Count.EqualTo(4));
            Assert.That(record.Runs.Select(run => run.SameBytes), Has.All.True);
            Assert.That(record.Runs.Select(run => run.Resumes), Has.All.EqualTo(1));
            Assert.That(record.Runs.Select(run => run.TokensPerSecond), Has.All.GreaterThan(0));
        });
    }

    [Test]
    public void Exercise_FullGeometry_HasThePapersRecipeInBatchesOfTwoParts()
    {
        var pretraining = new DistilBertPaper().Exercise("random-bert-base").OfType<PretrainSpec>().Single();
        var paper = PretrainingRecipe.Paper;
        Assert.Multiple(() =>
        {
            Assert.That(
                pretraining.Recipe with { Training = paper.Training, MicroBatch = paper.MicroBatch, Steps = null }, Is.EqualTo(paper));
            Assert.That(pretraining.Recipe.Training with { BatchSize = paper.Training.BatchSize }, Is.EqualTo(paper.Training));
            Assert.That(pretraining.Recipe.Training.BatchSize, Is.EqualTo(2 * pretraining.Recipe.MicroBatch));
        });
    }
}
