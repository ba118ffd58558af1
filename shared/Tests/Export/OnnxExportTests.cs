using Onnx;
using Replication.Bert;
using Replication.Export;
using Replication.Inference;
using Replication.Tests.CommandLine;

namespace Replication.Tests.Export;

[Category("Slow")]
public sealed class OnnxExportTests
{
    private static readonly string[] Labels = ["no", "yes"];

    private static readonly Dictionary<string, Func<BertConfig, BertConfig>> Geometries = new()
    {
        ["BERT"] = config => config with { NumHiddenLayers = 2 },
        ["DistilBERT"] = config => config.ToDistil(2),
        ["heads cut"] = config => config with
        {
            NumHiddenLayers = 2, NumAttentionHeads = 4,
            PrunedHeads = new Dictionary<int, IReadOnlyList<int>> { [0] = [1, 3], [1] = [0, 1, 2] },
        },
        ["TinyBERT's ReLU"] = config => config with { ReluBeforeClassifier = true },
        ["relu"] = config => config with { HiddenAct = "relu" },
    };

    [Test]
    public void Write_EveryGeometryInFp32_IsEqualToTorchSharp([ValueSource(nameof(Names))] string geometry, [Values] bool fused)
    {
        using var folder = new TemporaryFolder();

        var report = Write(folder, geometry, new OnnxForm(Quantization.None, fused));

        Assert.That(report.Texts, Is.EqualTo(500));
        Assert.That(report.Tokens, Is.EqualTo((3, 16)));
        Assert.That(report.Difference, Is.LessThan(1e-5));
    }

    [Test]
    public void Write_Dynamic_KeepsLabelsAndIgnoresNeighbours([ValueSource(nameof(Names))] string geometry, [Values] bool fused)
    {
        using var folder = new TemporaryFolder();

        var report = Write(folder, geometry, new OnnxForm(Quantization.Dynamic, fused)).Quantized!;

        Assert.That(report.SameLabels, Is.GreaterThan(0.9));
        Assert.That(report.NeighbourDifference, Is.LessThan(1e-2));
    }

    [Test]
    public void Write_AFile_DeclaresVersionsAndHoldsNoByteThatSaturates([Values] Quantization quantization, [Values] bool fused)
    {
        using var folder = new TemporaryFolder();
        Write(folder, "BERT", new OnnxForm(quantization, fused));

        var model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(folder.File("onnx/model.onnx")));

