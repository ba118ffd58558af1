using Replication.Bert;

namespace Replication.Runs;

/// <summary>Floating-point operations of training steps and of forward passes alone.</summary>
/// <param name="Training">Of training steps, forward and backward.</param>
/// <param name="Inference">Of forward passes alone.</param>
public readonly record struct FlopCount(double Training, double Inference);

/// <summary>
/// An amount of work, by the number format of its matrix products, of which one may be several times as fast as the other.
/// </summary>
/// <param name="Fp32">In fp32.</param>
/// <param name="Bf16">In bfloat16.</param>
public readonly record struct RunWork(FlopCount Fp32, FlopCount Bf16)
{
    /// <summary>Training steps alone.</summary>
    /// <param name="precision">Their number format.</param>
    /// <param name="flops">Their operations, forward and backward.</param>
    public static RunWork Training(Precision precision, double flops) => Of(precision, new FlopCount(flops, 0));

    /// <summary>Forward passes alone.</summary>
    /// <param name="precision">Their number format.</param>
    /// <param name="flops">Their operations.</param>
    public static RunWork Inference(Precision precision, double flops) => Of(precision, new FlopCount(0, flops));

    /// <summary>The sum of two amounts.</summary>
    public static RunWork operator +(RunWork a, RunWork b) => new(Sum(a.Fp32, b.Fp32), Sum(a.Bf16, b.Bf16));

    private static RunWork Of(Precision precision, FlopCount count) =>
        precision == Precision.Bf16 ? new RunWork(default, count) : new RunWork(count, default);

    private static FlopCount Sum(FlopCount a, FlopCount b) => new(a.Training + b.Training, a.Inference + b.Inference);
}
