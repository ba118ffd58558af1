using System.Text.Json;
using Replication.Bert;

namespace Replication.Tests.Bert;

[Category("Golden")]
public sealed class ParameterCountTests
{
    [Test]
    public void BertModel_SmallReferenceGeometries_HaveTheirParameterCounts()
    {
        foreach (var size in Json.Read<JsonElement[]>(GoldenFiles.Require("sizes.json")).Where(s => s.GetProperty("hidden_size").GetInt32() < 768))
        {
            int Value(string name) => size.GetProperty(name).GetInt32();
            var config = new BertConfig
            {
                HiddenSize = Value("hidden_size"), NumHiddenLayers = Value("num_hidden_layers"),
                NumAttentionHeads = Value("num_attention_heads"), IntermediateSize = Value("intermediate_size"),
            };
            using var model = new BertModel(config, seed: 1);

            Assert.That(model.parameters().Sum(p => p.numel()), Is.EqualTo(Value("parameters")));
        }
    }
}
