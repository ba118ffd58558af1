using System.Globalization;
using Replication.Bert;
using Replication.Bert.Distil;
using Replication.Glue;
using Replication.Runs;
using Replication.Studies;

namespace Replication.DistilBERT.Report;

/// <summary>The line that stands beside every measured number: two numbers may be compared only if their lines say so.</summary>
internal static class Signatures
{
    /// <summary>The line of a score.</summary>
    public static string OfScore(Results results, string task, string who, IReadOnlyList<SeedScore> scores) => SignatureParts.Join(
        $"{task}/dev {GlueScorer.Name(GlueTasks.Parse(task).MainMetric)}",
        who,
        results.Profile,
        SignatureParts.Seeds([.. scores.Select(s => s.Seed)]),
        Device(scores[0].Run, results.Settings.FineTuning.Precision),
        SignatureParts.Runs(scores.Select(s => s.Run)));

    /// <summary>Such as "teacher minilm-l6".</summary>
    public static string Teacher(Results results) => $"teacher {results.Settings.Teacher}";

    /// <summary>Such as "student 3L init:0,2,4 of minilm-l6 | triple loss 5/2/1 T 2 | 100 steps of 32 | text open".</summary>
    public static string Student(Results results, Variant variant)
    {
        var recipe = results.Settings.Pretraining.Of(variant);
        var start = recipe.Start == StudentStart.Random ? "random" : recipe.Start == StudentStart.EverySecond ? "every second layer" : "the authors' layers";
        var loss = recipe.Loss;
        var weights = string.Create(CultureInfo.InvariantCulture, $"{variant.Name()}, L_ce/L_mlm/L_cos {loss.SoftWeight:0.##}/{loss.MaskedWeight:0.##}/{loss.CosineWeight:0.##}, T {loss.Temperature}");
        var amount = recipe.Steps is { } steps ? $"{steps} steps of {recipe.Training.BatchSize}" : $"{recipe.Training.Epochs} epochs in batches of {recipe.Training.BatchSize}";
        return SignatureParts.Join($"student half as deep, init:{start}", weights, amount, $"text {results.Settings.Corpus.Name}", Teacher(results));
    }

    /// <summary>Such as "cpu bf16".</summary>
    public static string Device(FinishedRun run, Precision precision) => $"{run.Manifest.Environment.Device} {(precision == Precision.Bf16 ? "bf16" : "fp32")}";
}
