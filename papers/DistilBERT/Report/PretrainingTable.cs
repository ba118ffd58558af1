using Replication.Claims;
using Replication.Studies;

namespace Replication.DistilBERT.Report;

/// <summary>The pretrainings: how much text, what became of the terms, how fast, in how much memory.</summary>
internal static class PretrainingTable
{
    private static readonly string[] Terms = ["L_ce", "L_mlm", "L_cos"];

    /// <summary>Makes the table.</summary>
    public static ReportTable Make(Results results) => new(
        "pretraining",
        "Pretraining",
        "Terms are means over the last steps, unweighted; the peak memory is that of the whole process so far, whatever it ran before. The paper trained on Wikipedia and the Toronto Book Corpus for about 90 hours on 8 GPUs.",
        ["Pretraining", "Steps", "Tokens", .. Terms, "Tokens a second", "Peak memory of the process (MiB)"],
        [.. results.Settings.Variants.Select(variant => Row(results, variant))]);

    private static IReadOnlyList<Cell> Row(Results results, Variant variant)
    {
        var spec = results.Set.Pretraining(variant);
        if (results.Find(spec) is not { } run)
        {
            var missing = new Cell("not run", "This run is not finished.", CellKind.Missing);
            return [new Cell(variant.Name()), missing, .. Enumerable.Repeat(missing, Terms.Length + 3)];
        }
        var signature = SignatureParts.Join(
            Signatures.Student(results, variant), results.Profile, $"seed {spec.Seed}", Signatures.Device(run, spec.Recipe.Training.Precision), run.Manifest.Machine, SignatureParts.Runs([run]));
        Cell Measured(IReadOnlyDictionary<string, double> values, string name, double scale = 1) =>
            values.TryGetValue(name, out var value) ? new Cell(NumberText.Of(value * scale), signature, CellKind.Measured) : new Cell("");
        var (facts, measurements) = (run.Result.Facts, run.Manifest.Measurements);
        return
        [
            new Cell(variant.Name()), Measured(facts, "steps"), Measured(facts, "tokens"), .. Terms.Select(term => Measured(facts, term)),
            Measured(measurements, "training tokens per second"), Measured(measurements, "peak memory bytes of the process", 1.0 / (1 << 20)),
        ];
    }
}
