using Replication.Runs;
using Replication.Studies;

namespace Replication.CommandLine;

/// <summary>Says that a model which is not found was trained here in another environment, on which a run's key depends.</summary>
internal static class OtherEnvironment
{
    /// <summary>One sentence on the first trained model among some runs, with what finds it; null where there is none.</summary>
    public static string? Explain(
        RunStore store, IReadOnlyCollection<RunSpec> specs, RunEnvironment here, ExperimentRequest request, IPaper paper)
    {
        if (store.Elsewhere(specs).FirstOrDefault(run => run.HasModel)?.Manifest is not { } manifest)
            return null;
        var (there, isSameDevice) = (manifest.Environment, manifest.Environment.Device == here.Device);
        var computed =
            $"The run '{manifest.Label}' was computed {(isSameDevice ? "" : $"on {there.Device} ")}with {Words.Threads(there.Threads)}";
        if (there.Libtorch != here.Libtorch)
            return $"{computed} and libtorch {there.Libtorch}, where there is {here.Libtorch} now; run '{request.Command(paper.Name)}' "
                + $"to compute it again.";
        // The default profile depends on the device.
        string?[] options =
        [
            isSameDevice ? null : $"--device {there.Device} --profile {request.Profile.ToString().ToLowerInvariant()}",
            there.Threads == here.Threads ? null : FormattableString.Invariant($"--threads {there.Threads}"),
            there.MicroBatch == here.MicroBatch || there.MicroBatch is null ? null
                : FormattableString.Invariant($"--micro-batch {there.MicroBatch}"),
        ];
        return $"{computed}; add {string.Join(' ', options.OfType<string>())}.";
    }
}
