using System.Text.Json;
using TorchSharp;

namespace Replication.Tests.CommandLine;

public sealed class ModelVerbsTests
{
    private int _threads;

    [SetUp]
    public void RememberThreads() => _threads = torch.get_num_threads();

    [TearDown]
    public void RestoreThreads() => torch.set_num_threads(_threads);

    [Test]
    public void FineTune_ThenEvaluateAndPredict_TheModelKnowsTheTask()
    {
        using var folder = new TemporaryFolder();
        var (model, data) = (TinyModel.Write(folder, ["negative", "positive"]), TinyModel.WriteData(folder));
        var (trained, predictions) = (folder.File("trained"), folder.File("dev-predictions.tsv"));
        using var session = new Session { Input = "a good film\na bad film with songs\n" };

        var finetune = session.Run(
            "finetune", "--model", model, "--task", "sst-2", "--data", data, "--output", trained, "--precision", "fp32", "--threads", "1",
            "--epochs", "8", "--learning-rate", "1e-2", "--batch-size", "8", "--max-length", "16");
        var evaluate = session.Run("evaluate", "--model", trained, "--task", "SST-2", "--data", data, "--max-length", "16", "--threads", "1", "--predictions", predictions, "--json");
        var predict = session.Run("predict", "--model", trained, "--max-length", "16", "--threads", "1");

        Assert.That(finetune.Exit, Is.Zero, finetune.Error);
        Assert.That(finetune.Output, Does.Contain("SST-2 dev: accuracy 100.00"));
        Assert.That(evaluate.Exit, Is.Zero, evaluate.Error);
        Assert.That(JsonDocument.Parse(evaluate.Output).RootElement.GetProperty("scores").GetProperty("accuracy").GetDouble(), Is.EqualTo(1));
        Assert.That(File.ReadAllLines(predictions), Has.Length.EqualTo(17));
        Assert.That(predict.Lines[0], Is.EqualTo("label\tnegative\tpositive"));
        Assert.That(predict.Lines[1], Does.Match(@"^positive\t0\.\d{4}\t0\.\d{4}$"));
        Assert.That(predict.Lines[2], Does.StartWith("negative\t"));
    }

    [Test]
    public void Evaluate_LabelsInAnotherOrder_IsRefused()
    {
        using var folder = new TemporaryFolder();
        using var session = new Session();

        var call = session.Run("evaluate", "--model", TinyModel.Write(folder, ["positive", "negative"]), "--task", "SST-2");

        Assert.That(call.Exit, Is.EqualTo(1));
        Assert.That(call.Error, Does.Contain("has the labels positive, negative where SST-2 has negative, positive"));
    }

    [Test]
    public void Predict_Json_GivesAnObjectALine()
    {
        using var folder = new TemporaryFolder();
        var input = folder.Write("pairs.tsv", "a good film\twith songs\nbad\n");
        using var session = new Session();

        var call = session.Run("predict", "--model", TinyModel.Write(folder, ["no", "yes"]), "--max-length", "16", "--input", input, "--json");

        Assert.That(call.Exit, Is.Zero, call.Error);
        var probabilities = call.Lines.Select(l => JsonDocument.Parse(l).RootElement.GetProperty("probabilities")).ToList();
        Assert.That(probabilities, Has.Count.EqualTo(2));
        Assert.That(probabilities[0].GetProperty("no").GetDouble() + probabilities[0].GetProperty("yes").GetDouble(), Is.EqualTo(1).Within(1e-12));
    }

    [Test]
    public void Predict_InputMissing_IsNamed()
    {
        using var folder = new TemporaryFolder();
        using var session = new Session();

        var call = session.Run("predict", "--model", TinyModel.Write(folder, ["no", "yes"]), "--max-length", "16", "--input", folder.File("none.txt"));

        Assert.That(call.Exit, Is.EqualTo(2));
        Assert.That(call.Error, Does.Contain($"--input is {folder.File("none.txt")}, which cannot be read"));
    }

    [Test]
    public void Data_NothingHere_SaysWhatItWouldTake()
    {
        using var session = new Session();

        var call = session.Run("data");

        Assert.That(call.Exit, Is.Zero, call.Error);
        Assert.That(call.Output, Does.Match(@"(?m)^QNLI +GLUE task +missing").And.Contains("./reproduce.ps1 data fetch bert-base-uncased"));
    }

    [Test]
    public void Device_CudaWithoutOne_IsExplained()
    {
        if (torch.cuda.is_available())
            Assert.Ignore("This machine has a CUDA device.");
        using var session = new Session();

        var call = session.Run("plan", "--device", "cuda");

        Assert.That(call.Exit, Is.EqualTo(1));
        Assert.That(call.Error, Does.StartWith("error: --device is cuda, but libtorch finds no CUDA device"));
    }
}
