using System.Text.Json;
using Replication.Bert;
using Replication.Bert.SubNetworks;

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

    // By the script of ELECTRA's authors with sparse look-ups, heads and head size handed to it, and its two products of the heads' output
    // as narrow as the heads are; beside them DynaBERT's printed points.
    [TestCase(1, 1, 22.62)] // 23
    [TestCase(0.75, 1, 17.01)] // 17
    [TestCase(0.5, 1, 11.41)] // 11
    [TestCase(0.25, 1, 5.80)] // 6
    [TestCase(0.5, 0.75, 8.60)] // 9
    [TestCase(0.25, 0.75, 4.40)] // 4
    [TestCase(0.25, 0.5, 2.99)] // 3
    public void ElectraFlops_SubNetwork_IsTheCountOfItsScript(double width, double depth, double billions) => Assert.That(
        ModelSize.ElectraFlops(SubNetwork.Of(BertConfig.Base, width, depth).Config(BertConfig.Base), 128) / 1e9,
        Is.EqualTo(billions).Within(0.006));

    [Test]
    public void ElectraFlops_BertBase_IsExact() => Assert.That(ModelSize.ElectraFlops(BertConfig.Base, 128), Is.EqualTo(22_615_629_312));

    [Test]
    public void PretrainingParameters_BertBase_AddBothHeads() => Assert.That(
        ModelSize.PretrainingParameters(BertConfig.Base) - ModelSize.Parameters(BertConfig.Base),
        Is.EqualTo((768 * 768) + 768 + (2 * 768) + 30522 + (2 * 768) + 2));

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
