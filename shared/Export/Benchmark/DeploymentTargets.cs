using System.Globalization;
using static System.FormattableString;

namespace Replication.Export.Benchmark;

/// <summary>What was asked of a shipped model, and whether this machine's numbers meet it.</summary>
internal static class DeploymentTargets
{
    private const long MostProgramBytes = 40_000_000;
    private const double MostColdStart = 0.5, MostOverhead = 0.3e-3, LeastInt8Gain = 1.6;

    /// <summary>Each target with what was measured; null for one that was not measured.</summary>
    public static IEnumerable<(string Target, string Measured, bool? IsMet)> Of(DeploymentReport report)
    {
        yield return (
            "published without the model: at most 40 MB",
            report.ProgramBytes is { } bytes
                ? Invariant($"{bytes / 1e6:0.0} MB{(report.IsAheadOfTime ? "" : ", not compiled ahead of time")}")
                : "not measured",
            report.ProgramBytes is { } size ? size <= MostProgramBytes : null);
        var start = Find(report, "TinyBERT4", DeploymentForm.Int8)?.ColdStart;
        yield return (
            "cold start to the first answer, TinyBERT4 in int8: at most 0.5 s",
            start is { } s ? Invariant($"{s.Median:0.000} s (± {s.Mad:0.000}, {s.Count} starts)") : "not measured",
            start is { } known ? known.Median <= MostColdStart : null);
        yield return (
            "the package adds at most 0.3 ms to ONNX Runtime's own call",
            Invariant($"{1e3 * report.Overhead.Median:0.000} ms (± {1e3 * report.Overhead.Mad:0.000}, {report.Overhead.Count} rounds)"),
            report.Overhead.Median <= MostOverhead);
        var slower = report.Costs.Where(cost => cost.Form == DeploymentForm.Fp32).SelectMany(cost => cost.Seconds
            .Where(s => s.Value.Median >= Find(report, cost.Subject, DeploymentForm.TorchSharp)!.Seconds[s.Key].Median)
            .Select(s => Invariant($"{cost.Subject} at {s.Key} tokens"))).ToList();
        yield return ("ONNX in fp32 at batch 1 is faster than TorchSharp",
            slower.Count == 0 ? "everywhere" : "not with " + string.Join(", ", slower), slower.Count == 0);
        var gains = report.Costs.Where(cost => cost.Form == DeploymentForm.Int8).Select(cost =>
            Find(report, cost.Subject, DeploymentForm.Fp32)!.Seconds[128].Median / cost.Seconds[128].Median).ToList();
        yield return (
            "int8 is at least 1.6 times as fast as fp32 on a processor with VNNI (128 tokens)",
            gains.Count == 0
                ? "not measured"
                : Invariant($"{gains.Min():0.00} to {gains.Max():0.00} times")
                    + Invariant($"{(report.HasVnni ? "" : "; this processor has no VNNI, so that nothing is asked of it")}"),
            report.HasVnni && gains.Count > 0 ? gains.Min() >= LeastInt8Gain : null);
        var differences = report.Costs.Select(cost => cost.Difference).OfType<double>().ToList();
        yield return (
            Invariant($"outputs in fp32 equal TorchSharp's to {OnnxExport.Tolerance:0e0}"),
            Invariant($"{differences.Max():0.0e0} on {report.ComparedTexts} texts a model here; on {VerificationTexts.Count} texts: ")
                + EqualityPage.FileName,
            differences.Max() <= OnnxExport.Tolerance);
    }

    private static DeploymentCost? Find(DeploymentReport report, string subject, DeploymentForm form) =>
        report.Costs.FirstOrDefault(cost => cost.Subject == subject && cost.Form == form);
}
