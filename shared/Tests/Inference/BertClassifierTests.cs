using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Replication.Export;
using Replication.Inference;

namespace Replication.Tests.Inference;

public sealed class BertClassifierTests
{
    private static readonly TextInput[] Texts = [
        "good", new("a bad film with songs", "a good film"), "bad bad bad bad bad", "", "a film with songs . a good film with bad songs ."];

    [Test]
    public void PredictBatch_TheSameModel_IsWhatTorchSharpSays()
    {
        using var folder = new TemporaryFolder();
        using var onnx = BertClassifier.Open(OnnxFolder.Write(folder, ["a", "b", "c"]));
        using var torch = Classifier.Open(folder.File("source"));

        var (one, other) = (onnx.PredictBatch(Texts), torch.PredictBatch(Texts));

        for (var i = 0; i < Texts.Length; i++)
            Assert.That(one[i].Probabilities, Is.EqualTo(other[i].Probabilities).Within(1e-6));
    }

    [Test]
    public void PredictBatch_PaddingAndTruncationInTokenizerJson_AreNotApplied()
    {
        using var folder = new TemporaryFolder();
        var path = OnnxFolder.Write(folder, ["a", "b"]);
        IReadOnlyList<Prediction> plain;
        using (var classifier = BertClassifier.Open(path))
            plain = classifier.PredictBatch(Texts);
        var words = File.ReadAllLines(Path.Combine(path, "vocab.txt")).Select((word, id) => $"\"{word}\": {id}");
        File.WriteAllText(Path.Combine(path, "tokenizer.json"), $$"""
            {"truncation": {"direction": "Right", "max_length": 4, "strategy": "LongestFirst", "stride": 0},
             "padding": {"strategy": {"Fixed": 64}, "direction": "Left", "pad_id": 0, "pad_type_id": 0, "pad_token": "[PAD]"},
             "model": {"type": "WordPiece", "vocab": { {{string.Join(", ", words)}} } } }
            """);

        using var padded = BertClassifier.Open(path);

        Assert.That(padded.PredictBatch(Texts).Select(p => p.Probabilities[0]), Is.EqualTo(plain.Select(p => p.Probabilities[0])));
    }

    [Test]
    public void Predict_ByManyThreadsAtOnce_IsWhatOneSays()
    {
        using var folder = new TemporaryFolder();
        using var classifier =
            BertClassifier.Open(OnnxFolder.Write(folder, ["a", "b"], Quantization.Dynamic), new BertClassifierOptions { Threads = 1 });
        var expected = Texts.Select(t => classifier.Predict(t.First, t.Second).Probabilities[0]).ToList();
        var wrong = 0;

        Parallel.For(0, 1000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            var text = Texts[i % Texts.Length];
            if (classifier.Predict(text.First, text.Second).Probabilities[0] != expected[i % Texts.Length])
                Interlocked.Increment(ref wrong);
        });

