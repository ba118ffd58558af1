using System.Text.Json;
using System.Text.Json.Nodes;
using Replication.Bert;
using Replication.Tests.CommandLine;
using static TorchSharp.torch;

namespace Replication.Tests.Bert;

/// <summary>The folders in which people have their models: what is in them besides the plain case is understood or named.</summary>
public sealed class ModelKindsTests
{
    private TemporaryFolder _folder = null!;
    private string _model = "";

    [SetUp]
    public void CreateModel()
    {
        _folder = new TemporaryFolder();
        _model = TinyModel.Write(_folder, ["negative", "positive"]);
    }

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    private string Weights => Path.Combine(_model, "model.safetensors");

    private void Change(params (string Key, string Json)[] keys)
    {
        var path = Path.Combine(_model, "config.json");
        var config = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        foreach (var (key, json) in keys)
            config[key] = JsonNode.Parse(json);
        File.WriteAllText(path, config.ToJsonString());
    }

    private static double[] Ask(string folder)
    {
        using var classifier = Classifier.Open(folder, maxLength: 16);
        return [.. classifier.PredictBatch([new("a good film"), new("a bad film with songs")])
            .SelectMany(prediction => prediction.Probabilities)];
    }

    private static Action Opening(string folder) => () => Classifier.Open(folder, maxLength: 16).Dispose();

    private void WriteParts(Func<string, string> part, string index = "model.safetensors.index.json")
    {
        using var scope = NewDisposeScope();
        var tensors = GoldenModel.Read(Weights);
        var map = tensors.Keys.ToDictionary(name => name, part);
        File.Delete(Weights);
        foreach (var group in tensors.GroupBy(t => map[t.Key]))
            SafetensorsWriter.Write(Path.Combine(_model, group.Key), group.Select(t => (t.Key, t.Value)));
        File.WriteAllText(
            Path.Combine(_model, index), new JsonObject {
            ["weight_map"] = new JsonObject(map.Select(m => KeyValuePair.Create(m.Key, (JsonNode?)m.Value))) }.ToJsonString());
    }

    [Test]
    public void Open_WeightsInParts_AreReadAsOne()
    {
        var whole = Ask(_model);
        WriteParts(name =>
            name.Contains("encoder", StringComparison.Ordinal) ? "model-00001-of-00002.safetensors" : "model-00002-of-00002.safetensors");
        Assert.That(Ask(_model), Is.EqualTo(whole));
    }

    [Test]
    public void Open_PartMissing_IsNamed()
    {
        WriteParts(name => name.Contains("encoder", StringComparison.Ordinal) ? "a.safetensors" : "b.safetensors");
        File.Delete(Path.Combine(_model, "b.safetensors"));
        Assert.That(Opening(_model), Throws.TypeOf<ReplicationException>().With.Message.Contains("b.safetensors"));
    }

    [TestCase("""{"weight_map": {"classifier.weight": "../elsewhere.safetensors"}}""", "the name of a file beside the index")]
    [TestCase("""{"weight_map": {"classifier.weight": 3}}""", "the name of a file beside the index")]
    [TestCase("""{"metadata": {}}""", "has no weight_map")]
    public void Open_IndexThatCannotBe_IsRefused(string index, string message)
    {
        File.Delete(Weights);
        File.WriteAllText(Path.Combine(_model, "model.safetensors.index.json"), index);
        Assert.That(Opening(_model), Throws.TypeOf<ReplicationException>().With.Message.Contains(message));
    }

    [TestCase("module.")]
    [TestCase("_orig_mod.")]
    [TestCase("module._orig_mod.")]
    [TestCase("model.")]
    public void Open_NamesThatBeginWithAWrapper_AreThoseBehindIt(string wrapper)
    {
        var plain = Ask(_model);
        using var scope = NewDisposeScope();
        SafetensorsWriter.Write(Weights, GoldenModel.Read(Weights).Select(t => (wrapper + t.Key, t.Value)).ToList());
        Assert.That(Ask(_model), Is.EqualTo(plain));
    }

    [TestCase("module.", "classifier.")]
    [TestCase("module.", "bert.pooler.")]
    [TestCase("_orig_mod.", "bert.encoder.")]
    public void Open_OnlySomeNamesBeginWithAWrapper_SaysSo(string wrapper, string part)
    {
        using var scope = NewDisposeScope();
        SafetensorsWriter.Write(Weights, GoldenModel.Read(Weights)
            .Select(t => (t.Key.StartsWith(part, StringComparison.Ordinal) ? wrapper + t.Key : t.Key, t.Value)).ToList());
        Assert.That(Opening(_model), Throws.TypeOf<ReplicationException>().With.Message.Contains(
            $"some of the tensors' names begin with {wrapper}, such as {wrapper}{part}").And.Message.Contains("others do not"));
    }

