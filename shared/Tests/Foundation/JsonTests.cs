using System.Text.Json;
using System.Text.Json.Nodes;
using Replication.Runs;

namespace Replication.Tests.Foundation;

public sealed class JsonTests
{
    [TestCase("""{"scores":null}""")]
    [TestCase("""{"scores":{"dev":null}}""")]
    [TestCase("""{"facts":null}""")]
    [TestCase("""{"samples":{"a":null}}""")]
    [TestCase("""{"facts":{"a":1},"facts":{"a":2}}""")]
    [TestCase("null")]
    public void Read_NullWhereThereIsNone_NamesTheFile(string text)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("result.json", text);
        Assert.That(() => Json.Read<RunResult>(path), Throws.TypeOf<ReplicationException>().With.Message.StartWith(path));
    }

    [Test]
    public void Read_NullWhereOneMayStand_IsTaken()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("result.json", """{"scores":{"dev":{"pearson":null}},"chosen":null}""");
        Assert.That(Json.Read<RunResult>(path).Scores["dev"]["pearson"], Is.Null);
    }

    [TestCase("""["a",null]""")]
    public void FromNode_NullInAList_IsRefused(string text) =>
        Assert.That(() => Json.FromNode<List<string>>(JsonNode.Parse(text)!), Throws.TypeOf<JsonException>());
}
