using Replication.Claims;
using Replication.Runs;
using Replication.Studies;

namespace Replication.TinyBERT.Report;

/// <summary>Bars of the ablations, how the losses of each stage fall, and a picture of attention.</summary>
internal static class Figures
{
    /// <summary>Makes what there are runs for.</summary>
    public static IReadOnlyList<Figure> Make(Results results)
    {
        Figure?[] figures = [Ablations(results), .. results.Set.Tasks.SelectMany(task => Losses(results, task).Append(AttentionFigure.Make(results, task)))];
        return [.. figures.OfType<Figure>().DistinctBy(f => f.Id)];
    }

    private static BarFigure? Ablations(Results results)
    {
        BarGroup[] groups =
        [
            .. from task in results.Set.Tasks
               let bars = task.Ablations
                   .Select(v => (v.Variant, Measured: results.Measure(task.Task, v.Variant.Text(), results.Scores(task, v.Variant, ablation: true))))
                   .Where(b => b.Measured is not null)
                   .Select(b => (b.Variant.Text(), b.Measured!.Value, HalfWidth(b.Measured)))
                   .ToArray()
               where bars.Length > 0
               select new BarGroup(task.Task, bars),
        ];
        return groups.Length == 0 ? null : new BarFigure(
            "ablations", "Tables 2 to 4, measured", $"Main metric on dev of each variant, mean and 95 % interval over seeds, {results.Profile} profile.", "Variant", "score (%)", groups);
    }

    // 95 %, from Student's t.
    private static double? HalfWidth(Measurement measured) => measured.Spread is { } spread && measured.Seeds.Count > 1
        ? MathNet.Numerics.Distributions.StudentT.InvCDF(0, 1, measured.Seeds.Count - 1, 0.975) * spread / Math.Sqrt(measured.Seeds.Count)
        : null;

    private static IEnumerable<Figure?> Losses(Results results, TaskRuns task)
    {
        if (task.Main.FirstOrDefault(v => v.Variant == Variant.Full)?.Runs[0] is not { } run || TaskPlanner.IntermediateOf(run) is not { } intermediate)
            yield break;
        yield return Stage(results, intermediate.General!, "loss-general", "General distillation");
        var name = task.Task.ToLowerInvariant();
        yield return Stage(results, intermediate, $"loss-intermediate-{name}", $"Task distillation on {task.Task}: inner states");
        yield return Stage(results, TaskPlanner.Prediction(run), $"loss-prediction-{name}", $"Task distillation on {task.Task}: prediction");
    }

    private static LineFigure? Stage(Results results, RunSpec spec, string id, string title)
    {
        if (results.Find(spec) is not { } run || Read(run) is not { Count: > 0 } terms)
            return null;
        return new LineFigure(
            id, title, $"Mean of each term over ten steps, seed 1, {results.Profile} profile, {SignatureParts.Runs([run])}.", "Steps", "loss",
            [.. terms.Select(term => new LineSeries(term.Key, [.. term.Select(point => (double)point.Step)], [.. term.Select(point => point.Value)]))]);
    }

    // The terms of the loss, L_attn and so on, by name.
    private static List<IGrouping<string, CurvePoint>> Read(FinishedRun run) =>
        [.. run.Curves.Where(point => point.Name.StartsWith("L_", StringComparison.Ordinal)).GroupBy(point => point.Name)];
}
