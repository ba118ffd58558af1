using Replication.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Replication.Tests.Training;

[Category("Slow")]
public class OptimizerTests
{
    private const double LearningRate = 1e-2;

    [Test]
    public void Step_RestoredAfterThree_EqualsSixBitForBit([Values] OptimizerKind kind)
    {
        using var scope = NewDisposeScope();
        var recipe = new TrainingRecipe { Optimizer = kind };
        var whole = Parameters();
        using var wholeOptimizer = Optimizers.Create(recipe, whole);
        Train(whole, wholeOptimizer, 0, 6);

        var first = Parameters();
        using var firstOptimizer = Optimizers.Create(recipe, first);
        Train(first, firstOptimizer, 0, 3);
        var second = first.Select(p => (p.Name, new Parameter(p.Value.detach().clone()))).ToArray();
        using var secondOptimizer = Optimizers.Create(recipe, second);
        foreach (var (name, tensor) in secondOptimizer.State)
            tensor.copy_(firstOptimizer.State[name]);
        secondOptimizer.Steps = firstOptimizer.Steps;
        Train(second, secondOptimizer, 3, 6);

        Assert.That(secondOptimizer.Steps, Is.EqualTo(6));
        foreach (var (a, b) in whole.Zip(second))
            Assert.That(Bits(a.Value), Is.EqualTo(Bits(b.Item2)), a.Name);
        foreach (var (name, tensor) in wholeOptimizer.State)
            Assert.That(Bits(tensor), Is.EqualTo(Bits(secondOptimizer.State[name])), name);
    }

