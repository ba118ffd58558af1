using System.Text.Json;
using Replication.Tests.Glue;
using TorchSharp;

namespace Replication.Tests.CommandLine;

public sealed class ModelVerbsTests
{
    private int _threads;

    [SetUp]
    public void RememberThreads() => _threads = torch.get_num_threads();

    [TearDown]
    public void RestoreThreads() => torch.set_num_threads(_threads);

    private static IReadOnlyList<string> Warnings(Call call) =>
        [.. call.Error.Split('\n').Where(line => line.StartsWith("warning: ", StringComparison.Ordinal))];

    [Test]
    public void FineTune_ThenEvaluateAndPredict_TheModelKnowsTheTask()
    {
        using var folder = new TemporaryFolder();
        var (model, data) = (TinyModel.Write(folder, ["negative", "positive"]), TinyModel.WriteData(folder));
        var (trained, predictions) = (folder.File("trained"), folder.File("dev-predictions.tsv"));
        using var session = new Session { Input = "a good film\na bad film with songs\n" };

        var finetune = FineTune(trained);
        var again = FineTune(folder.File("again"));
        var evaluate =
            session.Run("evaluate", "--model", trained, "--task", "SST-2", "--data", data, "--max-length", "16", "--threads", "1",
                "--predictions", predictions, "--json");
        var predict = session.Run("predict", "--model", trained, "--max-length", "16", "--threads", "1");

        Assert.That(finetune.Exit, Is.Zero, finetune.Error);
        Assert.That(finetune.Output, Does.Contain("SST-2 dev: accuracy 100.00"));
        Assert.That(Warnings(finetune), Has.Count.EqualTo(2), "one a split");
        Assert.That(finetune.Error + finetune.Output, Does.Not.Contain("Nothing was trained"));
        Assert.That(again.Error + again.Output, Does.Match("Nothing was trained: the same run was finished .* UTC and is in "));
        Assert.That(File.ReadAllBytes(Path.Combine(folder.File("again"), "model.safetensors")),
            Is.EqualTo(File.ReadAllBytes(Path.Combine(trained, "model.safetensors"))));
        Assert.That(evaluate.Exit, Is.Zero, evaluate.Error);
        Assert.That(Warnings(evaluate).Single(), Does.Contain("dev.tsv holds 16 rows where SST-2's dev set has 872"));
        Assert.That(JsonDocument.Parse(evaluate.Output).RootElement.GetProperty("scores").GetProperty("accuracy").GetDouble(),
            Is.EqualTo(1));
        Assert.That(File.ReadAllLines(predictions), Has.Length.EqualTo(17));
        Assert.That(predict.Lines[0], Is.EqualTo("label\tnegative\tpositive"));
        Assert.That(predict.Lines[1], Does.Match(@"^positive\t0\.\d{4}\t0\.\d{4}$"));
        Assert.That(predict.Lines[2], Does.StartWith("negative\t"));

        Call FineTune(string output) => session.Run(
            "finetune", "--model", model, "--task", "sst-2", "--data", data, "--output", output, "--precision", "fp32", "--threads", "1",
            "--epochs", "8", "--learning-rate", "1e-2", "--batch-size", "8", "--max-length", "16");
    }

    [Test]
    public void Evaluate_FourAtOnceIntoOneFile_AllEndWell()
    {
        using var folder = new TemporaryFolder();
        var (model, data, predictions) =
            (TinyModel.Write(folder, ["negative", "positive"]), TinyModel.WriteData(folder), folder.File("out/predictions.tsv"));
        using var session = new Session();

        var calls = Enumerable.Range(0, 4).Select(_ => Task.Run(() => session.Run(
            "evaluate", "--model", model, "--task", "SST-2", "--data", data, "--max-length", "16", "--threads", "1", "--predictions",
            predictions))).ToArray();
        Task.WaitAll(calls);

        Assert.That(calls.Select(call => call.Result.Exit), Has.All.Zero,
            calls.FirstOrDefault(call => call.Result.Exit != 0)?.Result.Error);
        Assert.That(File.ReadAllLines(predictions), Has.Length.EqualTo(17));
        Assert.That(Directory.GetFiles(folder.File("out")), Is.EqualTo(new[] { predictions }));
    }

    [Test]
    public void Evaluate_DevSetWithoutRows_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("data/CoLA/dev.tsv", "");
        using var session = new Session();

        var call = session.Run(
            "evaluate", "--model", TinyModel.Write(folder, ["unacceptable", "acceptable"]), "--task", "CoLA", "--data", folder.File("data"),
            "--max-length", "16");

