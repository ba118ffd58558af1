using System.Globalization;
using Replication.Bert;
using Replication.Papers;
using Replication.Runs;
using Replication.Training;

namespace Replication.PatientKD.Report;

/// <summary>The line that stands beside every measured number: two numbers may be compared only if their lines say so.</summary>
internal static class Signatures
{
    /// <summary>The line of a score.</summary>
    public static string Of(Results results, ScoreColumn column, string who, IReadOnlyList<SeedScore> scores) => SignatureParts.Join(
        $"{column.Task}/{column.Split} {Replication.Glue.GlueScorer.Name(column.Metric)}",
        who,
        HyperParameters(scores),
        results.Profile,
        Rows(scores[0].Spec),
        SignatureParts.Seeds([.. scores.Select(s => s.Seed)]),
        Device(scores[0]),
        SignatureParts.Runs(scores.Select(s => s.Run)));

    /// <summary>Such as "student 3L init:first of minilm-l6, PKD-Skip 1&lt;2 2&lt;4, teacher minilm-l6".</summary>
    public static string Student(StudentRuns student) =>
        $"student {student.Layers}L init:first of {student.BaseModel} | {student.Map?.ToString() ?? student.Method.ToString()}"
        + (student.Method == Method.FT ? "" : $" | teacher {student.Teacher} seed 1");

    // alpha, T and beta as they were used, and who decided them.
    private static string HyperParameters(IReadOnlyList<SeedScore> scores)
    {
        if (scores[0].Spec is not PatientKdSpec spec)
            return "";
        double Fact(string name) => scores[0].Run.Result.Facts[name];
        var values = string.Create(CultureInfo.InvariantCulture, $"alpha {Fact("alpha")} T {Fact("temperature")}");
        if (spec.Map is not null)
            values += string.Create(CultureInfo.InvariantCulture, $" beta {Fact("beta")}");
        var chosen = spec.Tuning?.Selection.Split switch
        {
            null => scores.Any(s => s.Run.Result.Chosen is not null) ? "chosen on dev" : "fixed",
            var split => $"chosen on {(split == "dev" ? "dev" : "a held-out tenth of train")}",
        };
        return $"{values} ({chosen})";
    }

    private static string Rows(RunSpec spec) => Selection(spec) is { Rows: { } rows } ? $"first {rows} rows" : "";

    private static TaskSelection? Selection(RunSpec spec) => (spec as PatientKdSpec)?.Selection ?? (spec as FineTuneSpec)?.Selection;

    private static string Device(SeedScore score)
    {
        var recipe = (score.Spec as PatientKdSpec)?.Recipe ?? (score.Spec as FineTuneSpec)?.Recipe;
        return $"{score.Run.Manifest.Environment.Device} {(recipe?.Precision == Precision.Bf16 ? "bf16" : "fp32")}";
    }
}
