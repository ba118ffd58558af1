using Replication.Runs;
using Replication.Studies;
using Replication.Training;

namespace Replication.Tests.Studies;

internal sealed class DataContaminationTests
{
    private static readonly FineTuneSpec Spec =
        new() { Selection = new TaskSelection { Task = "QNLI" }, BaseModel = "minilm-l6", Recipe = new TrainingRecipe(), Seed = 1 };

    [Test]
    public void Of_TaskOfWhichTheModelHasSeenText_NamesBoth() =>
        Assert.That(
            Of("QNLI/Train", "QNLI/Dev", "minilm-l6"),
            Does.Contain("minilm-l6").And.Contain("QNLI's dev and test sets").And.Not.Contain("QQP"));

    [TestCase("SST-2/Train", "minilm-l6")]
    [TestCase("QNLI/Train", "bert-base-uncased")]
    public void Of_OtherTaskOrOtherModel_SaysNothing(params string[] inputs) => Assert.That(Of(inputs), Is.Null);

    [Test]
    public void Header_OfSuchRuns_SaysIt()
    {
        var header = ReportHeader.Of("small", [Spec], _ => new FinishedRun("", Manifest("QNLI/Train", "minilm-l6"), new RunResult()));
        Assert.That(header.Select(line => line.Name), Has.Member("Seen before"));
    }

    private static string? Of(params string[] inputs) => DataContamination.Of([Manifest(inputs)]);

    private static RunManifest Manifest(params string[] inputs) =>
        MadeUp.Manifest(Spec) with { Inputs = [.. inputs.Select(name => new RunInput(name, ""))] };
}