        Assert.That(call.Exit, Is.EqualTo(1));
        Assert.That(call.Error, Does.Contain($"error: {file} holds no rows where CoLA's dev set has 1043; get it again"));
    }

    [Test]
    public void Evaluate_LabelsOfAnotherTask_IsRefused()
    {
        using var folder = new TemporaryFolder();
        using var session = new Session();

        var call = session.Run(
            "evaluate", "--model", TinyModel.Write(folder, ["no", "yes"]), "--task", "SST-2", "--data", TinyModel.WriteData(folder),
            "--max-length", "16");

        Assert.That(call.Exit, Is.EqualTo(1));
        Assert.That(call.Error, Does.Contain("has the labels no, yes where SST-2 has negative, positive"));
    }

    [Test]
    public void Predict_Json_GivesAnObjectALine()
    {
        using var folder = new TemporaryFolder();
        var input = folder.Write("pairs.tsv", "a good film\twith songs\nbad\n");
        using var session = new Session();

        var call = session.Run(
            "predict", "--model", TinyModel.Write(folder, ["no", "yes"]), "--max-length", "16", "--input", input, "--json");

        Assert.That(call.Exit, Is.Zero, call.Error);
        var probabilities = call.Lines.Select(l => JsonDocument.Parse(l).RootElement.GetProperty("probabilities")).ToList();
        Assert.That(probabilities, Has.Count.EqualTo(2));
        Assert.That(probabilities[0].GetProperty("no").GetDouble() + probabilities[0].GetProperty("yes").GetDouble(),
            Is.EqualTo(1).Within(1e-12));
    }

    [Test]
    public void Predict_InputMissing_IsNamed()
    {
        using var folder = new TemporaryFolder();
        using var session = new Session();

        var call = session.Run(
            "predict", "--model", TinyModel.Write(folder, ["no", "yes"]), "--max-length", "16", "--input", folder.File("none.txt"));

        Assert.That(call.Exit, Is.EqualTo(2));
        Assert.That(call.Error, Does.Contain($"--input is {folder.File("none.txt")}, which cannot be read"));
    }

    [Test]
    public void Predict_CancelledWhileItWaitsForALine_EndsAsCtrlCDoes()
    {
        using var folder = new TemporaryFolder();
        using var reader = new SlowInput();
        using var session = new Session { Stream = reader };
        using var stop = new CancellationTokenSource();
        var model = TinyModel.Write(folder, ["no", "yes"]);

        var call = Task.Run(() => session.Run(stop.Token, "predict", "--model", model, "--max-length", "16"));
        Assert.That(reader.Waits.Wait(TimeSpan.FromSeconds(30)), Is.True);
        stop.Cancel();

        Assert.That(call.WaitAsync(TimeSpan.FromSeconds(30)).GetAwaiter().GetResult().Exit, Is.EqualTo(130));
        reader.Type(null);
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
    public void DataFetch_FolderThatIsNotThere_IsMadeAndNamed()
    {
        using var server = new LyingServer();
        server.Answers.Enqueue(LyingServer.Answer("404 Not Found", "Content-Length: 0", []));
        using var session = new Session { Variables = { ["HF_ENDPOINT"] = server.Address.ToString() } };
        var place = Path.Combine(session.Root, "new", "data");

        var call = session.Run("data", "fetch", "WNLI", "--data", place);

        Assert.That(call.Exit, Is.EqualTo(1));
        Assert.That(call.Lines[0], Is.EqualTo($"Downloads go to {place}."));
        Assert.That(Directory.Exists(place), Is.True, call.Error);
    }

    [Test]
    public void DataFetch_FolderThatCannotBeMade_IsRefused()
    {
        using var session = new Session();
        var file = Path.Combine(session.Root, "file");
        File.WriteAllText(file, "");

        var call = session.Run("data", "fetch", "WNLI", "--data", file);

        Assert.That(call.Exit, Is.EqualTo(1));
        Assert.That(call.Error, Does.StartWith($"error: Cannot make the folder given with --data, {file}: "));
    }

    [Test]
    public void DataFetch_NameThatIsNone_MakesNoFolder()
    {
        using var session = new Session();
        var place = Path.Combine(session.Root, "new");

        var call = session.Run("data", "fetch", "WNLI", "WNIL", "--data", place);

        Assert.That(call.Error, Does.Contain("'WNIL' is neither a task nor a model"));
        Assert.That(Directory.Exists(place), Is.False);
    }

    [Test]
    public void Data_DownloadThatHasChanged_IsRefusedByStatusFetchAndRuns()
    {
        using var folder = new TemporaryFolder();
        using var session = new Session();
        var model = Path.Combine(session.Root, "data", "downloads", "models", "bert-base-uncased");
        Directory.CreateDirectory(model);
        foreach (var name in new[] { "config.json", "vocab.txt", "model.safetensors" })
            File.WriteAllText(Path.Combine(model, name), "changed");
        var sentence =
            $"{Path.Combine(model, "vocab.txt")} has the sha256 {Digest.OfText("changed")} where "
                + $"07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3 is pinned";

        var status = session.Run("data");
        var fetch = session.Run("data", "fetch", "bert-base-uncased");
        var run = session.Run(
            "finetune", "--model", "bert-base-uncased", "--task", "SST-2", "--output", Path.Combine(session.Root, "tuned"), "--data",
            TinyModel.WriteData(folder));

        Assert.That((status.Exit, fetch.Exit, run.Exit), Is.EqualTo((1, 1, 1)));
        Assert.That(status.Output, Does.Match(@"(?m)^bert-base-uncased +model +refused").And.Contains(sentence));
        Assert.That(fetch.Error, Does.StartWith($"error: {sentence}").And.Contains("delete it and get it again"));
        Assert.That(run.Error, Does.Contain($"error: {sentence}"));
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