    [Test]
    public void Open_QuantizedWeights_AreRefused()
    {
        using var scope = NewDisposeScope();
        SafetensorsWriter.Write(
            Weights, GoldenModel.Read(Weights)
            .Select(t => (t.Key, t.Key == "classifier.weight" ? t.Value.to(ScalarType.Int8) : t.Value)).ToList());
        Assert.That(Opening(_model), Throws.TypeOf<ReplicationException>().With.Message.Contains("classifier.weight is of Int8"));
    }

    private static IEnumerable<TestCaseData> Mistaken() =>
        from file in new[] { "model.safetensors", "config.json", "vocab.txt", "pytorch_model.bin", "tokenizer.json" }
        from content in new[]
        {
            ("version https://git-lfs.github.com/spec/v1\noid sha256:aa\nsize 440449768\n", "is a git-LFS pointer"),
            ("\n<!DOCTYPE html>\n<html><body>Sign in</body></html>", "is an HTML page"),
            ("<HTML>404</HTML>", "is an HTML page"),
            ("<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>", "is an XML document"),
        }
        select new TestCaseData(file, content.Item1, content.Item2).SetArgDisplayNames(file, content.Item1[..6].Trim());

    [TestCaseSource(nameof(Mistaken))]
    public void Open_SomethingElseUnderAFilesName_IsCalledWhatItIs(string file, string content, string message)
    {
        if (file == "pytorch_model.bin")
            File.Delete(Weights);
        File.WriteAllText(Path.Combine(_model, file), content);
        Assert.That(Opening(_model),
            Throws.TypeOf<ReplicationException>().With.Message.Contains(Path.Combine(_model, file)).And.Message.Contains(message));
    }

    [Test]
    public void Open_TextForWeights_IsShown()
    {
        File.WriteAllText(Weights, "Entry not found: no such revision");
        Assert.That(Opening(_model), Throws.TypeOf<ReplicationException>().With.Message.Contains("begins with the text 'Entry no'"));
    }

    [TestCase("is_decoder", "true", "[CLS] itself alone")]
    [TestCase("add_cross_attention", "true", "add_cross_attention is true")]
    [TestCase("quantization_config", "{\"bits\": 4}", "quantization_config")]
    [TestCase("problem_type", "\"multi_label_classification\"", "problem_type is multi_label_classification")]
    [TestCase("problem_type", "\"regression\"", "problem_type is regression")]
    [TestCase("problem_type", "\"ranking\"", "problem_type is ranking")]
    [TestCase("num_labels", "3", "num_labels is 3; it must be 2")]
    [TestCase("id2label", "{\"0\": \"a\", \"1\": \"b\", \"2\": \"c\"}", "id2label")]
    [TestCase("id2label", "{\"0\": \"a\", \"2\": \"b\"}", "id2label")]
    [TestCase("id2label", "{\"0\": \"a\", \"00\": \"b\"}", "id2label")]
    [TestCase("architectures", "[\"BertForTokenClassification\"]", "BertForTokenClassification")]
    [TestCase("architectures", "[\"BertForMultipleChoice\"]", "BertForMultipleChoice")]
    [TestCase("position_embedding_type", "\"relative_key\"", "relative_key")]
    public void Open_ConfigThatMeansAnotherModel_IsRefusedByKey(string key, string json, string message)
    {
        Change((key, json));
        Assert.That(Opening(_model),
            Throws.TypeOf<ReplicationException>().With.Message.Contains("config.json").And.Message.Contains(message));
    }

    [TestCase("problem_type", "\"single_label_classification\"")]
    [TestCase("problem_type", "null")]
    [TestCase("num_labels", "2")]
    [TestCase("is_decoder", "false")]
    [TestCase("quantization_config", "null")]
    public void Open_ConfigThatMeansThisModel_IsAsWithoutTheKey(string key, string json)
    {
        var plain = Ask(_model);
        Change((key, json));
        Assert.That(Ask(_model), Is.EqualTo(plain));
    }

    [TestCase("single_label_classification")]
    [TestCase("multi_label_classification")]
    public void Open_OneOutputOfALabel_IsRefused(string problem)
    {
        _model = TinyModel.Write(_folder, ["score"], "one");
        Change(("problem_type", $"\"{problem}\""));
        Assert.That(Opening(_model), Throws.TypeOf<ReplicationException>().With.Message.Contains($"problem_type is {problem}"));
    }

    [Test]
    public void Open_ConfigOfTinyBertsAuthors_HasTheirRelu()
    {
        var plain = Ask(_model);
        Change(("cell", "{}"), ("emb_size", "16"), ("structure", "[]"));
        Assert.That(Ask(_model), Is.EqualTo(plain), "written by transformers, which has no ReLU there");

        Change(("architectures", "null"), ("transformers_version", "null"));
        var authors = Ask(_model);
        Change(("relu_before_classifier", "true"));

        Assert.That(authors, Is.EqualTo(Ask(_model)).And.Not.EqualTo(plain));
    }

