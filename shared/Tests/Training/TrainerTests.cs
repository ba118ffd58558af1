using Replication.Bert;
using Replication.Glue;
using Replication.Runs;
using Replication.Training;

namespace Replication.Tests.Training;

[Category("Slow")]
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
        Assert.Throws<OperationCanceledException>(
            () => Train("stopped", TinyTask.Recipe, m => StopAfter(new FineTuneObjective(m), stopAfter, stop), stop.Token));
        var resumed = Train("stopped", TinyTask.Recipe);
        Assert.Multiple(() =>
        {
            Assert.That(resumed.Weights, Is.EqualTo(whole.Weights));
            Assert.That(File.ReadAllText(Metrics("stopped")), Is.EqualTo(File.ReadAllText(Metrics("whole"))));
            Assert.That(resumed.Scores["dev"], Is.EqualTo(whole.Scores["dev"]));
        });
    }

    [Test]
    public void Train_InMicroBatches_EndsWithTheWeightsOfWholeBatchesButForRounding()
    {
        var recipe = TinyTask.Recipe with { Dropout = 0, Optimizer = OptimizerKind.BertAdam, Epsilon = 1e-6, MaxSteps = 6 };
        var (whole, inParts) = (Weights("whole", null), Weights("parts", 3));
        Assert.That(inParts, Is.EqualTo(whole).Within(2e-5));
        Assert.That(inParts, Is.Not.EqualTo(Weights("other", null, recipe with { LearningRate = 2e-3 })).Within(2e-5));
        Assert.That(Losses("parts"), Is.EqualTo(Losses("whole")).Within(1e-4));

        float[] Weights(string name, int? rows, TrainingRecipe? own = null)
        {
            var context = InParts(TinyTask.Context(Path.Combine(_folder, name)), rows);
            using var folder = context.Folder;
            using var model = TinyTask.Model();
            new Trainer(context, model, TinyTask.Data(), (own ?? recipe) with { MaxSteps = 10 }, 1)
                .Train(new FineTuneObjective(model), default);
            return [.. model.parameters().SelectMany(p => p.data<float>().ToArray())];
        }

        double[] Losses(string name) => [.. File.ReadLines(Metrics(name)).Where(l => l.Contains("\"loss\"")).Select(
            l => System.Text.Json.JsonDocument.Parse(l).RootElement.GetProperty("loss").GetDouble())];
    }

    [Test]
    public void Train_InMicroBatches_PassesNoMoreRowsAtOnce()
    {
        var context = InParts(TinyTask.Context(Path.Combine(_folder, "a")), 3);
        using var folder = context.Folder;
        using var model = TinyTask.Model();
        var shares = new List<(int, double)>();
        var objective = new Watched(new FineTuneObjective(model), batch => shares.Add((batch.Rows.Length, batch.Share)));
        new Trainer(context, model, TinyTask.Data(), TinyTask.Recipe with { MaxSteps = 1 }, 1).Train(objective, default);
        Assert.That(shares, Is.EqualTo(new[] { (3, 3 / 8.0), (3, 3 / 8.0), (2, 2 / 8.0) }));
    }

    [Test]
    public void Key_MicroBatch_IsInTheEnvironmentWhereThereIsOneAlone()
    {
        var environment = new RunEnvironment("cuda", 1, "test");
        Assert.That(Json.Text(environment), Does.Not.Contain("icro"));
        Assert.That(Json.Text(environment with { MicroBatch = 8 }), Does.Contain("\"microBatch\": 8"));
    }

    private static RunContext InParts(RunContext context, int? rows) => context with
    {
        Workspace = context.Workspace with { Environment = context.Workspace.Environment with { MicroBatch = rows } },
    };

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

    [Test]
    public void Train_SkippingShortBatches_LeavesTheLastBatchOfAnEpochOut()
    {
        Train("a", TinyTask.Recipe with { SkipsShortBatch = true, EvaluationsPerEpoch = 1 });
        // 70 rows in batches of 8 are 8 full steps an epoch.
        Assert.That(DevSteps("a"), Is.EqualTo((int[])[8, 16, 24]));
        Assert.That(() => Train("b", TinyTask.Recipe with { SkipsShortBatch = true, BatchSize = 71 }),
            Throws.InstanceOf<ReplicationException>().With.Message.Contains("do not fill one batch of 71"));
    }

    [Test]
    public void Train_PaddingToMaxLength_MakesEveryBatchAsLong()
    {
        IReadOnlySet<long> Lengths(string name, TrainingRecipe recipe)
        {
            var lengths = new HashSet<long>();
            Train(name, recipe, model => new Watched(new FineTuneObjective(model), batch => lengths.Add(batch.Tokens.InputIds.shape[1])));
            return lengths;
        }
        Assert.That(Lengths("a", TinyTask.Recipe with { PadsToMaxLength = true }), Is.EqualTo((long[])[TinyTask.Recipe.MaxLength]));
        Assert.That(Lengths("b", TinyTask.Recipe), Has.Count.GreaterThan(1).And.All.LessThan(TinyTask.Recipe.MaxLength));
    }

    [Test]
    public void Work_PaddingToMaxLength_IsThatOfRowsOfThisLength()
    {
        var (data, recipe) = (TinyTask.Data(), TinyTask.Recipe with { PadsToMaxLength = true });
        var padded = data.Train.Examples.Count * (double)ModelSize.Flops(TinyTask.Config, recipe.MaxLength);
        Assert.That(TaskTraining.ForwardFlops(data, TinyTask.Config, recipe), Is.EqualTo(recipe.Epochs * padded).Within(1e-6 * padded));
        Assert.That(TaskTraining.ForwardFlops(data, TinyTask.Config, TinyTask.Recipe), Is.LessThan(recipe.Epochs * padded));
    }

    [Test]
    public void Train_EvaluationInterval_CountsOverEpochsAndEndsWithTheLastStep()
    {
        Train("a", TinyTask.Recipe with { EvaluationInterval = 10 });
        Assert.That(DevSteps("a"), Is.EqualTo((int[])[10, 20, 27]));
    }

    [TestCase(1)]
    [TestCase(8)]
    [TestCase(14)]
    [TestCase(26)]
    public void Train_KeepingTheBest_EndsWithItsWeightsAndAfterAStopWithTheSameBytes(int stopAfter)
    {
        // The second of six evaluations is the best one by decree.
        var recipe = TinyTask.Recipe with { KeepsBest = true };
        var until = Train("until", TinyTask.Recipe with { MaxSteps = 9 });
        var whole = Train("whole", recipe, score: new BestAt(2).Score);
        using var stop = new CancellationTokenSource();
        var decree = new BestAt(2);
        Assert.Throws<OperationCanceledException>(
            () => Train("stopped", recipe, m => StopAfter(new FineTuneObjective(m), stopAfter, stop), stop.Token, score: decree.Score));
        var resumed = Train("stopped", recipe, score: decree.Score);
        Assert.Multiple(() =>
        {
            Assert.That(whole.Weights, Is.EqualTo(until.Weights));
            Assert.That(whole.Scores["dev"], Is.EqualTo(until.Scores["dev"]));
            Assert.That(resumed.Weights, Is.EqualTo(whole.Weights));
            Assert.That(resumed.Scores["dev"], Is.EqualTo(whole.Scores["dev"]));
            foreach (var file in (string[])["metrics.jsonl", "predictions-dev.tsv"])
                Assert.That(File.ReadAllText(Path.Combine(_folder, "stopped", "run", file)),
                    Is.EqualTo(File.ReadAllText(Path.Combine(_folder, "whole", "run", file))), file);
        });
    }

    [Test]
    public void Train_KeepingTheBestByItself_EndsWithTheHighestScore()
    {
        var (_, scores) = Train("a", TinyTask.Recipe with { KeepsBest = true, Epochs = 6, LearningRate = 3e-3 });
        var all = File.ReadLines(Metrics("a")).Where(l => l.Contains("\"split\":\"dev\""))
            .Select(l => System.Text.Json.JsonDocument.Parse(l).RootElement.GetProperty("accuracy").GetDouble());
        Assert.That(scores["dev"]["accuracy"], Is.EqualTo(all.Max()));
    }

    [Test]
    public void Recipe_LaterSwitchesOff_LeaveItsJsonAndSoTheKeysOfFinishedRunsAsTheyWere()
    {
        Assert.That(((System.Text.Json.Nodes.JsonObject)Json.Node(new TrainingRecipe())).Select(p => p.Key), Is.EquivalentTo((string[])
        [
            "optimizer", "learningRate", "beta1", "beta2", "epsilon", "weightDecay", "schedule", "warmupProportion", "maxGradNorm",
            "batchSize", "epochs", "maxSteps",
            "maxLength", "order", "dropout", "dropoutEpochs", "precision", "evaluationsPerEpoch", "trainSampleRows",
        ]));
        Assert.That(Json.Node(new TrainingRecipe { KeepsBest = true }).ToJsonString(), Does.Contain("\"keepsBest\":true"));
    }

    private IEnumerable<int> DevSteps(string name) => File.ReadLines(Metrics(name)).Where(l => l.Contains("\"split\":\"dev\""))
        .Select(l => System.Text.Json.JsonDocument.Parse(l).RootElement.GetProperty("step").GetInt32());

    // Finds the n-th evaluation the best, whatever its scores.
    private sealed class BestAt(int number)
    {
        private int _evaluations;

        public double Score(IReadOnlyDictionary<string, IReadOnlyDictionary<string, double?>> scores, CancellationToken cancellation) =>
            ++_evaluations == number ? 1 : 0;
    }

    private string Metrics(string name) => Path.Combine(_folder, name, "run", "metrics.jsonl");

    private (string Weights, IReadOnlyDictionary<string, IReadOnlyDictionary<string, double?>> Scores) Train(
        string name, TrainingRecipe recipe, Func<BertForSequenceClassification, IObjective>? objective = null,
        CancellationToken cancellation = default, long seed = 1, EvaluationScore? score = null)
    {
        var context = TinyTask.Context(Path.Combine(_folder, name));
        using var folder = context.Folder;
        using var model = TinyTask.Model();
        var scores = new Trainer(context, model, TinyTask.Data(), recipe, seed, score)
            .Train(objective?.Invoke(model) ?? new FineTuneObjective(model), cancellation);
        var weights = string.Concat(model.parameters().Select(p => Digest.OfText(Convert.ToHexString(p.bytes))));
        return (weights, scores);
    }

    private static Watched StopAfter(IObjective inner, int steps, CancellationTokenSource stop)
    {
        var done = 0;
        return new Watched(inner, _ =>
        {
            if (++done == steps)
                stop.Cancel();
        });
    }

    private sealed class Watched(IObjective inner, Action<GlueBatch> watch) : IObjective
    {
        public LossReport ForwardBackward(GlueBatch batch)
        {
            watch(batch);
            return inner.ForwardBackward(batch);
        }
    }

    private sealed class NotFinite : IObjective
    {
        public LossReport ForwardBackward(GlueBatch batch) => new(double.NaN, new Dictionary<string, double>());
    }
}
