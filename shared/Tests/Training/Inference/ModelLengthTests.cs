using Replication.Bert;
using Replication.Inference;
using Replication.Tests.CommandLine;
using Replication.Tests.Inference;
using TorchSharp;

namespace Replication.Tests.Training.Inference;

/// <summary>The model_max_length of tokenizer_config.json shortens texts wherever a length is chosen.</summary>
public sealed class ModelLengthTests
{
    // [CLS], eight words, [SEP], of which six words are left.
    private const string Limit = "{\"model_max_length\": 8}", Cut = "good good good good good good", Whole = Cut + " bad bad";

    private TemporaryFolder _folder = null!;
    private int _threads;

    [SetUp]
    public void CreateFolder() => (_folder, _threads) = (new TemporaryFolder(), torch.get_num_threads());

    [TearDown]
    public void DeleteFolder()
    {
        torch.set_num_threads(_threads);
        _folder.Dispose();
    }

    private string Model(string settings = Limit)
    {
        var model = TinyModel.Write(_folder, ["no", "yes"]);
        _folder.Write("model/tokenizer_config.json", settings);
        return model;
    }

    [TestCase("{}", 32)]
    [TestCase("{\"model_max_length\": null}", 32)]
    [TestCase("{\"model_max_length\": 8}", 8)]
    [TestCase("{\"model_max_length\": 8.0}", 8)]
    [TestCase("{\"model_max_length\": 512}", 32)]
    [TestCase("{\"model_max_length\": 1000000000000000019884624838656}", 32)]
    [TestCase("{\"model_max_length\": 1e30}", 32)]
    public void LongestInput_OfPositionsAndSetting_IsTheLess(string settings, int longest) =>
        Assert.That(ModelFolder.LongestInput(Model(settings)), Is.EqualTo(longest));

    [TestCase("3")]
    [TestCase("-1")]
    [TestCase("8.5")]
    [TestCase("\"8\"")]
    public void LongestInput_OfSomethingElse_NamesFileAndKey(string value) => Assert.That(
        () => ModelFolder.LongestInput(Model($"{{\"model_max_length\": {value}}}")),
        Throws.TypeOf<ReplicationException>().With.Message.EqualTo(
            $"{_folder.File("model/tokenizer_config.json")}: model_max_length is {value}; it must be a whole number from 4, or absent."));

    [Test]
    public void Predict_LongerThanTheTokenizerTakes_IsCutThere()
    {
        using var classifier = Classifier.Open(Model());
        Assert.That(classifier.Predict(Whole).Probabilities, Is.EqualTo(classifier.Predict(Cut).Probabilities));
    }

    [Test]
    public void Predict_OfAnExportedModel_IsCutThereToo()
    {
        var folder = OnnxFolder.Write(_folder, ["no", "yes"]);
        _folder.Write("onnx/tokenizer_config.json", Limit);
        using var classifier = BertClassifier.Open(folder);
        Assert.That(classifier.Predict(Whole).Probabilities, Is.EqualTo(classifier.Predict(Cut).Probabilities));
        Assert.That(() => BertClassifier.Open(folder, new BertClassifierOptions { MaxLength = 9 }),
            Throws.TypeOf<ReplicationException>().With.Message.Contains("MaxLength is 9; it must be from 4 to 8"));
    }

    [Test]
    public void Answer_InWindowsLongerThanTheTokenizerTakes_IsRefused()
    {
        var folder = TinyModel.WriteQuestionAnswering(_folder);
        _folder.Write("answers/tokenizer_config.json", Limit);
        Assert.That(() => QuestionAnswerer.Open(folder, new Windowing(MaxLength: 9)),
            Throws.TypeOf<ReplicationException>().With.Message.StartsWith("Windows of 9 tokens are longer than the 8 that the model in "));
        QuestionAnswerer.Open(folder).Dispose();
    }

    [TestCase("predict")]
    [TestCase("evaluate", "--task", "SST-2")]
    [TestCase("finetune", "--task", "SST-2", "--output", "{0}")]
    [TestCase("export", "--format", "onnx", "--output", "{0}")]
    public void Verb_AskedForMoreThanTheTokenizerTakes_SaysWhy(params string[] words)
    {
        using var session = new Session();
        var model = Model();
        var output = _folder.File("output");

        var call = session.Run(
            [.. words.Select(word => word == "{0}" ? output : word), "--model", model, "--max-length", "9", "--threads", "1"]);

        Assert.That((call.Exit, call.Error), Is.EqualTo(
            (2, $"error: The longest text is 9 tokens; for the model in {model} it must be from 4 to 8, the model_max_length of its "
                + "tokenizer_config.json.\n")));
    }

    [TestCase(Limit, true)]
    [TestCase("{\"model_max_length\": 512}", false)]
    public void Save_TokenizerWithALengthOfItsOwn_KeepsItWhereItMatters(string settings, bool isKept)
    {
        var model = Model(settings);
        using (var trained = ModelFolder.OpenClassifier(model, outputs: 2))
            ModelFolder.Save(trained, _folder.File("saved"), ["no", "yes"], model);
        Assert.That(File.Exists(_folder.File("saved/tokenizer_config.json")), Is.EqualTo(isKept));
        Assert.That(ModelFolder.LongestInput(_folder.File("saved")), Is.EqualTo(isKept ? 8 : 32));
    }
}
