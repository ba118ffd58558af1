using System.Text.Json;
using Replication.Bert;

namespace Replication.Tests.Bert;

public class ModelSizeTests
{
    [Test]
    [Category("Golden")]
    public void ParametersAndFlops_SixGeometries_EqualReferenceExactly()
    {
        using var json = JsonDocument.Parse(File.ReadAllText(GoldenFiles.Require("sizes.json")));
        foreach (var entry in json.RootElement.EnumerateArray())
        {
            int Int(string name) => entry.GetProperty(name).GetInt32();
            long Long(string name) => entry.GetProperty(name).GetInt64();
            var config = new BertConfig
            {
                NumHiddenLayers = Int("num_hidden_layers"),
                HiddenSize = Int("hidden_size"),
                NumAttentionHeads = Int("num_attention_heads"),
                IntermediateSize = Int("intermediate_size"),
            };
            Assert.That(ModelSize.Parameters(config), Is.EqualTo(Long("parameters")), config.ToString);
            Assert.That(ModelSize.Parameters(config, pooler: false), Is.EqualTo(Long("parameters_without_pooler")), config.ToString);
            Assert.That(ModelSize.Embeddings(config), Is.EqualTo(Long("embedding_parameters")), config.ToString);
            Assert.That(ModelSize.Flops(config, 128), Is.EqualTo(Long("matmul_flops_len128")), config.ToString);
        }
    }

    [Test]
    public void Parameters_WithClassifier_AddsWeightAndBias() =>
        Assert.That(ModelSize.Parameters(BertConfig.Base, pooler: true, classes: 3) - ModelSize.Parameters(BertConfig.Base),
            Is.EqualTo((768 * 3) + 3));

    [Test]
    public void Parameters_Parts_AddUp() => Assert.That(
        ModelSize.Parameters(BertConfig.Base),
        Is.EqualTo(ModelSize.Embeddings(BertConfig.Base) + (12 * ModelSize.Layer(BertConfig.Base)) + ModelSize.Pooler(BertConfig.Base)));

    [Test]
    public void Flops_WithoutPooler_DropsOneProduct() => Assert.That(
        ModelSize.Flops(BertConfig.Base, 128) - ModelSize.Flops(BertConfig.Base, 128, pooler: false), Is.EqualTo(2 * 768 * 768));
}