        Assert.That(model.IrVersion, Is.EqualTo(8));
        Assert.That(model.OpsetImport.Select(o => (o.Domain, o.Version)),
            Is.EqualTo(fused ? new[] { ("", 17L), ("com.microsoft", 1L) } : new[] { ("", 17L) }));
        Assert.That(model.Graph.Input.Select(i => i.Name), Is.EqualTo(new[] { "input_ids", "attention_mask", "token_type_ids" }));
        var products =
            model.Graph.Node.Where(n => n.OpType is "MatMulInteger" or "MatMulIntegerToFloat").Select(n => n.Input[1]).ToHashSet();
        Assert.That(products, Has.Count.EqualTo(quantization == Quantization.None ? 0 : 12));
        foreach (var weight in model.Graph.Initializer.Where(t => products.Contains(t.Name)))
            Assert.That(weight.RawData.Max(b => Math.Abs((int)(sbyte)b)), Is.EqualTo(64), weight.Name);
    }

    [Test]
    public void Write_AllOfAFolder_IsThere()
    {
        using var folder = new TemporaryFolder();
        Write(folder, "BERT", new OnnxForm(Quantization.None, Fused: false));

        Assert.That(
            Directory.GetFiles(folder.File("onnx")).Select(Path.GetFileName),
            Is.EquivalentTo(new[] { "README.md", "config.json", "model.onnx", "vocab.txt" }));
    }

    [Test]
    public void Write_RangesOfTextsOfUnequalLengths_DoNotMeasurePadding()
    {
        using var folder = new TemporaryFolder();
        var source = TinyModel.Write(folder, Labels);
        using var model = ModelFolder.OpenClassifier(source, 2);
        (int[], int)[] rows = [([2, 5, 3], 3), ([2, 5, 6, 7, 8, 9, 10, 3], 8)];

        var (together, first, second) = (Ranges(rows), Ranges(rows[..1]), Ranges(rows[1..]));

        foreach (var (input, range) in together)
        {
            Assert.That(range.Least, Is.EqualTo(Math.Min(first[input].Least, second[input].Least)), input);
            Assert.That(range.Most, Is.EqualTo(Math.Max(first[input].Most, second[input].Most)), input);
        }

        IReadOnlyDictionary<string, ValueRange> Ranges((int[], int)[] texts) => Calibrator.Ranges(
            (path, products) => OnnxFile.Write(path, model, fused: false, products), texts, padding: 0, CancellationToken.None)[0];
    }

    [TestCase("int8-saturation")]
    [TestCase("int8-neighbours")]
    public void Write_DynamicOfACase_AnswersEachTextAsItsRightValuesSay(string name)
    {
        if (GoldenFiles.Beside($"cases/{name}") is not { } source)
        {
            Assert.Ignore("The cases are not beside the repository.");
            return;
        }
        using var folder = new TemporaryFolder();
        var request = new OnnxExportRequest {
            Source = source, Form = new OnnxForm(Quantization.Dynamic, Fused: false), MaxLength = 16, Clock = TimeProvider.System };
        OnnxExport.Write(request, folder.File("onnx"), _ => "", CancellationToken.None);
        var right = System.Text.Json.JsonDocument.Parse(File.ReadAllText(Path.Combine(source, "right.json"))).RootElement;
        var lines = right.GetProperty("lines").EnumerateArray().Select(l => (TextInput)l.GetString()!).ToList();
        var fp32 = right.GetProperty("fp32 P(positive)").EnumerateArray().Select(p => p.GetDouble()).ToList();
        using var classifier = BertClassifier.Open(folder.File("onnx"), new BertClassifierOptions { MaxLength = 16 });

        var alone = lines.Select(line => classifier.Predict(line.First).Probabilities[1]).ToList();
        var beside = classifier.PredictBatch([.. lines, "https https https https"])
            .Take(lines.Count).Select(p => p.Probabilities[1]).ToList();

        Assert.That(alone.Select(p => p > 0.5), Is.EqualTo(fp32.Select(p => p > 0.5)));
        Assert.That(alone.Zip(fp32, (a, b) => Math.Abs(a - b)).Max(), Is.LessThan(0.1));
        Assert.That(beside, Is.EqualTo(alone).Within(0.01));
    }

    [TestCase(Quantization.None, false)]
    [TestCase(Quantization.None, true)]
    [TestCase(Quantization.Dynamic, true)]
    public void Write_Roberta_IsEqualToTorchSharp(Quantization quantization, bool fused)
    {
        using var folder = new TemporaryFolder();
        var (model, tokenizer) = (GoldenFiles.Require("roberta_classification"), GoldenFiles.Require("../roberta"));
        foreach (var file in (string[])[Path.Combine(model, "config.json"), Path.Combine(model, "model.safetensors"),
            Path.Combine(tokenizer, "vocab.json"), Path.Combine(tokenizer, "merges.txt")])
            folder.Write(Path.Combine("source", Path.GetFileName(file)), File.ReadAllBytes(file));
        var request = new OnnxExportRequest {
            Source = folder.File("source"), Form = new OnnxForm(quantization, fused), MaxLength = 32, Clock = TimeProvider.System };

        var report = OnnxExport.Write(request, folder.File("onnx"), _ => "", CancellationToken.None);

        Assert.That(report.Difference, Is.LessThan(1e-4));
        Assert.That(report.Tokens.Most, Is.EqualTo(32));
    }

    private static IEnumerable<string> Names() => Geometries.Keys;

    private static ExportReport Write(TemporaryFolder folder, string geometry, OnnxForm form)
    {
        var data = new Replication.Glue.GlueSource(Replication.Glue.DataFolders.Of(folder.Path, TinyModel.WriteData(folder), null));
        var request = new OnnxExportRequest
        {
            Source = TinyModel.Write(folder, Labels, geometry: Geometries[geometry]), Form = form, MaxLength = 16,
            Clock = TimeProvider.System,
            Train = form.Quantization == Quantization.Static
                ? [.. data.Load(Replication.Glue.GlueTasks.Parse("SST-2"), Replication.Glue.GlueSplit.Train).Examples.Select(DevSet.Text)]
                : null,
        };
        return OnnxExport.Write(request, folder.File("onnx"), _ => "a card", CancellationToken.None);
    }
}
