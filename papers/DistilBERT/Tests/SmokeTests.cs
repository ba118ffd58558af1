using Replication.Bert;
using Replication.Runs;
using Replication.Studies;

namespace Replication.DistilBERT.Tests;

/// <summary>The paper profile's kinds of run, a few steps each, on a tiny model instead of BERT-base.</summary>
[Category("Slow")]
public sealed class SmokeTests
{
    [Test]
    public void Smoke_TinyModel_RunsAllKindsAndEndsWithTheSameBytesAfterAStop()
    {
        TorchSharp.torch.set_num_threads(1);
        using var place = new TinyWorkplace(positions: 512);
        var record = new SmokeTest(place.Workspace, Path.Combine(place.Workspace.Root, "smoke"), new QuietProgress())
            .Run(new DistilBertPaper(), place.Teacher, Precision.Bf16, default);
        Assert.Multiple(() =>
        {
            Assert.That(record.Runs, Has.Count.EqualTo(4));
            Assert.That(record.Runs.Select(run => run.SameBytes), Has.All.True);
            Assert.That(record.Runs.Select(run => run.Resumes), Has.All.EqualTo(1));
            Assert.That(record.Runs.Select(run => run.TokensPerSecond), Has.All.GreaterThan(0));
        });
    }

    [Test]
    public void Smoke_FullGeometry_HasThePapersRecipeInBatchesOfTwoParts()
    {
        var pretraining = new DistilBertPaper().Smoke("random-bert-base", Precision.Bf16).OfType<PretrainSpec>().Single();
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
