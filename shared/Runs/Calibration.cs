using Replication.Bert;

namespace Replication.Runs;

/// <summary>How fast this machine computes in a number format, measured with a real model.</summary>
/// <param name="Training">Floating-point operations a second of training steps.</param>
/// <param name="Inference">Floating-point operations a second of forward passes alone.</param>
public sealed record ComputeRate(double Training, double Inference)
{
    /// <summary>How long an amount of work takes, in seconds.</summary>
    public double Seconds(FlopCount work) => work.Training / Training + work.Inference / Inference;
}

/// <summary>How fast this machine computes in either number format, of which one may be several times as fast as the other.</summary>
/// <param name="Fp32">In fp32.</param>
/// <param name="Bf16">In bfloat16.</param>
public sealed record ComputeRates(ComputeRate Fp32, ComputeRate Bf16)
{
    /// <summary>How long an amount of work takes, in seconds.</summary>
    public double Seconds(RunWork work) => Fp32.Seconds(work.Fp32) + Bf16.Seconds(work.Bf16);

    /// <summary>The format in which training is faster; fp32 if neither is.</summary>
    public Precision Faster => Bf16.Training > Fp32.Training ? Precision.Bf16 : Precision.Fp32;
}

/// <summary>How fast this machine computes, measured when it is first asked for.</summary>
/// <param name="measure">Measures.</param>
public sealed class Calibration(Func<ComputeRates> measure)
{
    private readonly Lazy<ComputeRates> _rates = new(measure);

    /// <summary>The rates.</summary>
    public ComputeRates Rates => _rates.Value;

    /// <summary>How long an amount of work takes, in seconds.</summary>
    public double Seconds(RunWork work) => work == default ? 0 : Rates.Seconds(work);
}
