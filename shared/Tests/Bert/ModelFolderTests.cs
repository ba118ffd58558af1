using Replication.Bert;
using static TorchSharp.torch;

namespace Replication.Tests.Bert;

public sealed class ModelFolderTests
{
    private static readonly BertConfig Small = new()
    {
        VocabSize = 50, HiddenSize = 24, NumHiddenLayers = 2, NumAttentionHeads = 3, IntermediateSize = 40, MaxPositionEmbeddings = 16,
        LayerNormEps = 1e-5, HiddenDropoutProb = 0.2, AttentionProbsDropoutProb = 0.3, InitializerRange = 0.05,
    };

    [Test]
    public void Save_ThenOpen_SameWeightsConfigAndLabels()
    {
        var folder = Path.Combine(TestFolder.Create(), "model");
        var vocabulary = folder + ".txt";
        File.WriteAllText(vocabulary, "[PAD]\n");
        using var model = new BertForSequenceClassification(Small, 2, seed: 5);

        ModelFolder.Save(model, folder, ["negative", "positive"], vocabulary);
        using var opened = ModelFolder.OpenClassifier(folder, 2);

        Assert.That(opened.Config, Is.EqualTo(Small));
        Assert.That(ModelFolder.ReadLabels(folder), Is.EqualTo(new[] { "negative", "positive" }));
        Assert.That(ModelFolder.ClassifierOutputs(folder), Is.EqualTo(2));
        Assert.That(Directory.GetFiles(folder).Select(Path.GetFileName),
            Is.EquivalentTo(new[] { "config.json", "model.safetensors", "vocab.txt" }));
        Assert.That(Directory.GetDirectories(Path.GetDirectoryName(folder)!), Is.EqualTo(new[] { folder }));
        foreach (var (saved, read) in model.named_parameters().Zip(opened.named_parameters()))
            Assert.That(GoldenModel.AreEqual(saved.parameter, read.parameter), Is.True, saved.name);
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Save_ReluBeforeClassifier_IsKeptAndLeftOutWhereItIsNot(bool relu)
    {
        var folder = Path.Combine(TestFolder.Create(), "model");
        using var model = new BertForSequenceClassification(Small with { ReluBeforeClassifier = relu }, 2, seed: 5);
        ModelFolder.Save(model, folder, ["negative", "positive"], null);
        Assert.That(ModelFolder.ReadConfig(folder).ReluBeforeClassifier, Is.EqualTo(relu));
        Assert.That(File.ReadAllText(Path.Combine(folder, "config.json")).Contains("relu_before_classifier", StringComparison.Ordinal),
            Is.EqualTo(relu));
    }

    [TestCase(null)]
    [TestCase(0.4)]
    public void Save_ClassifierDropout_IsKept(double? dropout)
    {
        var folder = Path.Combine(TestFolder.Create(), "model");
        using var model = new BertForSequenceClassification(Small with { ClassifierDropout = dropout }, 2, seed: 5);
        ModelFolder.Save(model, folder, ["negative", "positive"], null);
        Assert.That(ModelFolder.ReadConfig(folder).ClassifierDropout, Is.EqualTo(dropout));
    }

    [TestCase("model/notes.txt")]
    [TestCase("model.previous/notes.txt")]
    [TestCase("model.partial/notes.txt")]
    [TestCase("model/source/program.py")]
    public void Save_WhereSomethingElseLies_LeavesItAlone(string file)
    {
        using var folder = new TemporaryFolder();
        folder.Write("model/config.json", "{}");
        var kept = folder.Write(file, "mine");
        using var model = new BertForSequenceClassification(Small, 2, seed: 5);
        Assert.That(() => ModelFolder.Save(model, folder.File("model"), ["a", "b"], null),
            Throws.TypeOf<ReplicationException>().With.Message.Contains("is in the way and no part of a model"));
        Assert.That(File.ReadAllText(kept), Is.EqualTo("mine"));
        Assert.That(File.ReadAllText(folder.File("model/config.json")), Is.EqualTo("{}"));
    }

    [Test]
    public void Save_AfterACallThatDiedBetweenItsRenames_ReplacesTheModelThatItLeft()
    {
        using var folder = new TemporaryFolder();
        folder.Write("model.previous/config.json", "{}");
        folder.Write("model.partial/config.json.partial", "{");
        using var model = new BertForSequenceClassification(Small, 2, seed: 5);
        ModelFolder.Save(model, folder.File("model"), ["a", "b"], null);
        Assert.That(Directory.GetDirectories(folder.Path), Is.EqualTo(new[] { folder.File("model") }));
        Assert.That(ModelFolder.ReadConfig(folder.File("model")), Is.EqualTo(Small));
    }

    [TestCase("link", true)]
    [TestCase("link/", true)]
    [TestCase("link", false)]
    [Platform(Exclude = "Win", Reason = "links need a privilege there")]
    public void Save_ToALink_WritesWhereItLeadsAndKeepsIt(string name, bool exists)
    {
        using var folder = new TemporaryFolder();
        if (exists)
            folder.Write("disk/model/config.json", "{}");
        Directory.CreateSymbolicLink(folder.File("link"), "disk/model/");
        using var model = new BertForSequenceClassification(Small, 2, seed: 5);

        ModelFolder.Save(model, folder.File(name), ["a", "b"], null);

        Assert.That(new DirectoryInfo(folder.File("link")).LinkTarget, Is.EqualTo("disk/model/"));
        Assert.That(ModelFolder.ReadConfig(folder.File("disk/model")), Is.EqualTo(Small));
        Assert.That(Directory.GetFileSystemEntries(folder.File("disk")), Is.EqualTo(new[] { folder.File("disk/model") }));
    }

    [Test]
    public void OpenTokenizer_MoreWordsThanTheModelKnows_IsRefused()
    {
        var folder = Path.Combine(TestFolder.Create(), "model");
        var vocabulary = folder + ".txt";
        File.WriteAllText(
            vocabulary, "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n" + string.Concat(Enumerable.Range(0, 46).Select(i => $"word{i}\n")));
        using var model = new BertForSequenceClassification(Small, 2, seed: 5);
        ModelFolder.Save(model, folder, ["a", "b"], vocabulary);
        Assert.That(() => ModelFolder.OpenTokenizer(folder),
            Throws.TypeOf<ReplicationException>().With.Message.Contains("has 51 words where its model knows 50"));
    }

    [Test]
    public void ReadLabels_OneNameTwice_IsRefused()
    {
        using var folder = new TemporaryFolder();
        folder.Write("config.json", """{ "model_type": "bert", "id2label": { "0": "x", "1": "x" } }""");
        Assert.That(() => ModelFolder.ReadLabels(folder.Path),
            Throws.TypeOf<ReplicationException>().With.Message.Contains("a name of its own for each id"));
    }

    [Test]
    public void Save_OverAnotherModel_ReplacesIt()
    {
        var folder = Path.Combine(TestFolder.Create(), "model");
        using var three = new BertForSequenceClassification(Small, 3, seed: 5);
        using var one = new BertForSequenceClassification(Small, 1, seed: 5);

        ModelFolder.Save(three, folder, ["a", "b", "c"], null);
        ModelFolder.Save(one, folder, ["score"], null);

        Assert.That(ModelFolder.ClassifierOutputs(folder), Is.EqualTo(1));
        Assert.That(File.ReadAllText(Path.Combine(folder, "config.json")), Does.Contain("\"problem_type\": \"regression\""));
    }

    [Test]
    public void Save_WrongNumberOfLabels_IsRefused()
    {
        using var model = new BertForSequenceClassification(Small, 3, seed: 5);

        Assert.That(() => ModelFolder.Save(model, TestFolder.Create(), ["a"], null),
            Throws.TypeOf<ReplicationException>().With.Message.Contains("3 outputs"));
        Assert.That(() => ModelFolder.Save(model, TestFolder.Create(), ["a", "b", "a"], null),
            Throws.TypeOf<ReplicationException>().With.Message.Contains("a, b, a"));
    }

    [Test]
    public void OpenClassifier_OtherNumberOfOutputs_IsRefusedUnlessANewOneIsAskedFor()
    {
        var folder = SavedFolder(outputs: 3);

        Assert.That(() => ModelFolder.OpenClassifier(folder, 2), Throws.TypeOf<ReplicationException>().With.Message.Contains("3 outputs"));
        using var first = ModelFolder.OpenClassifier(folder, 2, newClassifier: true, seed: 1);
        using var second = ModelFolder.OpenClassifier(folder, 2, newClassifier: true, seed: 1);
        using var other = ModelFolder.OpenClassifier(folder, 2, newClassifier: true, seed: 2);
        Assert.That(GoldenModel.AreEqual(Classifier(first), Classifier(second)), Is.True);
        Assert.That(GoldenModel.AreEqual(Classifier(first), Classifier(other)), Is.False);

        static Tensor Classifier(BertForSequenceClassification model) => model.get_parameter("classifier.weight")!;
    }

    [Test]
    public void OpenClassifier_WithoutPrefix_FindsTheEncoder()
    {
        using var scope = NewDisposeScope();
        var folder = SavedFolder(outputs: 3);
        var path = Path.Combine(folder, "model.safetensors");
        var tensors = GoldenModel.Read(path);
        SafetensorsWriter.Write(path, tensors
            .Where(t => t.Key.StartsWith("bert.", StringComparison.Ordinal))
            .Select(t => (t.Key["bert.".Length..], t.Value)));

        using var model = ModelFolder.OpenClassifier(folder, 2);

        Assert.That(GoldenModel.AreEqual(model.Encoder.get_parameter("pooler.dense.weight")!, tensors["bert.pooler.dense.weight"]),
            Is.True);
    }

    [Test]
    public void OpenClassifier_MissingOrMisshapenTensor_IsNamed()
    {
        using var scope = NewDisposeScope();
        var folder = SavedFolder(outputs: 3);
        var path = Path.Combine(folder, "model.safetensors");
        const string name = "bert.encoder.layer.1.output.dense.bias";
        var tensors = GoldenModel.Read(path);

        SafetensorsWriter.Write(path, tensors.Where(t => t.Key != name).Select(t => (t.Key, t.Value)));
        Assert.That(() => ModelFolder.OpenClassifier(folder, 3),
            Throws.TypeOf<ReplicationException>().With.Message.Contains(name).And.Message.Contains(path));
        Assert.That(() => ModelFolder.OpenClassifier(folder, 3, layers: 1).Dispose(), Throws.Nothing);

        tensors[name] = zeros(7);
        SafetensorsWriter.Write(path, tensors.Select(t => (t.Key, t.Value)));
        Assert.That(() => ModelFolder.OpenClassifier(folder, 3),
            Throws.TypeOf<ReplicationException>().With.Message.Contains($"{name} has the shape [7]"));
    }

    [TestCase("\"hidden_act\": \"gelu\"", "\"hidden_act\": \"swish\"", "hidden_act is swish")]
    [TestCase("\"num_attention_heads\": 3", "\"num_attention_heads\": 5", "hidden_size is 24")]
    [TestCase("\"vocab_size\": 50", "\"vocab\": 50", "lacks the key vocab_size")]
    [TestCase("\"num_hidden_layers\": 2", "\"num_hidden_layers\": 2000000000", "num_hidden_layers is 2000000000")]
    [TestCase("\"num_hidden_layers\": 2", "\"num_hidden_layers\": \"two\"", "num_hidden_layers is \"two\"")]
    [TestCase("\"model_type\": \"bert\"", "\"model_type\": \"gpt2\"", "model_type is gpt2")]
    [TestCase("\"hidden_size\": 24", "\"hidden_size\": 65535", "where config.json asks for [3, 65535]")]
    [TestCase("\"pad_token_id\": 0", "\"pad_token_id\": 0, \"relu_before_classifier\": 1", "relu_before_classifier is 1")]
    [TestCase("\"pad_token_id\": 0", "\"pad_token_id\": 50", "pad_token_id is 50")]
    [TestCase("\"vocab_size\": 50", "\"vocab_size\": 50,,", "config.json, line")]
    public void OpenClassifier_ConfigThatCannotBe_NamesFileAndKey(string old, string changed, string named)
    {
        var folder = SavedFolder(outputs: 3);
        var path = Path.Combine(folder, "config.json");
        var text = File.ReadAllText(path);
        Assert.That(text, Does.Contain(old));
        File.WriteAllText(path, text.Replace(old, changed, StringComparison.Ordinal));

        Assert.That(
            () => ModelFolder.OpenClassifier(folder, 3),
            Throws.TypeOf<ReplicationException>().With.Message.Contains(named).And.Message.Contains(folder));
    }

    [TestCase(false, "bert.encoder.layer.1.attention.output.LayerNorm.bias", "num_hidden_layers")]
    [TestCase(true, "distilbert.transformer.layer.1.attention.k_lin.bias", "n_layers")]
    public void OpenClassifier_FewerLayersInTheConfigThanInTheFile_IsRefused(bool distil, string tensor, string key)
    {
        var folder = Path.Combine(TestFolder.Create(), "model");
        using var model = new BertForSequenceClassification(distil ? Small.ToDistil(2) : Small, 2, seed: 5);
        ModelFolder.Save(model, folder, ["a", "b"], null);
        var path = Path.Combine(folder, "config.json");
        var text = File.ReadAllText(path);
        Assert.That(text, Does.Contain($"\"{key}\": 2"));
        File.WriteAllText(path, text.Replace($"\"{key}\": 2", $"\"{key}\": 1", StringComparison.Ordinal));

        foreach (var open in (Action[])
            [() => ModelFolder.OpenClassifier(folder, 2).Dispose(), () => ModelFolder.OpenEncoder(folder).Dispose()])
            Assert.That(open, Throws.TypeOf<ReplicationException>().With.Message.StartsWith(
                $"{Path.Combine(folder, "model.safetensors")} holds the tensor {tensor}, but {key} in its config.json is 1"));
    }

    [Test]
    public void OpenClassifier_NoWeights_NamesTheFolder()
    {
        var folder = SavedFolder(outputs: 3);
        File.Delete(Path.Combine(folder, "model.safetensors"));

        Assert.That(() => ModelFolder.OpenClassifier(folder, 3), Throws.TypeOf<ReplicationException>().With.Message.Contains(folder));
    }

    [TestCase(0)]
    [TestCase(3)]
    public void OpenClassifier_LayersOutOfRange_IsRefused(int layers) =>
        Assert.That(
            () => ModelFolder.OpenClassifier(SavedFolder(outputs: 3), 3, layers),
            Throws.TypeOf<ReplicationException>().With.Message.Contains("has 2 layers"));

    private static string SavedFolder(int outputs)
    {
        var folder = Path.Combine(TestFolder.Create(), "model");
        using var model = new BertForSequenceClassification(Small, outputs, seed: 5);
        ModelFolder.Save(model, folder, Enumerable.Range(0, outputs).Select(i => $"class{i}").ToList(), null);
        return folder;
    }
}
