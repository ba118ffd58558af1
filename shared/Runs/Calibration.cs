namespace Replication.Runs;

/// <summary>How fast this machine computes in a number format, measured with a real model.</summary>
/// <param name="Training">Floating-point operations a second of training steps.</param>
/// <param name="Inference">Floating-point operations a second of forward passes alone.</param>
public sealed record ComputeRate(double Training, double Inference)
{
    /// <summary>How long an amount of work takes, in seconds.</summary>
    public double Seconds(FlopCount work) => work.Training / Training + work.Inference / Inference;
}

/// <summary>How fast this machine computes.</summary>
/// <param name="Fp32">With matrix products in fp32.</param>
/// <param name="Bf16">With matrix products in bfloat16.</param>
public sealed record Calibration(ComputeRate Fp32, ComputeRate Bf16)
{
    /// <summary>How long an amount of work takes, in seconds.</summary>
    public double Seconds(RunWork work) => Fp32.Seconds(work.Fp32) + Bf16.Seconds(work.Bf16);
}
