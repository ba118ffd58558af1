using System.Globalization;
using Replication.Bert;
using Replication.Runs;
using Replication.Studies;
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

    /// <summary>Says where the rows that are reported have also decided; empty where they have not.</summary>
    public static string ChosenOnDev(IEnumerable<SeedScore> scores) => scores.Any(s => s.Choice?.Split == "dev") ? "hyper-parameters chosen on dev" : "";

    // The hyper-parameters as they were used, and who decided them; seed by seed where the seeds' own searches differ.
    private static string HyperParameters(IReadOnlyList<SeedScore> scores)
    {
        string[] bySeed = [.. scores.Select(Values)];
        if (bySeed.All(values => values.Length == 0))
            return "";
        var values = bySeed.Distinct(StringComparer.Ordinal).Count() == 1 ? bySeed[0] : string.Join(" / ", bySeed);
        return $"{values} ({Decided(scores[0])})";
    }

    // alpha, T and beta of a distillation, and the learning rate where it was searched.
    private static string Values(SeedScore score)
    {
        var spec = score.Spec as PatientKdSpec;
        double Fact(string name) => score.Run.Result.Fact(name);
        var values = new List<string>();
        if (spec is not null)
            values.Add(string.Create(CultureInfo.InvariantCulture, $"alpha {Fact(Tuning.Alpha)} T {Fact(Tuning.Temperature)}"));
        if (spec?.Map is not null)
            values.Add(string.Create(CultureInfo.InvariantCulture, $"beta {Fact(Tuning.Beta)}"));
        if (Search(score)?.Candidates.Select(candidate => Recipe(candidate)?.LearningRate).Distinct().Count() > 1)
            values.Add(string.Create(CultureInfo.InvariantCulture, $"rate {(spec is null ? Recipe(score.Spec)?.LearningRate : Fact(Tuning.LearningRate))}"));
        return string.Join(' ', values);
    }

    private static string Decided(SeedScore score) => Search(score)?.Split switch
    {
        null => "fixed",
        "dev" => "chosen on dev",
        _ => "chosen on a held-out tenth of train",
    };

    // The search that chose the run itself, or the one whose values it took.
    private static SelectionSpec? Search(SeedScore score) => score.Choice ?? (score.Spec as PatientKdSpec)?.Tuning?.Selection;

    private static string Rows(RunSpec spec) => Selection(spec) is { Rows: { } rows } ? $"first {rows} rows" : "";

    private static TaskSelection? Selection(RunSpec spec) => (spec as PatientKdSpec)?.Selection ?? (spec as FineTuneSpec)?.Selection;

    private static TrainingRecipe? Recipe(RunSpec spec) => (spec as PatientKdSpec)?.Recipe ?? (spec as FineTuneSpec)?.Recipe;

    private static string Device(SeedScore score) =>
        $"{score.Run.Manifest.Environment.Device} {(Recipe(score.Spec)?.Precision == Precision.Bf16 ? "bf16" : "fp32")}";
}
