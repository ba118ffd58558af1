using Replication.Bert;
using Replication.Glue;
using Replication.Training;

namespace Replication.Tests.Training;

public sealed class TrainerTests
{
    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("trainer").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void Train_LearnableTask_BeatsChance()
    {
        var (_, scores) = Train("a", TinyTask.Recipe with { Epochs = 20, LearningRate = 3e-3 });
        Assert.That(scores["dev"]["accuracy"], Is.GreaterThan(0.8));
    }

    [TestCase(1)]
    [TestCase(7)]
    [TestCase(13)]
    [TestCase(26)]
    public void Train_StoppedAndGoneOnWith_EndsWithTheSameBytes(int stopAfter)
    {
        var whole = Train("whole", TinyTask.Recipe);
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Train("stopped", TinyTask.Recipe, m => new StopAfter(new FineTuneObjective(m), stopAfter, stop), stop.Token));
        var resumed = Train("stopped", TinyTask.Recipe);
        Assert.Multiple(() =>
        {
            Assert.That(resumed.Weights, Is.EqualTo(whole.Weights));
            Assert.That(File.ReadAllText(Metrics("stopped")), Is.EqualTo(File.ReadAllText(Metrics("whole"))));
            Assert.That(resumed.Scores["dev"], Is.EqualTo(whole.Scores["dev"]));
        });
    }

    [Test]
    public void Train_OtherSeed_EndsElsewhere() =>
        Assert.That(Train("a", TinyTask.Recipe, seed: 2).Weights, Is.Not.EqualTo(Train("b", TinyTask.Recipe).Weights));

    [Test]
    public void Train_DropoutLostAfterTheFirstEpoch_DiffersFromAlwaysAndNever()
    {
        var always = Train("a", TinyTask.Recipe).Weights;
        var lost = Train("b", TinyTask.Recipe with { DropoutEpochs = 1 }).Weights;
        var never = Train("c", TinyTask.Recipe with { DropoutEpochs = 0 }).Weights;
        Assert.That(new[] { always, lost, never }.Distinct().Count(), Is.EqualTo(3));
    }

    [Test]
    public void Train_LossNotFinite_NamesStepAndRows()
    {
        var error = Assert.Throws<ReplicationException>(() => Train("a", TinyTask.Recipe, _ => new NotFinite()))!;
        Assert.That(error.Message, Does.Contain("not finite at step 1 (epoch 1, training rows ").And.Contain("lower the learning rate"));
    }

    [Test]
    public void Train_EvaluationsTwiceAnEpoch_AreLoggedAtTheirSteps()
    {
        Train("a", TinyTask.Recipe with { TrainSampleRows = 10 });
        var lines = File.ReadLines(Metrics("a")).Where(l => l.Contains("\"split\":\"dev\"")).Select(l => l.Split(',')[0]);
        // 70 rows in batches of 8 are 9 steps an epoch.
        Assert.That(lines, Is.EqualTo(new[] { 4, 9, 13, 18, 22, 27 }.Select(s => $"{{\"step\":{s}")));
        Assert.That(File.ReadLines(Metrics("a")).Count(l => l.Contains("\"split\":\"train-sample\"")), Is.EqualTo(6));
    }

    private string Metrics(string name) => Path.Combine(_folder, name, "run", "metrics.jsonl");

    private (string Weights, IReadOnlyDictionary<string, IReadOnlyDictionary<string, double?>> Scores) Train(
        string name, TrainingRecipe recipe, Func<BertForSequenceClassification, IObjective>? objective = null, CancellationToken cancellation = default, long seed = 1)
    {
        var context = TinyTask.Context(Path.Combine(_folder, name));
        using var folder = context.Folder;
        using var model = TinyTask.Model();
        var scores = new Trainer(context, model, TinyTask.Data(), recipe, seed)
            .Train(objective?.Invoke(model) ?? new FineTuneObjective(model), cancellation);
        var weights = string.Concat(model.parameters().Select(p => Digest.OfText(Convert.ToHexString(p.bytes))));
        return (weights, scores);
    }

    private sealed class StopAfter(IObjective inner, int steps, CancellationTokenSource stop) : IObjective
    {
        private int _steps;

        public LossReport ForwardBackward(GlueBatch batch)
        {
            if (++_steps == steps)
                stop.Cancel();
            return inner.ForwardBackward(batch);
        }
    }

    private sealed class NotFinite : IObjective
    {
        public LossReport ForwardBackward(GlueBatch batch) => new(double.NaN, new Dictionary<string, double>());
    }
}
