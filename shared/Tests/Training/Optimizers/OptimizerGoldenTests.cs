using System.Globalization;
using Replication.Tests.Bert;
using Replication.Training;
using AdamW = Replication.Training.AdamW;
using Parameter = TorchSharp.Modules.Parameter;
using static TorchSharp.torch;
using static System.FormattableString;

namespace Replication.Tests.Training;

/// <summary>Six updates of one weight, with warm-up, against PyTorch's AdamW and the original BertAdam.</summary>
[Category("Golden")]
public class OptimizerGoldenTests
{
    private const int Steps = 6;
    private const int TotalSteps = 10;
    private const double LearningRate = 1e-2;

    private static readonly TrainingRecipe Recipe = new() { LearningRate = LearningRate, WarmupProportion = 0.2 };

    [Test]
    public void Step_AdamWWithDecayAndClipping_EqualsReference([Values] bool fused) => Check(
        "adamw.wd0.01.clip1.warmup2.total10", Recipe, p => new AdamW(Recipe, p, fused), clip: 1);

    [Test]
    public void Step_AdamWWithoutDecay_EqualsReference([Values] bool fused)
    {
        var recipe = Recipe with { WeightDecay = 0, Epsilon = 1e-6, Beta2 = 0.98 };
        Check("adamw.wd0.noclip.eps1e-6.beta0.98", recipe, p => new AdamW(recipe, p, fused), clip: null);
    }

    [Test]
    public void Step_BertAdam_EqualsReference([Values] bool fused)
    {
        var recipe = Recipe with { Optimizer = OptimizerKind.BertAdam, Epsilon = 1e-6 };
        Check("bertadam.wd0.01.warmup0.2.total10", recipe, p => new BertAdam(recipe, p, fused), clip: null);
    }

    private static void Check(string name, TrainingRecipe recipe, Func<(string, Parameter)[], IOptimizer> create, double? clip)
    {
        using var scope = NewDisposeScope();
        var golden = GoldenModel.Read(GoldenFiles.Require("optimizer.safetensors"));
        var weight = new Parameter(golden["param.0"]);
        using var optimizer = create([("weight", weight)]);
        for (var step = 0; step < Steps; step++)
        {
            weight.grad = golden[Invariant($"grad.{step}")];
            if (clip is { } maxNorm)
                GradientClipping.ClipTotalNorm([weight], maxNorm);
            optimizer.Step(recipe.LearningRate * LearningRateSchedule.Factor(recipe, step, TotalSteps));
            var expected = golden[Invariant($"{name}.param.{step + 1}")];
            Assert.That(weight.allclose(expected, rtol: 1e-5, atol: 1e-6), Is.True,
                () => Invariant($"step {step}: largest difference {(weight - expected).abs().max().item<float>()}"));
        }
    }
}
