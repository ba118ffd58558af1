using System.Text.Json;
using Replication.Bert;
using Replication.Bert.SubNetworks;
using Replication.Runs;
using Replication.Studies;

namespace Replication.DynaBERT.Tests;

/// <summary>
/// Exported folders as another program would read them: each tensor against the part of the shared weights that it stands for.
/// </summary>
public sealed class ExportedFolderTests
{
    private const int Hidden = 16, Layers = 4, Heads = 4, HeadSize = 4, Neurons = 32;

    private static readonly BertConfig Config = new()
    {
        VocabSize = 60, HiddenSize = Hidden, NumHiddenLayers = Layers, NumAttentionHeads = Heads, IntermediateSize = Neurons,
        MaxPositionEmbeddings = 128, InitializerRange = 0.2,
    };

    private string _folder = "";
    private Dictionary<string, (long[] Shape, float[] Values)> _shared = [];

    [OneTimeSetUp]
    public void SaveNetwork()
    {
        TorchSharp.torch.set_num_threads(1);
        _folder = Directory.CreateTempSubdirectory("dynabert").FullName;
        File.WriteAllText(Path.Combine(_folder, "words.txt"), "[PAD]\n");
        using var network = new BertForSequenceClassification(Config, 2, seed: 5);
        ModelFolder.Save(network, Path.Combine(_folder, "model"), ["negative", "positive"], Path.Combine(_folder, "words.txt"));
        _shared = network.named_parameters()
            .ToDictionary(p => p.name, p => (p.parameter.shape, p.parameter.data<float>().ToArray()), StringComparer.Ordinal);
    }

    [OneTimeTearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void Export_EachSizeInBothForms_HoldsTheSharedWeightsOfItsPart(
        [Values(1.0, 0.75, 0.5, 0.25)] double width, [Values(1.0, 0.75, 0.5)] double depth, [Values] CutHeads cut)
    {
        var target = Path.Combine(_folder, FormattableString.Invariant($"{width}-{depth}-{cut}"));
        new DynaBertPaper().Export(Network(), width, depth, cut, target);

        // What the paper says stays, in plain numbers.
        int[] layers = depth switch { 1 => [0, 1, 2, 3], 0.75 => [0, 1, 3], _ => [1, 3] };
        var (heads, neurons) = ((int)(Heads * width), (int)(Neurons * width));
        AssertTensors(PlainSafetensors.Read(Path.Combine(target, "model.safetensors")), layers, heads, neurons, cut);
        AssertConfig(Path.Combine(target, "config.json"), layers.Length, heads, neurons, cut);
    }

    private void AssertTensors(
        Dictionary<string, (long[] Shape, float[] Values)> tensors, int[] layers, int heads, int neurons, CutHeads cut)
    {
        var (kept, rows) = (heads * HeadSize, cut == CutHeads.Zero ? Hidden : heads * HeadSize);
        var expected = new HashSet<string>(StringComparer.Ordinal);
        void Same(string name, string inFull, int[] shape, Func<int[], bool>? isZero = null)
        {
            expected.Add(name);
            Assert.That(tensors, Does.ContainKey(name));
            var ((actualShape, values), (fullShape, full)) = (tensors[name], _shared[inFull]);
            Assert.That(actualShape, Is.EqualTo(shape.Select(n => (long)n)), name);
            for (var i = 0; i < values.Length; i++)
            {
                int[] place = shape.Length == 1 ? [i] : [i / shape[1], i % shape[1]];
                var source = shape.Length == 1 ? place[0] : (place[0] * (int)fullShape[1]) + place[1];
                var value = isZero?.Invoke(place) == true ? 0 : full[source];
                if (values[i] != value)
                    Assert.Fail($"{name}[{string.Join(", ", place)}] is {values[i]}, not {value}.");
            }
        }

        for (var layer = 0; layer < layers.Length; layer++)
        {
            void Of(string name, int[] shape, Func<int[], bool>? isZero = null) =>
                Same($"bert.encoder.layer.{layer}.{name}", $"bert.encoder.layer.{layers[layer]}.{name}", shape, isZero);
            foreach (var part in (string[])["query", "key", "value"])
            {
                Of($"attention.self.{part}.weight", [rows, Hidden], place => place[0] >= kept);
                Of($"attention.self.{part}.bias", [rows], place => place[0] >= kept);
            }
            Of("attention.output.dense.weight", [Hidden, rows], place => place[1] >= kept);
            Of("attention.output.dense.bias", [Hidden]);
            Of("intermediate.dense.weight", [neurons, Hidden]);
            Of("intermediate.dense.bias", [neurons]);
            Of("output.dense.weight", [Hidden, neurons]);
            Of("output.dense.bias", [Hidden]);
            foreach (
                var norm in (string[])[
                    "attention.output.LayerNorm.weight", "attention.output.LayerNorm.bias", "output.LayerNorm.weight",
                    "output.LayerNorm.bias"])
                Of(norm, [Hidden]);
        }
        foreach (var (name, (shape, _)) in _shared.Where(p => !p.Key.StartsWith("bert.encoder.", StringComparison.Ordinal)))
            Same(name, name, Array.ConvertAll(shape, n => (int)n));
        Assert.That(tensors.Keys, Is.EquivalentTo(expected), "and no other tensor");
    }

    private static void AssertConfig(string path, int layers, int heads, int neurons, CutHeads cut)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        var config = document.RootElement;
        Assert.Multiple(() =>
        {
            Assert.That(config.GetProperty("model_type").GetString(), Is.EqualTo("bert"));
            Assert.That(config.GetProperty("num_hidden_layers").GetInt32(), Is.EqualTo(layers));
            Assert.That(config.GetProperty("intermediate_size").GetInt32(), Is.EqualTo(neurons));
            Assert.That(
                config.GetProperty("num_attention_heads").GetInt32() * HeadSize, Is.EqualTo(config.GetProperty("hidden_size").GetInt32()),
                "transformers 5 asks for it");
            if (cut == CutHeads.Zero || heads == Heads)
            {
                Assert.That(config.TryGetProperty("pruned_heads", out _), Is.False);
                return;
            }
            var pruned = config.GetProperty("pruned_heads")
                .EnumerateObject().ToDictionary(p => p.Name, p => p.Value.EnumerateArray().Select(h => h.GetInt32()).ToArray());
            Assert.That(pruned.Keys, Is.EqualTo(Enumerable.Range(0, layers).Select(layer => $"{layer}")));
            Assert.That(pruned.Values, Has.All.EqualTo(Enumerable.Range(heads, Heads - heads)));
        });
    }

    private TrainedNetwork Network() => new(
        new ExperimentRequest { Profile = Profile.Quick }, "SST-2", 1,
        spec => MadeUpRuns.Find(spec) is { } run ? new FinishedRun(_folder, run.Manifest, run.Result) : null);
}
