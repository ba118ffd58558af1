using Replication.Glue;
using Replication.Tests.CommandLine;
using Replication.Training;

namespace Replication.Tests.Training.Inference;

public sealed class ClassifierTests
{
    [Test]
    public void Predict_Probabilities_AddUpToOne()
    {
        using var folder = new TemporaryFolder();
        using var classifier = Classifier.Open(TinyModel.Write(folder, ["negative", "positive"]), maxLength: 32);

        Assert.That(classifier.Predict("A good film with songs.").Probabilities.Sum(), Is.EqualTo(1).Within(1e-12));
    }

    [Test]
    public void Predict_Many_AreTheSameAsOneByOneAndInOrder()
    {
        using var folder = new TemporaryFolder();
        using var classifier = Classifier.Open(TinyModel.Write(folder, ["a", "b", "c"]), maxLength: 16);
        TextInput[] texts = ["good", new("a bad film with songs", "a good film"), "bad bad bad bad bad"];

        var together = classifier.PredictBatch(texts);

        for (var i = 0; i < texts.Length; i++)
            Assert.That(together[i].Probabilities,
                Is.EqualTo(classifier.Predict(texts[i].First, texts[i].Second).Probabilities).Within(1e-6));
        Assert.That(together[0].Probabilities, Is.Not.EqualTo(together[1].Probabilities).Within(1e-6));
    }

    [Test]
    public void Predict_OneOutput_IsAScore()
    {
        using var folder = new TemporaryFolder();
        using var classifier = Classifier.Open(TinyModel.Write(folder, ["score"]), maxLength: 16);

        var prediction = classifier.Predict("a good film", "a bad film");

        Assert.That(classifier.Labels, Is.Empty);
        Assert.That(prediction.Probabilities, Is.Empty);
        Assert.That(prediction.Score, Is.Not.Null.And.Not.NaN);
    }

    [Test]
    public void ShapedBatches_OfManyTexts_HaveFewShapesAndEachRowOnce()
    {
        var random = new RandomStream(1, "lengths");
        var data = new EncodedDataset(
            GlueTasks.Sst2,
            [.. Enumerable.Range(0, 100_000).Select(row => new EncodedExample(row, new int[2 + random.NextInt32(127)], 0, 0))], "");
        var batches = data.Examples.Chunk(256)
            .SelectMany(chunk => ShapedBatches.Of(data with { Examples = chunk }, longest: 128)
                .Select(rows => (Rows: rows.Select(
                    row => chunk[row]).ToList(), Length: ShapedBatches.Length(data with { Examples = chunk }, rows, longest: 128))))
            .ToList();

        Assert.That(batches.Select(batch => (batch.Rows.Count, batch.Length)).Distinct().Count(), Is.LessThan(100));
        Assert.That(batches.All(batch => batch.Rows.All(row => row.Length <= batch.Length) && batch.Length <= 128), Is.True);
        Assert.That(batches.SelectMany(batch => batch.Rows).Select(row => row.Row).Order(), Is.EqualTo(Enumerable.Range(0, 100_000)));
    }

    [TestCase(3)]
    [TestCase(33)]
    public void Open_LengthOutOfRange_NamesTheRange(int length)
    {
        using var folder = new TemporaryFolder();
        var path = TinyModel.Write(folder, ["a", "b"]);

        Assert.That(() => Classifier.Open(path, length), Throws.TypeOf<ReplicationException>().With.Message.Contains("from 4 to 32"));
    }
}
