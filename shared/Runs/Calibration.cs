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

/// <summary>How fast this machine computes. A number format is measured when work in it is first asked for: bfloat16 takes long where the processor has it not.</summary>
/// <param name="measure">Gives the rate of a format.</param>
public sealed class Calibration(Func<Precision, ComputeRate> measure)
{
    private readonly Dictionary<Precision, ComputeRate> _rates = [];

    /// <summary>How long an amount of work takes, in seconds.</summary>
    public double Seconds(RunWork work) => Seconds(Precision.Fp32, work.Fp32) + Seconds(Precision.Bf16, work.Bf16);

    private double Seconds(Precision precision, FlopCount work)
    {
        if (work == default)
            return 0;
        if (!_rates.TryGetValue(precision, out var rate))
            _rates[precision] = rate = measure(precision);
        return rate.Seconds(work);
    }
}