    [Test]
    public void OpenMaskedLM_DecoderOfItsOwn_IsRefused()
    {
        _model = TinyModel.WriteMaskedLM(_folder);
        Change(("tie_word_embeddings", "false"));
        using var scope = NewDisposeScope();
        var tensors = GoldenModel.Read(Weights);
        var words = tensors["bert.embeddings.word_embeddings.weight"];

        Assert.That(() => ModelFolder.OpenMaskedLM(_model),
            Throws.TypeOf<ReplicationException>().With.Message.Contains("holds no decoder"));
        Write(words + 1);
        Assert.That(() => ModelFolder.OpenMaskedLM(_model), Throws.TypeOf<ReplicationException>().With.Message.Contains(
            "cls.predictions.decoder.weight").And.Message.Contains("tie_word_embeddings: false"));
        Write(words);
        Assert.That(() => ModelFolder.OpenMaskedLM(_model).Dispose(), Throws.Nothing);
        Write(words + 1);
        Change(("tie_word_embeddings", "true"));
        Assert.That(() => ModelFolder.OpenMaskedLM(_model).Dispose(), Throws.Nothing, "transformers ties, whatever the file holds");

        void Write(Tensor decoder) => SafetensorsWriter.Write(
            Weights, tensors.Select(t => (t.Key, t.Value)).Append(("cls.predictions.decoder.weight", decoder)).ToList());
    }

    [Test]
    public void ReadLabels_EightyThousand_TakesNoHundredTimesAsLongAsReadingTheFile()
    {
        const int labels = 80_000;
        Change(("id2label", $"{{{string.Join(',', Enumerable.Range(0, labels).Select(id => $"\"{id}\":\"name {id}\""))}}}"));
        var file = Path.Combine(_model, "config.json");
        var reading = Seconds(() => JsonDocument.Parse(File.ReadAllBytes(file)).RootElement.GetProperty("id2label").EnumerateObject()
            .ToDictionary(pair => pair.Name, pair => pair.Value.GetString()).Count);
        Assert.That(
            Seconds(() => ModelFolder.ReadLabels(_model)!.Count), Is.LessThan(100 * reading), "a search for each: 250 times; one pass: 3");

        // By processor time, so that other work on the machine does not count; the first call also compiles.
        static double Seconds(Func<int> read) => Enumerable.Range(0, 4).Min(_ =>
        {
            var start = Environment.CpuUsage.TotalTime;
            Assert.That(read(), Is.EqualTo(labels));
            return (Environment.CpuUsage.TotalTime - start).TotalSeconds;
        });
    }

    [TestCase("""{ "model_type": "bert", "id2label": { "0": "\ud800", "1": "b" } }""", "id2label.0")]
    [TestCase("""{ "model_type": "\udc00bert" }""", "model_type")]
    [TestCase("""{ "model_type": "bert", "\ud800": 1 }""", "a name in it")]
    public void ReadLabels_HalfACharacter_IsASentence(string config, string place)
    {
        File.WriteAllText(Path.Combine(_model, "config.json"), config);
        Assert.That(() => ModelFolder.ReadLabels(_model),
            Throws.TypeOf<ReplicationException>().With.Message.Contains($"{place} holds half a character"));
    }

    [TestCase("sharded")]
    [TestCase("module-prefix")]
    [TestCase("tokenizer-json-only")]
    [Category("Cases")]
    public void Open_CaseOfTheSameModel_AnswersAsThePlainOne(string name)
    {
        var lines = File.ReadAllLines(CaseFiles.Require("model-folders/lines.txt"));
        Assert.That(AskLines(CaseFiles.Require($"model-folders/{name}"), lines),
            Is.EqualTo(AskLines(CaseFiles.Require("model-folders/plain"), lines)).Within(1e-6));
    }

    [TestCase("cfg-is-decoder", "is_decoder")]
    [TestCase("lfs-pointer", "git-LFS pointer")]
    [Category("Cases")]
    public void Open_CaseThatCannotBe_IsRefused(string name, string message) =>
        Assert.That(Opening(CaseFiles.Require($"model-folders/{name}")),
            Throws.TypeOf<ReplicationException>().With.Message.Contains(message));

    [Test]
    [Category("Cases")]
    public void Open_CaseOfTinyBertsAuthors_HasTheirRelu()
    {
        var lines = File.ReadAllLines(CaseFiles.Require("model-folders/lines.txt"));
        Assert.That(AskLines(CaseFiles.Require("model-folders/cfg-tinybert"), lines),
            Is.Not.EqualTo(AskLines(CaseFiles.Require("model-folders/plain"), lines)).Within(1e-4));
    }

    private static double[] AskLines(string folder, string[] lines)
    {
        using var classifier = Classifier.Open(folder);
        return [.. classifier.PredictBatch([.. lines.Select(line => new TextInput(line))])
            .Select(prediction => prediction.Probabilities[1])];
    }
}
