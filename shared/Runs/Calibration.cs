namespace Replication.Runs;

/// <summary>How fast this machine computes, measured with a real model.</summary>
/// <param name="TrainingFlopsPerSecond">Floating-point operations a second of training steps.</param>
/// <param name="InferenceFlopsPerSecond">Floating-point operations a second of forward passes alone.</param>
public sealed record Calibration(double TrainingFlopsPerSecond, double InferenceFlopsPerSecond)
{
    /// <summary>How long an amount of work takes.</summary>
    public double Seconds(RunWork work) => work.TrainingFlops / TrainingFlopsPerSecond + work.InferenceFlops / InferenceFlopsPerSecond;
}
