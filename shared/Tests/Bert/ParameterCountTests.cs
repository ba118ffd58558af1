using System.Text.Json;
using Replication.Bert;

namespace Replication.Tests.Bert;

[Category("Golden")]
public sealed class ParameterCountTests
{
    [Test]
    public void BertModel_SmallestReferenceGeometry_HasItsParameterCount()
    {
        var size = Json.Read<JsonElement[]>(GoldenFiles.Require("sizes.json")).MinBy(s => s.GetProperty("hidden_size").GetInt32());
        int Value(string name) => size.GetProperty(name).GetInt32();
        var config = new BertConfig
        {
            HiddenSize = Value("hidden_size"), NumHiddenLayers = Value("num_hidden_layers"),
            NumAttentionHeads = Value("num_attention_heads"), IntermediateSize = Value("intermediate_size"),
        };
        using var model = new BertModel(config, seed: 1);
        var pooler = model.named_parameters()
            .Where(p => p.name.StartsWith("pooler", StringComparison.Ordinal)).Sum(p => p.parameter.numel());
        var all = model.parameters().Sum(p => p.numel());

        Assert.That(all, Is.EqualTo(Value("parameters")));
        Assert.That(all - pooler, Is.EqualTo(Value("parameters_without_pooler")));
    }
}