    // Arguments of a native call that the collector may free before libtorch reads them would change the numbers, or crash.
    [Test]
    public void Step_WhileTheCollectorRuns_IsTheSameBits([Values] OptimizerKind kind)
    {
        using var scope = NewDisposeScope();
        var (quiet, disturbed) = (Parameters(), Parameters());
        using var first = Optimizers.Create(new TrainingRecipe { Optimizer = kind }, quiet);
        using var second = Optimizers.Create(new TrainingRecipe { Optimizer = kind }, disturbed);
        Train(quiet, first, 0, 4000);
        using var stop = new CancellationTokenSource();
        var collector = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                // Of the young, which such arguments are: quick whatever else the process holds.
                GC.Collect(1);
                GC.WaitForPendingFinalizers();
            }
        });
        Train(disturbed, second, 0, 4000);
        stop.Cancel();
        collector.Wait();
        foreach (var (a, b) in quiet.Zip(disturbed))
            Assert.That(Bits(a.Value), Is.EqualTo(Bits(b.Value)), a.Name);
    }

    [Test]
    public void Step_GradientZero_DecaysAllButBiasAndLayerNorm([Values] OptimizerKind kind)
    {
        using var scope = NewDisposeScope();
        var parameters = Parameters();
        using var optimizer = Optimizers.Create(new TrainingRecipe { Optimizer = kind, WeightDecay = 0.1 }, parameters);
        var before = parameters.Select(p => p.Value.detach().clone()).ToArray();
        foreach (var (_, value) in parameters)
            value.grad = zeros_like(value);

        optimizer.Step(LearningRate);

        foreach (var (parameter, old) in parameters.Zip(before))
        {
            var factor = parameter.Name == "dense.weight" ? 1 - LearningRate * 0.1 : 1;
            Assert.That(parameter.Value.allclose(old * factor, rtol: 1e-6, atol: 1e-7), Is.True, parameter.Name);
        }
    }

    [TestCase("bert.encoder.layer.0.attention.self.query.weight", true)]
    [TestCase("bert.embeddings.word_embeddings.weight", true)]
    [TestCase("bert.encoder.layer.0.attention.self.query.bias", false)]
    [TestCase("bert.embeddings.LayerNorm.weight", false)]
    [TestCase("cls.predictions.bias", false)]
    public void Decays_Name_IsFalseForBiasAndLayerNorm(string name, bool decays) =>
        Assert.That(Optimizers.Decays(name), Is.EqualTo(decays));

    [Test]
    public void Step_NoGradient_LeavesParameterAndStateAlone([Values] OptimizerKind kind)
    {
        using var scope = NewDisposeScope();
        var parameters = Parameters();
        using var optimizer = Optimizers.Create(new TrainingRecipe { Optimizer = kind }, parameters);
        var idle = parameters[0];
        var before = Bits(idle.Value);
        foreach (var (_, value) in parameters.Skip(1))
            value.grad = ones_like(value);

        optimizer.Step(LearningRate);

        Assert.That(Bits(idle.Value), Is.EqualTo(before));
        foreach (var (name, tensor) in optimizer.State.Where(s => s.Key.EndsWith("." + idle.Name, StringComparison.Ordinal)))
            Assert.That(tensor.count_nonzero().item<long>(), Is.Zero, name);
        Assert.That(optimizer.State["exp_avg." + parameters[1].Name].count_nonzero().item<long>(), Is.Positive);
    }

    [Test]
    public void Step_FusedAdam_ClipsWhatDecaysAndTheRestByNormsOfTheirOwn()
    {
        using var scope = NewDisposeScope();
        (string Name, Parameter Value)[] parameters =
        [
            ("dense.weight", new Parameter(zeros(2))), ("other.weight", new Parameter(zeros(1))), ("dense.bias", new Parameter(zeros(1))),
        ];
        using var optimizer = Optimizers.Create(new TrainingRecipe { Optimizer = OptimizerKind.FusedAdam, MaxGradNorm = 1 }, parameters);
        foreach (var (parameter, gradient) in parameters.Zip((float[][])[[3, 4], [12], [0.5f]]))
            parameter.Value.grad = tensor(gradient);

        optimizer.Step(LearningRate);

        float[] Moment(string name) => optimizer.State["exp_avg." + name].data<float>().ToArray();
        // The weights' norm is 13; 0.1 is 1 - beta1.
        Assert.That(Moment("dense.weight"), Is.EqualTo(new[] { 0.3 / 13, 0.4 / 13 }).Within(1e-6));
        Assert.That(Moment("other.weight"), Is.EqualTo(new[] { 1.2 / 13 }).Within(1e-6));
        Assert.That(Moment("dense.bias"), Is.EqualTo(new[] { 0.05 }).Within(1e-6));
        // No bias correction: 0.1 g / sqrt(0.001 g g).
        Assert.That(parameters[2].Value.data<float>()[0], Is.EqualTo(-LearningRate * 0.1 / Math.Sqrt(0.001)).Within(1e-6));
    }

    [Test]
    public void Create_FrozenParameter_KeepsNoState()
    {
        using var scope = NewDisposeScope();
        using var optimizer = Optimizers.Create(new TrainingRecipe(), [("frozen.weight", new Parameter(ones(2), requires_grad: false))]);

        Assert.That(optimizer.State, Is.Empty);
    }

    [Test]
    public void State_CreatedInsideAScope_OutlivesIt()
    {
        var weight = new Parameter(ones(2));
        IOptimizer optimizer;
        using (NewDisposeScope())
            optimizer = Optimizers.Create(new TrainingRecipe { Optimizer = OptimizerKind.BertAdam }, [("weight", weight)]);
        weight.grad = ones(2);

        Assert.That(() => optimizer.Step(LearningRate), Throws.Nothing);
        optimizer.Dispose();
    }

    [Test]
    public void ZeroGrad_AfterBackward_ForgetsGradients()
    {
        using var scope = NewDisposeScope();
        var parameters = Parameters();
        using var optimizer = Optimizers.Create(new TrainingRecipe(), parameters);
        Train(parameters, optimizer, 0, 1);

        optimizer.ZeroGrad();

        Assert.That(parameters.Select(p => p.Value.grad), Is.All.Null);
    }

    private static (string Name, Parameter Value)[] Parameters() =>
    [
        ("dense.weight", new Parameter(Values([4, 3], "weights", 0))),
        ("dense.bias", new Parameter(Values([4], "weights", 1))),
        ("LayerNorm.weight", new Parameter(Values([4], "weights", 2))),
    ];

    private static void Train((string Name, Parameter Value)[] parameters, IOptimizer optimizer, int from, int to)
    {
        for (var step = from; step < to; step++)
        {
            for (var i = 0; i < parameters.Length; i++)
                parameters[i].Value.grad = Values(parameters[i].Value.shape, "gradients", step * 10 + i);
            optimizer.Step(LearningRate);
        }
    }

    private static Tensor Values(long[] shape, string purpose, int index)
    {
        var stream = new RandomStream(1, purpose, index);
        return tensor(
            Enumerable.Range(0, (int)shape.Aggregate(1L, (a, b) => a * b)).Select(_ => (float)stream.NextNormal()).ToArray()).reshape(
            shape);
    }

    private static byte[] Bits(Tensor tensor) => tensor.bytes.ToArray();
}