        Assert.That(wrong, Is.Zero);
    }

    [Test]
    public async Task PredictAsync_AStream_KeepsItsOrder()
    {
        using var folder = new TemporaryFolder();
        using var classifier = BertClassifier.Open(OnnxFolder.Write(folder, ["a", "b"]));
        var answers = new List<Prediction>();

        await foreach (var prediction in classifier.PredictAsync(Stream()))
            answers.Add(prediction);

        Assert.That(answers.Select(a => a.Probabilities[0]),
            Is.EqualTo(classifier.PredictBatch(Many()).Select(p => p.Probabilities[0])).Within(1e-6));

        async IAsyncEnumerable<TextInput> Stream()
        {
            foreach (var (text, i) in Many().Select((t, i) => (t, i)))
            {
                if (i % 7 == 0)
                    await Task.Yield();
                yield return text;
            }
        }

        static TextInput[] Many() => [.. Enumerable.Range(0, 100).Select(i => Texts[i % Texts.Length])];
    }

    [TestCase("a good film", Description = "the caller has seen enough")]
    [TestCase(null, Description = "a text that is refused")]
    public async Task PredictAsync_EndsWhileTheSourceWaits_FreesTheSourceOnceItsWaitEnds(string? first)
    {
        using var folder = new TemporaryFolder();
        using var classifier = BertClassifier.Open(OnnxFolder.Write(folder, ["a", "b"]));
        var (wait, freed, isCancelled) = (new TaskCompletionSource(), new TaskCompletionSource(), false);

        var refused = await FirstAnswer().WaitAsync(TimeSpan.FromMinutes(2));
        var whileItWaits = freed.Task.IsCompleted;
        wait.SetResult();
        await freed.Task.WaitAsync(TimeSpan.FromMinutes(2));

        Assert.That((refused, whileItWaits, isCancelled), Is.EqualTo((first is null, false, true)));

        async Task<bool> FirstAnswer()
        {
            try
            {
                await foreach (var prediction in classifier.PredictAsync(Stream()))
                    return false;
                throw new InvalidOperationException("there was no answer");
            }
            catch (ReplicationException)
            {
                return true;
            }
        }

        async IAsyncEnumerable<TextInput> Stream([EnumeratorCancellation] CancellationToken cancellation = default)
        {
            try
            {
                yield return first ?? new string('a', 10_000_000);
                await wait.Task;
                isCancelled = cancellation.IsCancellationRequested;
            }
            finally
            {
                freed.SetResult();
            }
        }
    }

    [Test]
    public void Open_AFileThatIsCutOff_IsNamed()
    {
        using var folder = new TemporaryFolder();
        var path = OnnxFolder.Write(folder, ["a", "b"]);
        var file = Path.Combine(path, "model.onnx");
        File.WriteAllBytes(file, File.ReadAllBytes(file)[..^1000]);

        Assert.That(() => BertClassifier.Open(path),
            Throws.TypeOf<ReplicationException>().With.Message.StartsWith(file).And.Message.Contains("export it again"));
    }

    [Test]
    public void Open_AFileWithOtherInputs_NamesThem()
    {
        using var folder = new TemporaryFolder();
        var path = OnnxFolder.Write(folder, ["a", "b"]);
        var graph = new OnnxGraph("other");
        graph.Output(
            graph.Node("Cast", "float", [graph.Input("pixels", "batch", "length")], OnnxGraph.Whole("to", 1)), "logits", "batch", "2");
        using (var file = File.Create(Path.Combine(path, "model.onnx")))
            Google.Protobuf.MessageExtensions.WriteTo(graph.ToModel(), file);

        Assert.That(() => BertClassifier.Open(path), Throws.TypeOf<ReplicationException>().With.Message.Contains("has the input pixels"));
    }

    [Test]
    public void Open_LabelsThatDoNotFit_AreRefused()
    {
        using var folder = new TemporaryFolder();
        var path = OnnxFolder.Write(folder, ["a", "b"]);
        var config = Path.Combine(path, "config.json");
        File.WriteAllText(
            config, File.ReadAllText(config).Replace("\"0\": \"a\",", "\"0\": \"a\", \"2\": \"c\",", StringComparison.Ordinal));

        Assert.That(() => BertClassifier.Open(path),
            Throws.TypeOf<ReplicationException>().With.Message.Contains("id2label is a list of 3"));
    }

    [Test]
    public void Open_NoModel_SaysWhatWritesOne()
    {
        using var folder = new TemporaryFolder();
        var path = OnnxFolder.Write(folder, ["a", "b"]);
        File.Delete(Path.Combine(path, "model.onnx"));

        Assert.That(() => BertClassifier.Open(path), Throws.TypeOf<ReplicationException>().With.Message.Contains("export --format onnx"));
    }

    [Test]
    public void Predict_ATextOfAMegabyte_IsRefusedAndTheNextIsAnswered()
    {
        using var folder = new TemporaryFolder();
        using var classifier = BertClassifier.Open(OnnxFolder.Write(folder, ["a", "b"]));

        Assert.That(() => classifier.Predict(new string('x', 1 << 20)),
            Throws.TypeOf<ReplicationException>().With.Message.Contains("1048576 characters where at most 100000"));
        Assert.That(classifier.Predict("good").Probabilities, Has.Count.EqualTo(2));
    }

    [Test]
    public void Predict_Cancelled_IsGivenUp()
    {
        using var folder = new TemporaryFolder();
        using var classifier = BertClassifier.Open(OnnxFolder.Write(folder, ["a", "b"]));

        Assert.That(() => classifier.PredictBatch(Texts, new CancellationToken(canceled: true)),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(classifier.PredictBatch(Texts), Has.Count.EqualTo(Texts.Length));
    }

    [TestCase(3)]
    [TestCase(129)]
    public void Open_LengthOutOfRange_NamesTheRange(int length)
    {
        using var folder = new TemporaryFolder();
        var path = OnnxFolder.Write(folder, ["a", "b"]);

        Assert.That(
            () => BertClassifier.Open(path, new BertClassifierOptions { MaxLength = length }),
            Throws.TypeOf<ReplicationException>().With.Message.Contains("MaxLength is").And.Message.Contains("from 4 to 128"));
    }

    [Test]
    public void PredictBatch_IsCountedByTheMeter()
    {
        using var folder = new TemporaryFolder();
        long texts = 0;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Name == "replication.inference.texts")
                l.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref texts, value));
        listener.Start();
        using var classifier = BertClassifier.Open(OnnxFolder.Write(folder, ["a", "b"]));

        classifier.PredictBatch(Texts);

        Assert.That(texts, Is.GreaterThanOrEqualTo(Texts.Length));
    }

    [Test]
    public void PaddedLength_OfAllTexts_AreADozen() =>
        Assert.That(Enumerable.Range(1, 512).Select(tokens => PaddedLength.Of(tokens, 512)).Distinct().Count(), Is.EqualTo(12));

    [TestCase(1, 128, 8)]
    [TestCase(9, 128, 16)]
    [TestCase(129, 512, 192)]
    [TestCase(20, 20, 20)]
    [TestCase(513, 600, 513)]
    public void PaddedLength_IsOneOfAFew(int tokens, int longest, int expected) =>
        Assert.That(PaddedLength.Of(tokens, longest), Is.EqualTo(expected));
}
