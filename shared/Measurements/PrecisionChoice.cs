using System.Globalization;
using Replication.Bert;
using Replication.Runs;

namespace Replication.Measurements;

/// <summary>The number format that is taken where nobody names one: the faster, by a short timing of training steps.</summary>
/// <param name="Precision">The format.</param>
/// <param name="Reason">Why, for people.</param>
public sealed record PrecisionChoice(Precision Precision, string Reason)
{
    private const string FileName = "number-format";

    /// <summary>The choice that was kept, or a new one.</summary>
    /// <param name="workspace">Processor, device and cache.</param>
    /// <param name="calibration">How fast the machine is.</param>
    public static PrecisionChoice LoadOrMake(Workspace workspace, Calibration calibration) =>
        CalibrationMeasurement.TryRead<PrecisionChoice>(Path(workspace))
            ?? Of(calibration.Rates, workspace.Processor, workspace.Environment.Device);

    /// <summary>
    /// Keeps it: a stopped plan resumes in its format, though the next timing may differ, and papers share their teachers.
    /// It holds until the machine computes with something else, or the cache is deleted.
    /// </summary>
    public void Keep(Workspace workspace) => AtomicFile.WriteText(Path(workspace), Json.Text(this));

    /// <summary>The choice by measured rates.</summary>
    /// <param name="rates">How fast the machine is.</param>
    /// <param name="processor">The processor.</param>
    /// <param name="device">cpu or cuda.</param>
    public static PrecisionChoice Of(ComputeRates rates, Processor processor, string device)
    {
        var (fp32, bf16) = (rates.Fp32.Training, rates.Bf16.Training);
        var (faster, slower, other) = rates.Faster == Precision.Bf16 ? (bf16, fp32, "fp32") : (fp32, bf16, "bf16");
        var instructions = device == "cpu" && !processor.HasBf16 ? "; the processor has no instructions for bf16" : "";
        return new PrecisionChoice(rates.Faster, string.Create(
            CultureInfo.InvariantCulture,
            $"training steps run {faster / slower:0.0} times as fast as in {other} ({faster / 1e9:0.0} and {slower / 1e9:0.0} "
                + $"GFLOP/s){instructions}"));
    }

    private static string Path(Workspace workspace) => CalibrationMeasurement.CacheFile(workspace, FileName);
}
