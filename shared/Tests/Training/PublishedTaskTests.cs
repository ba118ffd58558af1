using Replication.Glue;
using Replication.Runs;
using Replication.Training;

namespace Replication.Tests.Training;

public sealed class PublishedTaskTests
{
    [TestCase("QQP", 363846, 40430)]
    [TestCase("RACE", 87866, 4887)]
    [TestCase("RACE-M", 25421, 4887)]
    public void Of_Task_HasThePublishedRows(string task, int train, int dev)
    {
        var data = PublishedTask.Of(new TaskSelection { Task = task }, maxLength: 128);

        Assert.That((data.Train.Examples.Count, data.Evaluations[0].Data.Examples.Count), Is.EqualTo((train, dev)));
    }

    [Test]
    public void Of_Mnli_MeasuresBothDevSets() =>
        Assert.That(PublishedTask.Of(new TaskSelection { Task = "MNLI" }, 128).Evaluations.Select(e => e.Data.Examples.Count),
            Is.EqualTo(new[] { 9815, 9832 }));

    [Test]
    public void Of_FirstRowsWithSomeHeldOut_SplitsThem()
    {
        var data = PublishedTask.Of(new TaskSelection { Task = "QNLI", Rows = 1000, HoldOut = 0.1 }, maxLength: 128);

        Assert.That((data.Train.Examples.Count, data.Evaluations.Single().Data.Examples.Count), Is.EqualTo((900, 100)));
    }

    [Test]
    public void Of_ShorterSequences_AreCut() =>
        Assert.That(PublishedTask.Of(new TaskSelection { Task = "QNLI", Rows = 1 }, maxLength: 16).Train.Examples[0].Length,
            Is.EqualTo(16));

    [Test]
    public void Load_TaskThatIsNotHere_IsThePublishedOneForEstimatesAlone()
    {
        using var folder = new TemporaryFolder();
        var folders = new DataFolders([], folder.Path, folder.File("downloads"));
        var workspace = new Workspace
        {
            Root = folder.Path, Glue = new GlueSource(folders), Models = new ModelCatalog(folders),
            Environment = new RunEnvironment("cpu", 1, ""), Processor = Processor.OfThisMachine(_ => null),
        };
        var selection = new TaskSelection { Task = "QNLI" };

        Assert.That(() => TaskData.Load(workspace, selection, "bert-base-uncased", 128), Throws.TypeOf<ReplicationException>());
        Assert.That(TaskData.Load(workspace with { AssumesPublishedSizes = true }, selection, "bert-base-uncased", 128).Train.Examples,
            Has.Count.EqualTo(104743));
        Assert.That(workspace.Models.Config("bert-base-uncased").NumHiddenLayers, Is.EqualTo(12));
        Assert.That(() => workspace.Models.Config("minilm-l6"), Throws.TypeOf<ReplicationException>());
    }
}
