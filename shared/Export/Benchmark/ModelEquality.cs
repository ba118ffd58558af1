using System.Globalization;
using System.Text;
using Replication.Claims;
using Replication.Measurements;
using Replication.Reporting;
using Replication.Runs;
using static System.FormattableString;

namespace Replication.Export.Benchmark;

/// <summary>How near a model's exported forms are to each other. Nothing here is timed, so that the machine may do other things.</summary>
public sealed record ModelEquality
{
    /// <summary>The model.</summary>
    public required string Subject { get; init; }

    /// <summary>Its parameters.</summary>
    public required long Parameters { get; init; }

    /// <summary>Texts of 3 to 128 tokens that were compared.</summary>
    public required int Texts { get; init; }

    /// <summary>Largest difference of an output of ONNX in fp32 to TorchSharp's.</summary>
    public required double Fp32 { get; init; }

    /// <summary>Largest difference of an output in int8 when a text runs alone and beside others.</summary>
    public required double Int8Beside { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset Measured { get; init; }

    /// <summary>The processor.</summary>
    public required string Processor { get; init; }

    /// <summary>libtorch's and ONNX Runtime's versions.</summary>
    public required string Versions { get; init; }
}

/// <summary>
/// Compares models and keeps the results, a line each, in equality.json and equality.md; a model that is compared again is replaced.
/// </summary>
internal static class EqualityPage
{
    private const string Kept = "equality.json";

    /// <summary>The page's name.</summary>
    public const string FileName = "equality.md";

    /// <summary>Compares a model's forms.</summary>
    public static ModelEquality Measure(
        DeploymentSubject subject, string scratch, int threads, MachineInfo machine, TimeProvider clock, CancellationToken cancellation)
    {
        using var forms = DeployedForms.Write(subject, scratch, threads);
        return new ModelEquality
        {
            Subject = subject.Name, Parameters = DeploymentBenchmark.Parameters(subject.Folder), Texts = VerificationTexts.Count,
            Fp32 = OnnxExport.Hold(forms.Difference(VerificationTexts.Count, cancellation)),
            Int8Beside = forms.NeighbourDifference(cancellation),
            Measured = clock.GetUtcNow(), Processor = machine.Processor,
            Versions = $"libtorch {machine.Libtorch}, ONNX Runtime {ModelCard.RuntimeVersion}",
        };
    }

    /// <summary>Adds a model to a folder's list.</summary>
    /// <param name="one">The model.</param>
    /// <param name="folder">The folder.</param>
    /// <param name="order">Names in the order of the list; others come behind them.</param>
    /// <exception cref="ReplicationException">The list that is there is damaged.</exception>
    public static void Add(ModelEquality one, string folder, IReadOnlyList<string> order)
    {
        Directory.CreateDirectory(folder);
        var place = order.Select((name, i) => (name, i)).ToDictionary(n => n.name, n => n.i, StringComparer.Ordinal);
        IReadOnlyList<ModelEquality> all =
        [
            .. Read(folder).Where(other => other.Subject != one.Subject).Append(one)
                .OrderBy(e => place.GetValueOrDefault(e.Subject, int.MaxValue)).ThenBy(e => e.Subject, StringComparer.Ordinal),
        ];
        AtomicFile.WriteText(Path.Combine(folder, Kept), Json.Text(all));
        AtomicFile.WriteText(Path.Combine(folder, FileName), Markdown(all));
    }

    /// <summary>The models that were compared; empty where none were.</summary>
    public static IReadOnlyList<ModelEquality> Read(string folder)
    {
        var path = Path.Combine(folder, Kept);
        return File.Exists(path) ? Json.Read<IReadOnlyList<ModelEquality>>(path) : [];
    }

    private static string Markdown(IReadOnlyList<ModelEquality> all)
    {
        var text = new StringBuilder("# Exported models are equal to their originals\n\n");
        text.Append(CultureInfo.InvariantCulture,
            $"`./reproduce.ps1 benchmark --compare` writes each published geometry with random weights to ONNX, with ONNX Runtime's "
            + $"own operators, and compares the outputs on made-up texts of 3 to 128 tokens: in fp32 with TorchSharp's "
            + $"({OnnxExport.Tolerance:0e0} is allowed), in int8 those of a text alone with those beside others.\n\n");
        TableText.AppendRow(
            text, ["model", "parameters (M)", "texts", "fp32: largest difference to TorchSharp", "int8: largest difference beside others",
            "measured"]);
        TableText.AppendRow(text, ["---", "---:", "---:", "---:", "---:", "---"]);
        foreach (var one in all)
            TableText.AppendRow(text,
            [
                TableText.Escape(one.Subject), Invariant($"{one.Parameters / 1e6:0.00}"), Invariant($"{one.Texts}"),
                Invariant($"{one.Fp32:0.0e0}"), Invariant($"{one.Int8Beside:0.0e0}"),
                Invariant($"{one.Measured:yyyy-MM-dd}, {one.Processor}, {one.Versions}"),
            ]);
        return text.ToString();
    }
}
